import { beforeEach, describe, expect, test } from '@jest/globals'
import { closedPort } from './helpers/closed-port'
import type { Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** The setup page in a real Chromium. */

const phones = usePhones()
let phone: Phone

beforeEach(async () => {
  phone = await phones.open('setup')
})

const section = (name: string) => phone.page.locator(`[id$="--${name}-form"]:visible`)
const checks = () => section('checks').locator('[class$="check"]')
/** Unfolds a topic. */
const unfold = (name: string) =>
  phone.page.locator(`[id$="--${name}"]:visible [class$="fold"]`).tap()
const inUse = (source: string) =>
  phone.page
    .locator('[id$="--source"]:visible [class$="topic-value"]', { hasText: source })
    .waitFor()
const title = () => phone.page.locator('.mp-title').innerText()

/** A line of the checks by its name: mark, name, result. */
async function line(name: string): Promise<string> {
  const row = checks().filter({ hasText: name }).first()
  return (await row.innerText()).split('\n').join(' ')
}

const input = (label: string) => phone.page.locator(`input[aria-label="${label}"]`)

/** Runs in the page. */
function isInView(node: Element): boolean {
  const { top, bottom } = node.getBoundingClientRect()
  return top >= 0 && Math.min(bottom, top + 20) <= innerHeight
}

const ended = (summary: string) => phone.page.getByText(summary, { exact: true }).waitFor()

async function checkAgain(summary: string) {
  await phone.button('重新检查').tap()
  await ended(summary)
}

describe('the checks', () => {
  test('are fine after npm start', async () => {
    await ended('未发现问题')
    for (const name of ['基础库', '服务器', '密钥服务', 'COS', '手机时钟', '签名来源']) {
      expect(await line(name)).toMatch(/^✓/)
    }
    expect(await line('隐私声明')).toMatch(/^–/)
    const roles = section('checks').getByRole('img', { name: '正常' })
    expect(await roles.count()).toBe(6)
  })

  test.each([
    ['a server that is down', '**/config', {}, '服务器', '连不上服务器'],
    ['a page in place of the server', '**/config', { body: '<p>' }, '服务器', '服务器拒绝了请求'],
    [
      'a key service that fails',
      '**/credentials',
      {
        status: 502,
        body: '{"error":{"code":"STS_FAILED","message":"STS refused: AuthFailure"}}',
      },
      '密钥服务',
      'STS refused: AuthFailure',
    ],
    ['a bucket that is out of reach', '**/setup-check-*', {}, 'COS', '连接失败'],
  ])('name %s', async (_what, pattern, answer, name, words) => {
    await ended('未发现问题')
    await phone.page.route(pattern, (route) => {
      const headers = { 'access-control-allow-origin': '*' }
      return 'body' in answer ? route.fulfill({ ...answer, headers }) : route.abort()
    })
    await checkAgain('1 项未通过')
    expect(await line(name)).toMatch(/^✗/)
    expect(await section('checks').innerText()).toContain(words)
    await phone.page.unroute(pattern)
    await checkAgain('未发现问题')
  })

  test('say why COS refuses', async () => {
    await ended('未发现问题')
    await phone.page.route('**/setup-check-*', (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/(q-signature=)\w+/, '$1abc'),
      }),
    )
    await checkAgain('1 项未通过')
    expect(await line('COS')).toContain('签名不匹配')
    expect(await section('checks').innerText()).toContain('SignatureDoesNotMatch')
  })

  test('tell of a clock that is off, and of an old base library', async () => {
    await ended('未发现问题')
    await phone.page.evaluate(() => {
      const { now } = Date
      Date.now = () => now() + 600_000
      const info = wx.getAppBaseInfo()
      Object.assign(wx, {
        getAppBaseInfo: () => ({ ...info, SDKVersion: '2.30.0' }),
        getPrivacySetting: undefined,
      })
    })
    await checkAgain('2 项需注意')
    expect(await line('手机时钟')).toMatch(/^! .*快 (9 分 59|10 分 [01]) 秒/)
    expect(await line('基础库')).toMatch(/^! .*2\.30\.0/)
    expect(await line('隐私声明')).toMatch(/^– .*2\.30\.0 无法查询/)
  })

  test('do not move a line when results come', async () => {
    await ended('未发现问题')
    const places = () =>
      checks().evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top))
    const before = await places()
    await phone.page.route('**/config', (route) => route.abort())
    await checkAgain('1 项未通过')
    expect(await places()).toEqual(before)
  })
})

describe('the server address', () => {
  const field = () => input('新的服务器地址')

  test('that is wrong is refused, and the right one is kept over a restart', async () => {
    await unfold('server')
    await ended('未发现问题')
    await field().fill(`http://127.0.0.1:${await closedPort()}`)
    await phone.button('使用此地址').tap()
    await section('server').getByText('连不上服务器').waitFor()
    expect(await section('server').innerText()).toContain(phones.stack.server)

    await field().fill(phones.stack.cloud) // answers, but is no server of ours
    await phone.button('使用此地址').tap()
    await section('server').getByText('这不是本项目的服务器').waitFor()

    const other = phones.stack.server.replace('127.0.0.1', 'localhost')
    await field().fill(`${other}/`)
    await phone.button('使用此地址').tap()
    await section('server').getByText('已改用此地址').waitFor()
    await ended('未发现问题')
    await phone.page.reload()
    await unfold('server')
    await section('server').getByText(other, { exact: true }).waitFor()
    await ended('未发现问题')
  })

  test('can be scanned', async () => {
    await unfold('server')
    const other = phones.stack.server.replace('127.0.0.1', 'localhost')
    phone.page.once('dialog', (dialog) => void dialog.accept(other))
    await phone.button('扫码填写').tap()
    await section('server').getByText(other, { exact: true }).waitFor()
    phone.page.once('dialog', (dialog) => void dialog.dismiss())
    await phone.button('扫码填写').tap()
    expect(await section('server').locator('failure-panel').count()).toBe(0)
  })
})

test('the language changes at once, titles too, and back', async () => {
  expect(await title()).toBe('设置')
  await unfold('language')
  await section('language').locator('wx-label', { hasText: 'English' }).tap()
  await phone.page.getByText('Server address', { exact: true }).waitFor()
  expect(await title()).toBe('Setup')
  await ended('No problems found')
  const text = (await phone.page.locator('wx-page').innerText()).replace('简体中文', '')
  expect(text).not.toMatch(/[\u4e00-\u9fff]/)
  expect(await section('language').evaluate(isInView)).toBe(true)

  await phone.page.getByRole('button', { name: '首页' }).tap()
  await phone.seen('Local COS')
  expect(await title()).toBe('COS files')
  for (const [way, name] of [
    ['Upload: PUT', 'PUT upload'],
    ['Download: GET', 'Download'],
  ] as const) {
    await phone.page.locator('wx-navigator', { hasText: way }).tap()
    await phone.page.locator('.mp-title', { hasText: name }).waitFor()
    await phone.page.goBack()
  }

  await phone.page.locator('wx-navigator', { hasText: 'Checks' }).tap()
  await unfold('language')
  await section('language').locator('wx-label', { hasText: 'Follow WeChat' }).tap()
  await phone.page.getByText('服务器地址', { exact: true }).waitFor()
  expect(await title()).toBe('设置')
})

test('what is in use is marked when the page is opened again', async () => {
  await unfold('source')
  await section('source').locator('wx-label', { hasText: '服务端签名' }).tap()
  await inUse('服务端签名')
  await phone.page.getByRole('button', { name: '首页' }).tap()
  await phone.page.locator('wx-navigator', { hasText: '检查' }).tap()
  await inUse('服务端签名')
  await unfold('source')
  expect(await phone.page.getByRole('radio', { name: '服务端签名' }).isChecked()).toBe(true)
})

test('a reset asks first, and forgets', async () => {
  await unfold('source')
  await section('source').locator('wx-label', { hasText: '服务端签名' }).tap()
  await inUse('服务端签名')
  await unfold('reset')
  await section('reset').getByRole('button', { name: '重置' }).tap()
  await phone.button('取消').tap()
  await section('reset').getByRole('button', { name: '重置' }).tap()
  await phone.button('确定重置').tap()
  await inUse('临时密钥')
  expect(await phone.page.evaluate(() => wx.getStorageSync('signing-source'))).toBe('')
})

test('the confirmation of a key is where the finger is, on a tiny phone, too', async () => {
  phone = await phones.open('setup', { viewport: { width: 320, height: 568 } })
  await unfold('source')
  await phone.page.locator('wx-label', { hasText: '永久密钥' }).tap()
  await input('SecretId').fill('local-secret-id')
  await input('SecretKey').fill('local-secret-key')
  await phone.button('使用此密钥').tap()
  const confirmation = phone.page.getByText('✓ 已启用')
  await confirmation.waitFor()
  expect(await confirmation.evaluate(isInView)).toBe(true)
})

test.each([390, 320])('a bucket is shown whole on a phone of %d px', async (width) => {
  phone = await phones.open('setup', { viewport: { width, height: 844 } })
  await unfold('source')
  await phone.page.locator('wx-label', { hasText: '永久密钥' }).tap()
  const field = input('Bucket')
  await field.fill('examplebucket-1250000000')
  const isWhole = (node: Element) => node.scrollWidth <= node.clientWidth
  expect(await field.evaluate(isWhole)).toBe(true)
})

test('opens at a section', async () => {
  phone = await phones.open('setup?section=domains')
  await phone.page.waitForFunction(() => document.querySelector('.mp-page')?.scrollTop)
  expect(await phone.page.locator('[id$="--domains"]').evaluate(isInView)).toBe(true)
})
