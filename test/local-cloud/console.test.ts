import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { FAULT_KINDS } from '../../local-cloud/control/faults'
import { launchChromium } from '../../scripts/shared/launch-chromium'
import { DEADLINE, until } from '../helpers/until'
import { startCloud, type TestCloud } from './cloud'
import { controlOf, type Control } from '../helpers/control'
import { presign, send } from './sign'
import { temporaryKey } from './sts-client'

const CHINESE = /[\u4e00-\u9fff]/
const HOSTILE = '/<img src=x onerror="document.title=1">.txt'

let cloud: TestCloud
let control: Control
let browser: Browser

beforeAll(async () => {
  cloud = await startCloud({ controlPort: 0 })
  control = controlOf(cloud.controlUrl)
  browser = await launchChromium()
})

afterAll(() => browser.close())
beforeEach(() => control.clear())

const put = (path: string, options = {}) =>
  send(cloud.port, 'PUT', presign({ method: 'PUT', path, ...options }), { body: 'x' })
const wrongPlus = (path: string) =>
  send(cloud.port, 'GET', presign({ method: 'GET', path }).replace('%2B', '+'))

/** Opens the console and collects what goes wrong there. */
async function open(options: { dark?: boolean; width?: number; locale?: string } = {}) {
  const { dark = false, width = 1200, locale = 'en-US' } = options
  const context = await browser.newContext({
    viewport: { width, height: 844 },
    colorScheme: dark ? 'dark' : 'light',
    locale,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(DEADLINE)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(`${control.url}/`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, errors, close: () => context.close() }
}

const row = (page: Page, text: string) => page.locator('.row', { hasText: text }).first()

test('requests appear live, whatever their keys hold', async () => {
  const { page, errors, close } = await open()
  await page.getByText('● live').waitFor()
  await put('/live.txt')
  await row(page, '/live.txt').getByText('200', { exact: true }).waitFor()
  await put(HOSTILE, { secretKey: 'wrong' })
  await row(page, HOSTILE).getByText('SignatureDoesNotMatch').waitFor()
  await row(page, HOSTILE).click()
  await page.locator('.reason', { hasText: 'another SecretKey' }).waitFor()
  expect(await page.locator('main img').count()).toBe(0)
  expect(await page.title()).toBe('Local cloud console')
  expect(errors).toEqual([])
  await close()
})

test('a signature that does not match: both sides, the difference marked, the mistake named', async () => {
  await wrongPlus('/why/a+b.txt')
  const { page, errors, close } = await open()
  const target = row(page, '/why/a+b.txt')
  await target.click()
  expect(await target.getAttribute('aria-expanded')).toBe('true')
  const details = page.locator('.details')
  await details.getByText('COS reads as a space: send %2B').waitFor()
  const texts = await details.locator('pre').allTextContents()
  expect(texts).toHaveLength(4)
  expect(texts[0]).toBe('get↵\n/why/a\u00a0b.txt↵\n↵\n↵\n')
  expect(texts[1]).toBe('get↵\n/why/a+b.txt↵\n↵\n↵\n')
  expect(await details.locator('mark').allTextContents()).toEqual(['\u00a0', '+'])
  expect(await details.locator('.badge').allTextContents()).toEqual([
    '✓ key and token',
    '✓ time',
    '✗ signature',
  ])
  await target.click()
  expect(await details.count()).toBe(0)
  expect(errors).toEqual([])
  await close()
})

test('a fault is ordered, shown, struck and cleared', async () => {
  const { page, errors, close } = await open()
  await page.getByLabel('Number').fill('2')
  await page.getByLabel('Method').selectOption('PUT')
  await page.getByLabel('Path starts with').fill('/users/')
  await page.getByRole('button', { name: '503', exact: true }).click()
  const pending = page.locator('#pending')
  await pending.getByText('503 · left 2 · PUT · /users/').waitFor()
  expect((await put('/users/a')).status).toBe(503)
  await pending.getByText('503 · left 1 · PUT · /users/').waitFor()
  await row(page, '/users/a').getByText('fault 503').waitFor()
  await page.getByRole('button', { name: 'Clear all' }).click()
  await pending.getByText('503').waitFor({ state: 'detached' })
  expect((await put('/users/a')).status).toBe(200)

  await page.getByLabel('Apply to').selectOption('share')
  await page.getByLabel('Number').fill('50')
  await page.getByRole('button', { name: 'slow', exact: true }).click()
  await pending.getByText(/^slow · 50% · seed \d+/).waitFor()
  expect(await control.pending()).toMatchObject([{ kind: 'slow', share: 0.5 }])
  expect(errors).toEqual([])
  await close()
})

test('every kind of fault has a button that says what it does, in both languages', async () => {
  const english = await open()
  const kinds = english.page.locator('#kinds button')
  expect((await kinds.allTextContents()).toSorted()).toEqual(FAULT_KINDS.toSorted())
  for (const button of await kinds.all()) {
    expect(await button.getAttribute('title')).toMatch(/\S{2}/)
  }
  await english.close()

  const { page, close } = await open({ locale: 'zh-CN' })
  const buttons = await page.locator('#kinds button').all()
  expect(buttons).toHaveLength(FAULT_KINDS.length)
  for (const button of buttons) {
    expect(await button.textContent()).toMatch(CHINESE)
    expect(await button.getAttribute('title')).toMatch(CHINESE)
    await button.click()
  }
  const pending = page.locator('#pending .badge')
  await until(async () => (await pending.count()) === FAULT_KINDS.length)
  for (const badge of await pending.allTextContents()) expect(badge).toMatch(CHINESE)
  const ordered = (await control.pending()).map(({ kind }) => kind)
  expect(ordered.toSorted()).toEqual(FAULT_KINDS.toSorted())
  await close()
})

test('only the failed ones, on demand', async () => {
  await put('/filter-good')
  await put('/filter-bad', { secretKey: 'wrong' })
  const { page, close } = await open()
  await row(page, '/filter-good').waitFor()
  await page.getByLabel('Failed only').check()
  await row(page, '/filter-good').waitFor({ state: 'hidden' })
  expect(await row(page, '/filter-bad').isVisible()).toBe(true)
  await close()
})

test('in Chinese for a Chinese reader', async () => {
  await wrongPlus('/zh/a+b.txt')
  const { page, close } = await open({ locale: 'zh-CN' })
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('本地云控制台')
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await row(page, '/zh/a+b.txt').click()
  await page.getByText('COS 会把它当作空格').first().waitFor()
  await close()
})

test('reasons, checks and faults in Chinese', async () => {
  const key = await temporaryKey(cloud.port, {
    effect: 'allow',
    action: 'name/cos:GetObject',
    resource: '*',
  })
  await control.order({ kind: 'slow', delay: 0, match: { path: '/zh/refused' } })
  const token: [string, string] = ['x-cos-security-token', key.token]
  await send(cloud.port, 'PUT', presign({ ...key, method: 'PUT', path: '/zh/refused' }, [token]))
  const { page, close } = await open({ locale: 'zh-CN' })
  await row(page, '/zh/refused').getByText('故障 响应变慢').waitFor()
  await row(page, '/zh/refused').click()
  const details = page.locator('.details')
  const reason = '第 1 条 statement 的 action 不同：cos:GetObject'
  await details.locator('.reason', { hasText: '这是注入的故障：响应变慢' }).waitFor()
  await details.locator('.reason', { hasText: reason }).waitFor()
  await details.locator('dd', { hasText: reason }).waitFor()
  await details.locator('dd', { hasText: 'URL 参数 q-*' }).waitFor()
  const text = (await details.allTextContents()).join('')
  expect(text).not.toMatch(/[a-z]+ [a-z]+ [a-z]+/i)
  await close()
})

test('a form shows the key that it is for', async () => {
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${value}\r\n`
  const body = `${part('"key"', 'users/1/${filename}')}${part('"file"; filename="照片.png"', 'x')}--b--\r\n`
  await send(cloud.port, 'POST', '/', {
    body,
    headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
  })
  const { page, close } = await open()
  const posted = row(page, '/ → users/1/照片.png')
  await posted.getByText('AccessDenied').waitFor()
  await posted.click()
  const facts = await page.locator('.details dd').allTextContents()
  expect(facts).toContain('users/1/照片.png')
  await close()
})

test('preflights are folded, but for refused ones; the checks of the project are marked', async () => {
  const preflight = (path: string, headers: Record<string, string>) =>
    send(cloud.port, 'OPTIONS', path, { headers })
  const { page, close } = await open()
  await preflight('/folded', { Origin: 'http://a', 'Access-Control-Request-Method': 'PUT' })
  await preflight('/refused', { Origin: 'http://a' })
  await put('/users/1/setup-check-1795000000000')
  await put('/users/check/server-check.txt')
  await put('/users/1/check')
  await row(page, '/refused').getByText('AccessForbidden').waitFor()
  await row(page, '/users/1/check').waitFor()
  expect(await row(page, '/folded').isVisible()).toBe(false)
  expect(await row(page, '/refused').isVisible()).toBe(true)
  await page.getByLabel('OPTIONS (1)').check()
  await row(page, '/folded').waitFor()
  const marks = page.locator('.row', { hasText: 'self-check' }).locator('.path')
  expect(await marks.allTextContents()).toEqual([
    expect.stringContaining('/users/check/server-check.txt'),
    expect.stringContaining('/users/1/setup-check-1795000000000'),
  ])
  await close()
})

describe('fits, and reads well', () => {
  test.each([
    [1200, false],
    [1200, true],
    [390, false],
    [390, true],
  ])('%d pixels wide, dark: %s', async (width, dark) => {
    await wrongPlus(`/wide/${'long-name/'.repeat(20)}a+b.txt`)
    const { page, errors, close } = await open({ width, dark })
    await row(page, '/wide/').click()
    await page.locator('mark').first().waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      dark ? 'rgb(17, 17, 17)' : 'rgb(237, 237, 237)',
    )
    expect(errors).toEqual([])
    await close()
  })
})
