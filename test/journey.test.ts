import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'

/** The newcomer's journey in a real Chromium: npm start, a file up, the same file down. */

const files = tempDir()
let stack: Stack
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await startStack()
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
  files.remove()
})

beforeEach(async () => {
  preview = await openPreview(stack.preview)
  page = preview.page
})
afterEach(async () => {
  await preview.close()
  expect([...preview.errors, ...preview.warnings]).toEqual([])
})

/** One green pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgO5jwHwAEeAJQp5FqPgAAAABJRU5ErkJggg==',
  'base64',
)

interface File {
  name: string
  bytes: Buffer
}

const button = (text: string) => page.locator('wx-button:visible', { hasText: text })

async function choose({ name, bytes }: File) {
  const path = join(files.path, name)
  writeFileSync(path, bytes)
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button('从聊天记录选择').tap(),
  ])
  await chooser.setFiles(path)
  await page.getByText(name, { exact: true }).first().waitFor()
}

/** Opens a demo from the index, uploads, and gives what the page says. */
async function upload(demo: string, file: File, key: string) {
  await page.locator('wx-navigator', { hasText: demo }).tap()
  await choose(file)
  await page.locator('input:visible').fill(key)
  await button('上传').tap()
  await page.getByText('上传完成').waitFor()
}

/** Follows the link to the download page, downloads, and gives the SHA-256 of the bytes there. */
async function downloadAgain(): Promise<string> {
  await button('下载这个对象').tap()
  await button('下载').last().tap()
  await page.getByText('下载完成').waitFor()
  return page.evaluate(async () => {
    const { preview } = getCurrentPages().at(-1)!.data as { preview: { path: string } }
    const { data } = await new Promise<{ data: ArrayBuffer | string }>((success, fail) => {
      wx.getFileSystemManager().readFile({ filePath: preview.path, success, fail })
    })
    const digest = await crypto.subtle.digest('SHA-256', data as ArrayBuffer)
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  })
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const FILES = [
  ['a text file', { name: '说明.txt', bytes: Buffer.from('预签名 URL\n') }, '照片/a b+c (1)&.txt'],
  ['a PNG', { name: '头像.png', bytes: PNG }, '照片/a b+c (1)&.png'],
  ['an empty file', { name: 'empty.dat', bytes: Buffer.alloc(0) }, '照片/a b+c (1)&.dat'],
  ['30 MB', { name: 'large.bin', bytes: randomBytes(30 * 1024 * 1024) }, '照片/a b+c (1)&.bin'],
] as const

describe.each(['上传：PUT', '上传：POST 表单', '上传：分块'])('%s', (demo) => {
  test.each(FILES)('%s goes up and comes down, byte for byte', async (_name, file, key) => {
    await upload(demo, file, `${demo}/${key}`)
    expect(await downloadAgain()).toBe(sha256(file.bytes))
  })
})

/** Chooses who signs, on the page for that. A key that is typed in is that of the local cloud. */
async function signBy(source: string) {
  const topic = page.locator('[id$="--source"]:visible')
  await page.locator('wx-navigator', { hasText: '签名来源' }).tap()
  await topic.locator('[class$="fold"]').tap()
  await page.locator('wx-label:visible', { hasText: source }).first().tap()
  if (source === '永久密钥') {
    const field = (name: string) =>
      page.locator(`[aria-label="${name}"] input, input[aria-label="${name}"]`)
    await field('SecretId').fill('local-secret-id')
    await field('SecretKey').fill('local-secret-key')
    await button('使用此密钥').tap()
  }
  await topic.locator('[class$="topic-value"]', { hasText: source }).waitFor()
  await page.getByRole('button', { name: '返回' }).tap()
}

/** Above, a temporary key signs. */
describe.each(['服务端签名', '永久密钥'])('signed by %s', (source) => {
  test.each(['上传：PUT', '上传：POST 表单', '上传：分块'])(
    '%s goes up and comes down',
    async (demo) => {
      const bytes = randomBytes(1024 * 1024 + 1)
      await signBy(source)
      await upload(demo, { name: 'a.bin', bytes }, `${source} ${demo}.bin`)
      expect(await downloadAgain()).toBe(sha256(bytes))
    },
  )
})

test('the image is shown, and a text can be read', async () => {
  await upload('上传：PUT', { name: 'a.png', bytes: PNG }, 'a.png')
  await downloadAgain()
  const image = page.locator('wx-image:visible img')
  await expect(image.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()

  await page.getByRole('button', { name: '返回' }).tap()
  await page.getByRole('button', { name: '返回' }).tap()
  await upload('上传：PUT', { name: 'a.txt', bytes: Buffer.from('读得到') }, 'a.txt')
  await downloadAgain()
  await page.getByText('读得到').waitFor()
})

test('a key that holds nothing is explained, with the code of COS', async () => {
  await page.getByText('本地 COS').waitFor()
  await page.locator('wx-navigator', { hasText: '下载' }).tap()
  await page.locator('input:visible').fill('没有的.png')
  await button('下载').tap()
  await page.getByText('没有这个对象').first().waitFor()
  expect(await page.locator('body').innerText()).toContain('NoSuchKey')
})

test('speaks English to an English phone, in the dark too', async () => {
  const english = await openPreview(stack.preview, { language: 'en-US', dark: true })
  await english.page.getByText('Local COS').waitFor()
  expect(await english.page.locator('body').innerText()).not.toMatch(/[\u4e00-\u9fff]/)
  expect([...english.errors, ...english.warnings]).toEqual([])
  await english.close()
})
