import { expect, test } from '@jest/globals'
import type { Phone } from './helpers/phone'
import { until } from './helpers/until'
import { usePhones } from './helpers/use-phones'

/** What stands between a person and a mistake, in a real Chromium. */

const phones = usePhones()
let phone: Phone

const dialog = () => phone.page.getByRole('dialog')

/** How many PUT requests have reached COS. */
const stored = async () =>
  (await phones.control.list()).filter(({ method }) => method === 'PUT').length

test.each(['put-object', 'post-object', 'multipart-upload'])(
  'with a file, the button of %s is on the first screen',
  async (name) => {
    phone = await phones.open(name)
    await phone.chooseOne('一个名字很长很长很长很长很长很长很长的文件，名字有两行.txt', 'a')
    const box = await phone.button('上传').boundingBox()
    expect(box!.y + box!.height).toBeLessThan(844)
  },
)

test('another file under the same key is stored only after a yes', async () => {
  phone = await phones.open('put-object')
  const upload = async (content: string) => {
    await phone.chooseOne('same.txt', content)
    await phone.page.locator('input:visible').fill('same.txt')
    await phone.button('上传').tap()
  }
  await upload('first')
  await phone.seen('上传完成')
  const before = await until(stored, 'the record of the upload')
  await phone.button('更换').tap()
  await upload('second')
  await dialog().getByText('same.txt 已存在').waitFor()
  await dialog().getByRole('button', { name: '取消' }).tap()
  await phone.seen('已取消')
  expect(await stored()).toBe(before)
  await phone.button('重试').tap()
  await dialog().getByRole('button', { name: '确定' }).tap()
  await phone.seen('上传完成')
  await until(async () => (await stored()) > before, 'the record of the second upload')
  expect(await stored()).toBe(before + 1)
})

test('a wrong permanent key is named in its form, and is not in use', async () => {
  phone = await phones.open('setup?section=source')
  await phone.page.getByText('永久密钥', { exact: true }).tap()
  const field = (name: string) => phone.page.locator(`input[aria-label="${name}"]`)
  await field('SecretId').fill('local-secret-id')
  await field('SecretKey').fill('local-secret-key')
  await field('Bucket').fill('没有APPID')
  await phone.button('使用此密钥').tap()
  await phone.seen('Bucket 格式为 BucketName-APPID')
  expect(await phone.page.getByText('✓ 已启用').count()).toBe(0)
  expect(await phone.page.getByText('这是本程序的缺陷').count()).toBe(0)
})

test('a page that is left in the middle asks, and tells what has become of the transfer', async () => {
  phone = await phones.open('index')
  await phone.page.getByText('上传：PUT').tap()
  await phone.chooseOne('left.txt', 'a')
  await phones.control.order({ kind: 'slow', delay: 60_000, share: 1, match: { method: 'PUT' } })
  await phone.button('上传').tap()
  await phone.seen('B · 已用')
  await phone.button('返回').tap()
  await dialog().getByText('离开会取消传输').waitFor()
  await dialog().getByRole('button', { name: '取消' }).tap()
  await phone.seen('B · 已用')
  await phone.button('返回').tap()
  await dialog().getByRole('button', { name: '确定' }).tap()
  await phone.seen('传输已取消')
  await until(async () => (await phone.button('返回').count()) === 0, 'the first page')
})

test('a page that is left while it waits for the server is left in peace', async () => {
  phone = await phones.open('index')
  const { page } = phone
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await page.route('**/faults', async (route) => {
    await released
    await route.continue()
  })
  const asked = page.waitForRequest('**/faults')
  await page.evaluate(() => wx.reLaunch({ url: '/setup/drill/drill' }))
  await asked
  const left = await page.evaluateHandle(() => getCurrentPages().at(-1)!)
  await page.evaluate(() => wx.reLaunch({ url: '/pages/index/index' }))
  release()
  await page.waitForFunction(({ data }) => data['faultsUrl'] !== '', left)
  await phone.seen('本地 COS')
})
