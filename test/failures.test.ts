import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { controlOf, type Control } from './helpers/control'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'
import { until } from './helpers/until'

/** What the screen says of each failure in a real Chromium, and that trying again then works. */

const files = tempDir()
let stack: Stack
let control: Control
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await startStack()
  control = controlOf(stack.control)
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
  files.remove()
})

afterEach(async () => {
  await control.clear()
  await preview.close()
})

async function open(path: string, query = '') {
  preview = await openPreview(`${stack.preview}/#/${path}${query}`)
  page = preview.page
  await page.getByRole('heading').first().waitFor()
}

const openPage = (name: string, query = '') => open(`pages/${name}/${name}`, query)

const button = (name: string | RegExp) => page.getByRole('button', { name })
const failure = () => page.getByRole('alert')
const expectText = (text: string) => page.getByText(text).waitFor()

let chosen = 0

/** Each file has a name of its own: nothing is overwritten, so nothing is asked. */
async function choose(name: string, bytes: Buffer) {
  const path = join(files.path, `${++chosen}-${name}`)
  writeFileSync(path, bytes)
  const chooser = page.waitForEvent('filechooser')
  await button('从聊天记录选择').tap()
  await (await chooser).setFiles(path)
  await button('更换').waitFor()
}

/** Expects title, code and remedy on the screen. */
async function expectFailure(title: string, code: string, fix: string | RegExp) {
  await failure().getByText(title).first().waitFor()
  const words = await failure().innerText()
  expect(words).toContain(code)
  expect(words).toMatch(fix)
}

const FAULTS = [
  ['expired', '签名已过期', 'URL_EXPIRED', '重试时会重新签名'],
  ['skew', '时钟不准', 'CLOCK_SKEW', '校准手机时间和服务器时间'],
  ['403', '没有权限', 'ACCESS_DENIED', 'name/cos:'],
  ['503', 'COS 暂时不可用', 'COS_UNAVAILABLE', '稍后重试'],
  ['drop-before', '连接失败', 'NETWORK', '检查网络'],
] as const

/** The action meets one fault after the other, and in the end none. */
async function expectFaults(
  met: (typeof FAULTS)[number][],
  method: string,
  begin: () => Promise<void>,
) {
  for (const [index, [kind, title, code, fix]] of met.entries()) {
    await control.order({ kind, share: 1, match: { method } })
    await (index === 0 ? begin() : button('重试').tap())
    await expectFailure(title, code, fix)
    await control.clear()
  }
  await button('重试').tap()
}

test.each([
  ['put-object', 'PUT'],
  ['post-object', 'POST'],
  ['multipart-upload', 'PUT'],
])('faults on %s: each is named, and the last try goes through', async (name, method) => {
  await openPage(name)
  await choose('a.txt', Buffer.from('a'))
  // A multipart upload retries for half a minute where that can help.
  const met = FAULTS.filter(
    ([, , , fix]) => name !== 'multipart-upload' || !/^(稍后|检查)/.test(fix),
  )
  await expectFaults(met, method, () => button('上传').tap())
  await expectText('上传完成')
  expect(await failure().count()).toBe(0)
})

test('multipart-upload: a busy COS is tried again, and what fails is resumed', async () => {
  await openPage('multipart-upload')
  await choose('large.bin', Buffer.alloc(3 * 1024 * 1024))
  await control.order({ kind: '503', share: 1, match: { method: 'PUT' } })
  await page.clock.install()
  await button('上传').tap()
  await button('暂停').waitFor()
  for (let retries = 0; !(await failure().isVisible()) && retries < 200; retries++) {
    await page.clock.runFor(1000)
  }
  await expectFailure('COS 暂时不可用', '503', '稍后重试')
  await expectText('重试会续传')
  await control.clear()
  await button('重试').tap()
  await expectText('上传完成')
})

test('faults on download-object: each is named, and the last try goes through', async () => {
  await openPage('put-object')
  await choose('a.txt', Buffer.from('a'))
  await button('上传').tap()
  await button('下载这个对象').tap()
  await page.getByRole('heading', { name: '下载' }).first().waitFor()
  await expectFaults([...FAULTS], 'GET', () => button('下载').last().tap())
  await expectText('下载完成')
})

test('slow: it is said that nothing moves, and it ends well', async () => {
  await openPage('post-object')
  await choose('a.txt', Buffer.from('a'))
  await control.order({ kind: 'slow', delay: 12_000, times: 1, match: { method: 'POST' } })
  await button('上传').tap()
  await page.getByText('暂时没有进度').waitFor()
  await expectText('上传完成')
})

test('canceled: the file is kept', async () => {
  await openPage('put-object')
  await choose('a.txt', Buffer.from('a'))
  await control.order({ kind: 'slow', delay: 12_000, times: 1, match: { method: 'PUT' } })
  await page.clock.install()
  await button('上传').tap()
  await button('取消').tap()
  await expectText('已取消')
  await control.clear()
  await page.clock.fastForward(1000) // no double tap any more
  await button('重试').tap()
  await expectText('上传完成')
})

describe('the failure drill', () => {
  beforeEach(async () => {
    await open('setup/drill/drill')
    await button('上传').waitFor()
  })

  test('each way meets the chosen fault, and nothing else does', async () => {
    await page.getByRole('radio', { name: '没有权限' }).tap()
    for (const [way, action] of [
      ['PUT', '上传'],
      ['POST 表单', '上传'],
      ['分块', '上传'],
      ['下载', '下载'],
    ] as const) {
      await page.getByRole('radio', { name: way }).tap()
      await button(action).tap()
      await expectFailure('没有权限', 'ACCESS_DENIED', 'name/cos:')
      await expectText('故障已解除')
      expect(await control.pending()).toEqual([])
    }
  })

  test('a page that is reloaded in the middle leaves no fault behind', async () => {
    await page.route(`${stack.cloud}/**`, () => {}) // never answers
    await button('上传').tap()
    await until(async () => (await control.pending()).length > 0, 'the fault')
    await page.reload()
    await button('上传').waitFor()
    expect(await control.pending()).toEqual([])
  })
})

test('NO_SUCH_KEY: nothing is there yet', async () => {
  await openPage('download-object', '?key=%E6%B2%A1%E6%9C%89.txt')
  await button('下载').last().tap()
  await expectFailure('没有这个对象', 'NoSuchKey', '或先上传')
  const other = await openPreview(
    `${stack.preview}/#/pages/put-object/put-object?key=%E6%B2%A1%E6%9C%89.txt`,
  )
  page = other.page
  await choose('a.txt', Buffer.from('a'))
  await button('上传').tap()
  await expectText('上传完成')
  await other.close()
  page = preview.page
  await button('重试').tap()
  await expectText('下载完成')
})

test('a file too large for PUT: another way takes it, and a smaller file goes up', async () => {
  await openPage('put-object')
  await choose('large.bin', Buffer.alloc(50 * 1024 * 1024 + 1))
  await expectText('文件超过 50 MB')
  await button('改用分块上传').tap()
  await page.getByText('large.bin').last().waitFor()
  await page.goBack()
  await button('更换').tap()
  await choose('a.txt', Buffer.from('a'))
  await button('上传').tap()
  await expectText('上传完成')
})

describe('something on the way', () => {
  beforeEach(async () => {
    await openPage('put-object')
    await choose('a.txt', Buffer.from('a'))
  })

  const retryWorks = async () => {
    await page.unrouteAll()
    await button('重试').tap()
    await expectText('上传完成')
  }

  test('SERVER_UNREACHABLE', async () => {
    await page.route(`${stack.server}/**`, (route) => route.abort('connectionrefused'))
    await button('上传').tap()
    await expectFailure('连不上服务器', 'SERVER_UNREACHABLE', 'npm start')
    await retryWorks()
  })

  test.each([
    ['SIGNATURE_MISMATCH', '签名不匹配', /(q-signature=)\w+/, '0'.repeat(40), 'FormatString'],
    ['INVALID_KEY_ID', 'COS 不认识这个 SecretId', /(q-ak=)[\w-]+/, 'nobody', '换用新的'],
  ])('%s', async (code, title, part, other, fix) => {
    await page.route(`${stack.cloud}/**`, (route) =>
      route.continue({ url: route.request().url().replace(part, `$1${other}`) }),
    )
    await button('上传').tap()
    await expectFailure(title, code, fix)
    await retryWorks()
  })

  test('KEY_NOT_ALLOWED, when the server signs', async () => {
    await page.evaluate(() => wx.setStorageSync('signing-source', 'server-signed'))
    await page.route(`${stack.server}/presign`, (route) => {
      const body = { ...(route.request().postDataJSON() as object), key: 'users/other/a.txt' }
      return route.continue({ postData: JSON.stringify(body) })
    })
    await button('上传').tap()
    await expectFailure('不能使用这个对象键', 'KEY_NOT_ALLOWED', '请更换对象键')
    await retryWorks()
  })
})
