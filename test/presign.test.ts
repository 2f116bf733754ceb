import { expect, test } from '@jest/globals'
import type { Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** The signing page in a real Chromium: sign, send, fail, find the character. */

const phones = usePhones()
let phone: Phone

const text = (of: string) => phone.page.getByText(of, { exact: true }).filter({ visible: true })
const area = (label: string) => phone.page.locator(`textarea[aria-label="${label}"]:visible`)
const clipboard = () => phone.page.evaluate(() => navigator.clipboard.readText())

/** The URL as it is copied: on screen it is masked. */
async function copyUrl(): Promise<string> {
  await text('URL').last().tap()
  await text('已复制 ✓').first().waitFor()
  return clipboard()
}

test('from a key to a URL, to its answer, to a 403, to the character that differs', async () => {
  phone = await phones.open('presign')
  await phone.page.locator('input:visible').first().fill('照片/a b+c.txt')
  await phone.seen(/%E7%85%A7%E7%89%87\/a%20b%2Bc\.txt\?q-sign/)
  expect(await phone.page.locator('body').innerText()).not.toMatch(/q-signature=\w/)

  await text('PUT').tap()
  await phone.text('Query、Headers、Expires').tap()
  await area('Headers').fill('Content-Type: text/plain')
  await phone.seen(/^put\n/)
  await area('请求体').fill('写进去的')
  await text('发送').tap()
  await phone.seen('✓ PUT')

  await text('GET').tap()
  await area('Headers').fill('')
  await phone.seen(/^get\n/)
  await text('发送').tap()
  await phone.seen('✓ GET')
  await text('写进去的').waitFor()

  await text('PUT').tap()
  await area('Headers').fill('Content-Type: text/plain')
  await phone.seen(/^put\n[^]*content-type/)
  await area('实际发送的请求头').fill('Content-Type: text/html')
  await text('发送').tap()
  await phone.seen('✗ PUT')
  await phone.seen('第 4 行（请求头），第 21 个字符')

  await phone.text('在「诊断 403」中打开').tap()
  await phone.seen('已验算：用 PUT 发送，签名正确。')
  await phone.seen('第 4 行（请求头），第 21 个字符')
})

test('a URL that is copied works elsewhere, and is taken apart when it is pasted', async () => {
  phone = await phones.open('presign')
  const url = await copyUrl()
  expect((await fetch(url)).status).toBe(404) // signed right; there is no such object
  await text('诊断 403').tap()
  await area('签名 URL、Authorization、curl 命令或原始请求').fill(url)
  await phone.seen('已验算：用 GET 发送')
  const [first] = await phone.page.getByText(/还剩 1\d 分 \d+ 秒/).allInnerTexts()
  await phone.page.getByText(first!).waitFor({ state: 'detached' }) // it counts
  await phone.seen(/还剩 1\d 分 \d+ 秒/)

  const refused = await fetch(url.replace('hello.txt', 'Hello.txt'))
  await area('403 的内容').fill(JSON.stringify(await refused.text()))
  await phone.seen('大小写不一样')
})

test('the signed URL of a download goes to the inspector', async () => {
  phone = await phones.open('download-object?key=none.txt')
  await phone.button('下载').tap()
  await phone.text('没有这个对象').waitFor()
  await phone.page.locator('signed-panel wx-button').tap()
  await phone.page.locator('wx-navigator:visible', { hasText: '诊断' }).tap()
  await phone.seen('已验算：用 GET 发送')
  expect(phone.page.url()).toContain('method=GET')
})

test.each([
  { width: 320, height: 568 },
  { width: 390, height: 844 },
])('nothing is wider than a screen of $width', async (viewport) => {
  phone = await phones.open('presign', { viewport, language: 'en-US' })
  await phone.text('Query, Headers, Expires').tap()
  await phone.text('Sign, Protocol, Domain…').tap()
  await phone.page
    .locator('input:visible')
    .first()
    .fill(`${'很长'.repeat(60)}.txt`)
  await phone.seen(/%E5%BE%88%E9%95%BF/)
  const overflow = () =>
    phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await text('Inspect a 403').tap()
  await area('Signed URL, Authorization, curl command or raw request').fill(
    `https://${'x'.repeat(300)}/${'y'.repeat(300)}`,
  )
  await phone.seen('No signature found')
  expect(await overflow()).toBeLessThanOrEqual(0)
})
