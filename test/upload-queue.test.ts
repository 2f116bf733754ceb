import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'
import { controlOf, type Control } from './helpers/control'

/** Several files at once, in a real Chromium: npm start, five files up, the same five down. */

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

const errors = (): string[] => [...preview.errors, ...preview.warnings]
beforeEach(async () => {
  preview = await openPreview(stack.preview)
  page = preview.page
  await page.locator('wx-navigator', { hasText: '上传：POST 表单' }).tap()
  await page.getByText(/users\//).waitFor()
})
afterEach(async () => {
  await control.clear()
  await preview.close()
  expect(errors()).toEqual([])
})

const NAMES = ['一.txt', 'b (2).pdf', 'c+d.zip', '表 & 图.xlsx', 'empty.dat']

const FILES = NAMES.map((name, index) => ({
  name,
  bytes: randomBytes(name === 'empty.dat' ? 0 : index * 700_000 + 1),
}))

const button = (text: string) => page.locator('wx-button:visible', { hasText: text })
const row = (index: number) => page.locator('upload-row').nth(index)

async function choose(chosen: typeof FILES, where = '从聊天记录选择') {
  const paths = chosen.map(({ name, bytes }) => {
    const path = join(files.path, name)
    writeFileSync(path, bytes)
    return path
  })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(where).tap()])
  await chooser.setFiles(paths)
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Follows the link of a row, downloads, comes back, and gives the SHA-256 of the bytes there. */
async function downloaded(index: number): Promise<string> {
  await row(index).getByText('下载').tap()
  await button('下载').last().tap()
  await page.getByText('下载完成').waitFor()
  const digest = await page.evaluate(async () => {
    const { preview } = getCurrentPages().at(-1)!.data as { preview: { path: string } }
    const { data } = await new Promise<{ data: ArrayBuffer | string }>((success, fail) => {
      wx.getFileSystemManager().readFile({ filePath: preview.path, success, fail })
    })
    const hash = await crypto.subtle.digest('SHA-256', data as ArrayBuffer)
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
  })
  await page.getByRole('button', { name: '返回' }).tap()
  return digest
}

test('five files go up together; one is refused, tried again, and all come down as they were', async () => {
  await choose(FILES)
  await page.getByText('5 个文件').waitFor()
  await control.order({ kind: '403', match: { method: 'POST' } })
  await button('全部上传（5）').tap()
  await page.getByText('完成 4 / 5 · 失败 1').waitFor()
  await page.getByText('! 没有权限').waitFor()
  await button('原因').tap()
  await page.getByText('AccessDenied').waitFor()
  await button('重试').tap()
  await page.getByText('完成 5 / 5').waitFor()
  expect(await page.getByText('AccessDenied').count()).toBe(0)
  for (const [index, { bytes }] of FILES.entries()) {
    expect(await downloaded(index)).toBe(sha256(bytes))
  }
})

test('what is typed stays while files are added, rows removed, and other uploads run', async () => {
  const others = FILES.map((file) => ({ ...file, name: `other ${file.name}` }))
  await choose(others.slice(0, 3))
  await row(2).locator('input').fill('打的 键.zip')
  await choose(others.slice(3))
  await row(4).waitFor()
  await row(0).getByText('移除').tap()
  await row(4).waitFor({ state: 'detached' })
  expect(await row(1).locator('input').inputValue()).toBe('打的 键.zip')
  await button('全部上传（4）').tap()
  await page.getByText('完成 4 / 4').waitFor()
  expect(await row(1).locator('input').inputValue()).toBe('打的 键.zip')
  expect(await downloaded(1)).toBe(sha256(FILES[2]!.bytes))
})

test('two equal keys are named, and nothing has left', async () => {
  const latest = async () => (await control.list())[0]?.id
  const before = await latest()
  await choose(FILES.slice(0, 2))
  const key = await row(0).locator('input').inputValue()
  await row(1).locator('input').fill(key)
  await button('全部上传').tap()
  await page.getByText('有 1 个对象键需要修改').waitFor()
  await page.getByText('与第 1 个文件的对象键相同').waitFor()
  expect(await latest()).toBe(before)
})

test.each(['清空列表', '移除'])(
  'a tap on %s ends the typing of a key, and that is all',
  async (label) => {
    await choose(FILES.slice(0, 2))
    await row(1).getByText('移除').tap()
    await row(1).waitFor({ state: 'detached' })
    await row(0).locator('input').tap()
    await row(0).locator('input:focus').waitFor()
    await (label === '移除' ? row(0).getByText('移除') : button('清空列表')).tap()
    if (label === '清空列表') await page.getByRole('button', { name: '确定' }).tap()
    await row(0).waitFor({ state: 'detached' })
    await page.getByText('请先选择文件', { exact: true }).waitFor()
    expect(await page.getByText('上传完成').count()).toBe(0)
  },
)

test('pictures are shown as pictures, broken ones by their extension', async () => {
  const onePixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgO5jwHwAEeAJQp5FqPgAAAABJRU5ErkJggg=='
  await choose([
    { name: '好.png', bytes: Buffer.from(onePixel, 'base64') },
    { name: '坏.png', bytes: Buffer.from('no picture') },
  ])
  await row(1).getByText('PNG').waitFor()
  const picture = row(0).locator('wx-image img')
  await expect(picture.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()
})

test('a video that cannot be played is accepted, and named by its time', async () => {
  await choose([{ name: 'clip.mp4', bytes: randomBytes(5000) }], '拍照或相册')
  await page.getByText(/^视频-\d{6}\.mp4$/).waitFor()
  expect(await page.locator('file-thumb').innerText()).toContain('MP4')
  await button('上传').tap()
  await page.getByText('上传完成').waitFor()
})

test('a narrow phone with long names: nothing runs over the edge, no row changes its height', async () => {
  await preview.close()
  preview = await openPreview(stack.preview, { viewport: { width: 320, height: 568 } })
  page = preview.page
  await page.locator('wx-navigator', { hasText: '上传：POST 表单' }).tap()
  await page.getByText(/users\//).waitFor()
  const long = 'a_very_long_name_without_a_break_'.repeat(5)
  await choose(
    ['1', '2', '3', '4'].map((n) => ({ name: `${long}${n}.bin`, bytes: randomBytes(99_999) })),
  )
  await row(3).waitFor()
  const heights = () =>
    page
      .locator('upload-row')
      .evaluateAll((rows) => rows.map((one) => one.getBoundingClientRect().height))
  const before = await heights()
  await control.order({ kind: '403', match: { method: 'POST' } })
  await button('全部上传').tap()
  await page.getByText('完成 3 / 4 · 失败 1').waitFor()
  expect(await heights()).toEqual(before)
  const edges = await page
    .locator('upload-row *')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right))
  expect(Math.max(...edges)).toBeLessThanOrEqual(320)
})
