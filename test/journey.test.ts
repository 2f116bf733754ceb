import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ONE_GREEN_PIXEL, type Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** The newcomer's journey in a real Chromium: npm start, a file up, the same file down. */

const phones = usePhones()
let phone: Phone

beforeEach(async () => {
  phone = await phones.open('index')
})

/** Opens a demo from the index, and uploads. */
async function upload(demo: string, name: string, content: Buffer, key: string) {
  await phone.page.locator('wx-navigator', { hasText: demo }).tap()
  await phone.chooseOne(name, content)
  await phone.page.locator('input:visible').fill(key)
  await phone.button('上传').tap()
  await phone.seen('上传完成')
}

/** Follows the link to the download page, downloads, and gives the SHA-256 of the bytes there. */
async function downloadAgain(): Promise<string> {
  await phone.button('下载这个对象').tap()
  await phone.button('下载').tap()
  await phone.seen('下载完成')
  return phone.sha256OfDownload()
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const FILES = [
  ['a text file', '说明.txt', Buffer.from('预签名 URL\n'), '照片/a b+c (1)&.txt'],
  ['a PNG', '头像.png', ONE_GREEN_PIXEL, '照片/a b+c (1)&.png'],
  ['an empty file', 'empty.dat', Buffer.alloc(0), '照片/a b+c (1)&.dat'],
  ['30 MB', 'large.bin', randomBytes(30 * 1024 * 1024), '照片/a b+c (1)&.bin'],
] as const

describe.each(['上传：PUT', '上传：POST 表单', '上传：分块'])('%s', (demo) => {
  test.each(FILES)(
    '%s goes up and comes down, byte for byte',
    async (_what, name, content, key) => {
      await upload(demo, name, content, `${demo}/${key}`)
      expect(await downloadAgain()).toBe(sha256(content))
    },
  )
})

/** Chooses who signs, on the page for that. A key that is typed in is that of the local cloud. */
async function signBy(source: string) {
  const topic = phone.page.locator('[id$="--source"]:visible')
  await phone.page.locator('wx-navigator', { hasText: '签名来源' }).tap()
  await topic.locator('[class$="fold"]').tap()
  await phone.page.locator('wx-label:visible', { hasText: source }).first().tap()
  if (source === '永久密钥') {
    const field = (name: string) =>
      phone.page.locator(`[aria-label="${name}"] input, input[aria-label="${name}"]`)
    await field('SecretId').fill('local-secret-id')
    await field('SecretKey').fill('local-secret-key')
    await phone.button('使用此密钥').tap()
  }
  await topic.locator('[class$="topic-value"]', { hasText: source }).waitFor()
  await phone.button('返回').tap()
}

/** Above, a temporary key signs. */
describe.each(['服务端签名', '永久密钥'])('signed by %s', (source) => {
  test.each(['上传：PUT', '上传：POST 表单', '上传：分块'])(
    '%s goes up and comes down',
    async (demo) => {
      const bytes = randomBytes(1024 * 1024 + 1)
      await signBy(source)
      await upload(demo, 'a.bin', bytes, `${source} ${demo}.bin`)
      expect(await downloadAgain()).toBe(sha256(bytes))
    },
  )
})

test('the image is shown, and a text can be read', async () => {
  await upload('上传：PUT', 'a.png', ONE_GREEN_PIXEL, 'a.png')
  await downloadAgain()
  const image = phone.page.locator('wx-image:visible img')
  await expect(image.evaluate((img: HTMLImageElement) => img.decode())).resolves.toBeUndefined()

  await phone.button('返回').tap()
  await phone.button('返回').tap()
  await upload('上传：PUT', 'a.txt', Buffer.from('读得到'), 'a.txt')
  await downloadAgain()
  await phone.seen('读得到')
})

test('a key that holds nothing is explained, with the code of COS', async () => {
  await phone.seen('本地 COS')
  await phone.page.locator('wx-navigator', { hasText: '下载' }).tap()
  await phone.page.locator('input:visible').fill('没有的.png')
  await phone.button('下载').tap()
  await phone.text('没有这个对象').waitFor()
  expect(await phone.page.locator('body').innerText()).toContain('NoSuchKey')
})

test('speaks English to an English phone, in the dark too', async () => {
  const english = await phones.open('index', { language: 'en-US', dark: true })
  await english.seen('Local COS')
  expect(await english.page.locator('body').innerText()).not.toMatch(/[\u4e00-\u9fff]/)
})
