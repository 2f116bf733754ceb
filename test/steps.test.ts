import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import type { RequestRecord } from '../local-cloud/control/request-log'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { controlOf, type Control } from './helpers/control'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'
import { until } from './helpers/until'

/** What stands between a person and a mistake, in a real Chromium. */

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
  expect([...preview.errors, ...preview.warnings]).toEqual([])
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const dialog = () => page.getByRole('dialog')

async function open(path: string) {
  preview = await openPreview(`${stack.preview}/#/${path}`)
  page = preview.page
  await page.getByRole('heading').first().waitFor()
}

/** How many PUT requests have reached COS. */
async function stored(): Promise<number> {
  const requests = (await (await fetch(`${stack.control}/requests`)).json()) as RequestRecord[]
  return requests.filter(({ method }) => method === 'PUT').length
}

async function choose(name: string, content: string) {
  const path = join(files.path, name)
  writeFileSync(path, content)
  const chooser = page.waitForEvent('filechooser')
  await button('从聊天记录选择').tap()
  await (await chooser).setFiles(path)
  await button('更换').waitFor()
}

test.each(['put-object', 'post-object', 'multipart-upload'])(
  'with a file, the button of %s is on the first screen',
  async (name) => {
    await open(`pages/${name}/${name}`)
    await choose('一个名字很长很长很长很长很长很长很长的文件，名字有两行.txt', 'a')
    const box = await button('上传').boundingBox()
    expect(box!.y + box!.height).toBeLessThan(844)
  },
)

test('another file under the same key is stored only after a yes', async () => {
  await open('pages/put-object/put-object')
  const upload = async (content: string) => {
    await choose('same.txt', content)
    await page.locator('input:visible').fill('same.txt')
    await button('上传').tap()
  }
  await upload('first')
  await page.getByText('上传完成').waitFor()
  const before = await stored()
  await button('更换').tap()
  await upload('second')
  await dialog().getByText('same.txt 已存在').waitFor()
  await dialog().getByRole('button', { name: '取消' }).tap()
  await page.getByText('已取消').waitFor()
  expect(await stored()).toBe(before)
  await button('重试').tap()
  await dialog().getByRole('button', { name: '确定' }).tap()
  await page.getByText('上传完成').waitFor()
  expect(await stored()).toBe(before + 1)
})

test('a wrong permanent key is named in its form, and is not in use', async () => {
  await open('setup/setup?section=source')
  await page.getByText('永久密钥', { exact: true }).tap()
  const field = (name: string) => page.locator(`input[aria-label="${name}"]`)
  await field('SecretId').fill('local-secret-id')
  await field('SecretKey').fill('local-secret-key')
  await field('Bucket').fill('没有APPID')
  await button('使用此密钥').tap()
  await page.getByText('Bucket 格式为 BucketName-APPID').waitFor()
  expect(await page.getByText('✓ 已启用').count()).toBe(0)
  expect(await page.getByText('这是本程序的缺陷').count()).toBe(0)
})

test('a page that is left in the middle asks, and tells what has become of the transfer', async () => {
  await open('pages/index/index')
  await page.getByText('上传：PUT').tap()
  await choose('left.txt', 'a')
  await control.order({ kind: 'slow', delay: 60_000, share: 1, match: { method: 'PUT' } })
  await button('上传').tap()
  await page.getByText('B · 已用').waitFor()
  await button('返回').tap()
  await dialog().getByText('离开会取消传输').waitFor()
  await dialog().getByRole('button', { name: '取消' }).tap()
  await page.getByText('B · 已用').waitFor()
  await button('返回').tap()
  await dialog().getByRole('button', { name: '确定' }).tap()
  await page.getByText('传输已取消').waitFor()
  await until(async () => (await button('返回').count()) === 0, 'the first page')
})
