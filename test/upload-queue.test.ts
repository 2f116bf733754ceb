import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from '@jest/globals'
import type { OpenOptions } from './helpers/browser'
import { ONE_GREEN_PIXEL, type Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** Several files at once, in a real Chromium: npm start, five files up, the same five down. */

const phones = usePhones()
let phone: Phone

async function open(options?: OpenOptions) {
  phone = await phones.open('post-object', options)
  await phone.seen(/users\//)
}
beforeEach(() => open())

const NAMES = ['一.txt', 'b (2).pdf', 'c+d.zip', '表 & 图.xlsx', 'empty.dat']

const FILES = NAMES.map((name, index) => ({
  name,
  content: randomBytes(name === 'empty.dat' ? 0 : index * 700_000 + 1),
}))

const row = (index: number) => phone.page.locator('upload-row').nth(index)

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** Follows the link of a row, downloads, comes back, and gives the SHA-256 of the bytes there. */
async function downloaded(index: number): Promise<string> {
  await row(index).getByText('下载').tap()
  await phone.button('下载').tap()
  await phone.seen('下载完成')
  const digest = await phone.sha256OfDownload()
  await phone.button('返回').tap()
  return digest
}

test('five files go up together; one is refused, tried again, and all come down as they were', async () => {
  await phone.choose(FILES)
  await phone.seen('5 个文件')
  await phones.control.order({ kind: '403', match: { method: 'POST' } })
  await phone.button('全部上传（5）').tap()
  await phone.seen('完成 4 / 5 · 失败 1')
  await phone.seen('! 没有权限')
  await phone.button(/^原因/).tap()
  await phone.seen('AccessDenied')
  await phone.button(/^重试/).tap()
  await phone.seen('完成 5 / 5')
  expect(await phone.page.getByText('AccessDenied').count()).toBe(0)
  for (const [index, { content }] of FILES.entries()) {
    expect(await downloaded(index)).toBe(sha256(content))
  }
})

test('what is typed stays while files are added, rows removed, and other uploads run', async () => {
  const others = FILES.map((file) => ({ ...file, name: `other ${file.name}` }))
  await phone.choose(others.slice(0, 3))
  await row(2).locator('input').fill('打的 键.zip')
  await phone.choose(others.slice(3))
  await row(4).waitFor()
  await row(0).getByText('移除').tap()
  await row(4).waitFor({ state: 'detached' })
  expect(await row(1).locator('input').inputValue()).toBe('打的 键.zip')
  await phone.button('全部上传（4）').tap()
  await phone.seen('完成 4 / 4')
  expect(await row(1).locator('input').inputValue()).toBe('打的 键.zip')
  expect(await downloaded(1)).toBe(sha256(FILES[2]!.content))
})

test('two equal keys are named, and nothing has left', async () => {
  const latest = async () => (await phones.control.list())[0]?.id
  const before = await latest()
  await phone.choose(FILES.slice(0, 2))
  const key = await row(0).locator('input').inputValue()
  await row(1).locator('input').fill(key)
  await phone.button(/^全部上传/).tap()
  await phone.seen('有 1 个对象键需要修改')
  await phone.seen('与第 1 个文件的对象键相同')
  expect(await latest()).toBe(before)
})

test.each(['清空列表', '移除'])(
  'a tap on %s ends the typing of a key, and that is all',
  async (label) => {
    await phone.choose(FILES.slice(0, 2))
    await row(1).getByText('移除').tap()
    await row(1).waitFor({ state: 'detached' })
    await row(0).locator('input').tap()
    await row(0).locator('input:focus').waitFor()
    await (label === '移除' ? row(0).getByText('移除') : phone.button('清空列表')).tap()
    if (label === '清空列表') await phone.page.getByRole('button', { name: '确定' }).tap()
    await row(0).waitFor({ state: 'detached' })
    await phone.page.getByText('请先选择文件', { exact: true }).waitFor()
    expect(await phone.page.getByText('上传完成').count()).toBe(0)
  },
)

test('pictures are shown as pictures, broken ones by their extension', async () => {
  await phone.choose([
    { name: '好.png', content: ONE_GREEN_PIXEL },
    { name: '坏.png', content: 'no picture' },
  ])
  await row(1).getByText('PNG').waitFor()
  const picture = row(0).locator('wx-image img')
  await expect(picture.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()
})

test('a video that cannot be played is accepted, and named by its time', async () => {
  await phone.choose([{ name: 'clip.mp4', content: randomBytes(5000) }], '拍照或相册')
  await phone.seen(/^视频-\d{6}\.mp4$/)
  expect(await phone.page.locator('file-thumb').innerText()).toContain('MP4')
  await phone.button('上传').tap()
  await phone.seen('上传完成')
})

test('a narrow phone with long names: nothing runs over the edge, no row changes its height', async () => {
  await open({ viewport: { width: 320, height: 568 } })
  const long = 'a_very_long_name_without_a_break_'.repeat(5)
  await phone.choose(
    ['1', '2', '3', '4'].map((n) => ({ name: `${long}${n}.bin`, content: randomBytes(99_999) })),
  )
  await row(3).waitFor()
  const heights = () =>
    phone.page
      .locator('upload-row')
      .evaluateAll((rows) => rows.map((one) => one.getBoundingClientRect().height))
  const before = await heights()
  await phones.control.order({ kind: '403', match: { method: 'POST' } })
  await phone.button(/^全部上传/).tap()
  await phone.seen('完成 3 / 4 · 失败 1')
  expect(await heights()).toEqual(before)
  const edges = await phone.page
    .locator('upload-row *')
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right))
  expect(Math.max(...edges)).toBeLessThanOrEqual(320)
})
