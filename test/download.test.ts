import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Dialog, Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'

/** What becomes of a file after its upload: found again, downloaded, shown, saved to the album. */

const files = tempDir()
let stack: Stack
let preview: OpenPreview
let page: Page

/** One green pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgO5jwHwAEeAJQp5FqPgAAAABJRU5ErkJggg==',
  'base64',
)

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

const button = (text: string) => page.locator('wx-button:visible', { hasText: text })
const demo = (title: string) => page.locator('wx-navigator:visible', { hasText: title })
const back = () => page.getByRole('button', { name: '返回' })

async function upload(name: string, bytes: Buffer) {
  const path = join(files.path, name)
  writeFileSync(path, bytes)
  await demo('上传：PUT').tap()
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    button('从聊天记录选择').tap(),
  ])
  await chooser.setFiles(path)
  await page.getByText(name, { exact: true }).first().waitFor()
  await page.locator('input:visible').fill(name)
  await button('上传').tap()
  await page.getByText('上传完成').waitFor()
  await back().tap()
}

async function downloadRecent(name: string) {
  await demo('下载').tap()
  await page.locator('wx-button:visible', { hasText: name }).tap()
  await button('下载').last().tap()
  await page.getByText('下载完成').waitFor()
}

/** Answers the question that comes of a tap. */
async function answer(tap: () => Promise<void>, reply: (dialog: Dialog) => Promise<void>) {
  await Promise.all([page.waitForEvent('dialog').then(reply), tap()])
}

test('a photo is found among the recent uploads, shown, and saved to the album', async () => {
  await upload('头像.png', PNG)
  await downloadRecent('头像.png')
  const image = page.locator('wx-image:visible img')
  await expect(image.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()

  await page.getByText('微信会询问是否允许').waitFor()
  const download = page.waitForEvent('download')
  await answer(
    () => button('保存到相册').tap(),
    (dialog) => dialog.accept(),
  )
  expect(readFileSync(await (await download).path())).toEqual(PNG)
  await page.getByText('已保存到相册').waitFor()
})

test('who denied the album is led to the settings, and can save after that', async () => {
  await upload('b.png', PNG)
  await downloadRecent('b.png')
  await answer(
    () => button('保存到相册').tap(),
    (dialog) => dialog.dismiss(),
  )
  await page.getByText('没有相册写入权限').waitFor()
  await answer(
    () => button('去设置').tap(),
    (dialog) => dialog.dismiss(),
  )
  await page.getByText('没有相册写入权限').waitFor()
  await answer(
    () => button('去设置').tap(),
    (dialog) => dialog.accept(),
  )
  await page.getByText('已允许').waitFor()
  const download = page.waitForEvent('download')
  await button('保存到相册').tap()
  expect((await download).suggestedFilename()).toMatch(/\.png$/)
  await page.getByText('已保存到相册').waitFor()
})

test('the page opens with a URL, downloads just that, and goes on to a key', async () => {
  await upload('c.txt', Buffer.from('来自别处'))
  await downloadRecent('c.txt')
  await page.locator('signed-panel wx-button').tap()
  const url = await page.locator('signed-panel wx-scroll-view wx-text').first().innerText()
  await page.evaluate((given) => {
    const path = '/pages/download-object/download-object'
    void wx.navigateTo({ url: `${path}?url=${encodeURIComponent(given)}` })
  }, url)
  await page.getByText('不重新签名').waitFor()
  expect(await page.locator('.given:visible').innerText()).toBe(url)
  await button('下载').tap()
  await page.locator('wx-text:visible', { hasText: '来自别处' }).waitFor()

  await page.getByText('改用对象键下载').tap()
  await page.locator('wx-button:visible', { hasText: 'c.txt' }).waitFor()
})
