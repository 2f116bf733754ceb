import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenOptions, type OpenPreview } from './helpers/browser'
import { startStack, type Stack } from './helpers/stack'

/** The signing page in a real Chromium: sign, send, fail, find the character. */

let stack: Stack
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await startStack()
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
})

async function open(path = 'presign/presign', options: OpenOptions = {}) {
  preview = await openPreview(`${stack.preview}/#/${path}`, options)
  page = preview.page
}
afterEach(async () => {
  await preview.close()
  expect([...preview.errors, ...preview.warnings]).toEqual([])
})

const text = (of: string) => page.getByText(of, { exact: true }).filter({ visible: true })
const area = (label: string) => page.locator(`textarea[aria-label="${label}"]:visible`)
const shown = (of: string | RegExp) => page.getByText(of).filter({ visible: true }).first()
const clipboard = () => page.evaluate(() => navigator.clipboard.readText())

/** The URL as it is copied: on screen it is masked. */
async function copyUrl(): Promise<string> {
  await text('URL').last().tap()
  await text('已复制 ✓').first().waitFor()
  return clipboard()
}

test('from a key to a URL, to its answer, to a 403, to the character that differs', async () => {
  await open()
  await page.locator('input:visible').first().fill('照片/a b+c.txt')
  await shown(/%E7%85%A7%E7%89%87\/a%20b%2Bc\.txt\?q-sign/).waitFor()
  expect(await page.locator('body').innerText()).not.toMatch(/q-signature=\w/)

  await text('PUT').tap()
  await shown('Query、Headers、Expires').tap()
  await area('Headers').fill('Content-Type: text/plain')
  await shown(/^put\n/).waitFor()
  await area('请求体').fill('写进去的')
  await text('发送').tap()
  await shown('✓ PUT').waitFor()

  await text('GET').tap()
  await area('Headers').fill('')
  await shown(/^get\n/).waitFor()
  await text('发送').tap()
  await shown('✓ GET').waitFor()
  await text('写进去的').waitFor()

  await text('PUT').tap()
  await area('Headers').fill('Content-Type: text/plain')
  await shown(/^put\n[^]*content-type/).waitFor()
  await area('实际发送的请求头').fill('Content-Type: text/html')
  await text('发送').tap()
  await shown('✗ PUT').waitFor()
  await shown('第 4 行（请求头），第 21 个字符').waitFor()

  await shown('在「诊断 403」中打开').tap()
  await shown('已验算：用 PUT 发送，签名正确。').waitFor()
  await shown('第 4 行（请求头），第 21 个字符').waitFor()
})

test('a URL that is copied works elsewhere, and is taken apart when it is pasted', async () => {
  await open()
  const url = await copyUrl()
  expect((await fetch(url)).status).toBe(404) // signed right; there is no such object
  await text('诊断 403').tap()
  await area('签名 URL、Authorization、curl 命令或原始请求').fill(url)
  await shown('已验算：用 GET 发送').waitFor()
  const [first] = await page.getByText(/还剩 1\d 分 \d+ 秒/).allInnerTexts()
  await page.getByText(first!).waitFor({ state: 'detached' }) // it counts
  await shown(/还剩 1\d 分 \d+ 秒/).waitFor()

  const refused = await fetch(url.replace('hello.txt', 'Hello.txt'))
  await area('403 的内容').fill(JSON.stringify(await refused.text()))
  await shown('大小写不一样').waitFor()
})

test('the signed URL of a download goes to the inspector', async () => {
  await open('pages/download-object/download-object?key=none.txt')
  await page.locator('wx-button:visible', { hasText: '下载' }).tap()
  await shown('没有这个对象').waitFor()
  await page.locator('signed-panel wx-button').tap()
  await page.locator('wx-navigator:visible', { hasText: '诊断' }).tap()
  await shown('已验算：用 GET 发送').waitFor()
  expect(page.url()).toContain('method=GET')
})

test.each([
  { width: 320, height: 568 },
  { width: 390, height: 844 },
])('nothing is wider than a screen of $width', async (viewport) => {
  await open(undefined, { viewport, language: 'en-US' })
  await shown('Query, Headers, Expires').tap()
  await shown('Sign, Protocol, Domain…').tap()
  await page
    .locator('input:visible')
    .first()
    .fill(`${'很长'.repeat(60)}.txt`)
  await shown(/%E5%BE%88%E9%95%BF/).waitFor()
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await text('Inspect a 403').tap()
  await area('Signed URL, Authorization, curl command or raw request').fill(
    `https://${'x'.repeat(300)}/${'y'.repeat(300)}`,
  )
  await shown('No signature found').waitFor()
  expect(await overflow()).toBeLessThanOrEqual(0)
})
