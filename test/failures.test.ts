import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Phone } from './helpers/phone'
import { until } from './helpers/until'
import { usePhones } from './helpers/use-phones'

/** What the screen says of each failure in a real Chromium, and that trying again then works. */

const phones = usePhones()
let phone: Phone

const failure = () => phone.page.getByRole('alert')

let chosen = 0

/** Each file has a name of its own: nothing is overwritten, so nothing is asked. */
const choose = (name: string, content: Uint8Array | string, on = phone) =>
  on.chooseOne(`${++chosen}-${name}`, content)

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
    await phones.control.order({ kind, share: 1, match: { method } })
    await (index === 0 ? begin() : phone.button('重试').tap())
    await expectFailure(title, code, fix)
    await phones.control.clear()
  }
  await phone.button('重试').tap()
}

test.each([
  ['put-object', 'PUT'],
  ['post-object', 'POST'],
  ['multipart-upload', 'PUT'],
])('faults on %s: each is named, and the last try goes through', async (name, method) => {
  phone = await phones.open(name)
  await choose('a.txt', 'a')
  // A multipart upload retries for half a minute where that can help.
  const met = FAULTS.filter(
    ([, , , fix]) => name !== 'multipart-upload' || !/^(稍后|检查)/.test(fix),
  )
  await expectFaults(met, method, () => phone.button('上传').tap())
  await phone.seen('上传完成')
  expect(await failure().count()).toBe(0)
})

test('multipart-upload: a busy COS is tried again, and what fails is resumed', async () => {
  phone = await phones.open('multipart-upload')
  await choose('large.bin', Buffer.alloc(3 * 1024 * 1024))
  await phones.control.order({ kind: '503', share: 1, match: { method: 'PUT' } })
  await phone.page.clock.install()
  await phone.button('上传').tap()
  await phone.button('暂停').waitFor()
  for (let retries = 0; !(await failure().isVisible()) && retries < 200; retries++) {
    await phone.page.clock.runFor(1000)
  }
  await expectFailure('COS 暂时不可用', '503', '稍后重试')
  await phone.seen('重试会续传')
  await phones.control.clear()
  await phone.button('重试').tap()
  await phone.seen('上传完成')
})

test('faults on download-object: each is named, and the last try goes through', async () => {
  phone = await phones.open('put-object')
  await choose('a.txt', 'a')
  await phone.button('上传').tap()
  await phone.button('下载这个对象').tap()
  await phone.page.getByRole('heading', { name: '下载' }).first().waitFor()
  await expectFaults([...FAULTS], 'GET', () => phone.button('下载').last().tap())
  await phone.seen('下载完成')
})

test('slow: it is said that nothing moves, and it ends well', async () => {
  phone = await phones.open('post-object')
  await choose('a.txt', 'a')
  await phones.control.order({ kind: 'slow', delay: 12_000, times: 1, match: { method: 'POST' } })
  await phone.button('上传').tap()
  await phone.seen('暂时没有进度')
  await phone.seen('上传完成')
})

test('canceled: the file is kept', async () => {
  phone = await phones.open('put-object')
  await choose('a.txt', 'a')
  await phones.control.order({ kind: 'slow', delay: 12_000, times: 1, match: { method: 'PUT' } })
  await phone.page.clock.install()
  await phone.button('上传').tap()
  await phone.button('取消').tap()
  await phone.seen('已取消')
  await phones.control.clear()
  await phone.page.clock.fastForward(1000) // no double tap any more
  await phone.button('重试').tap()
  await phone.seen('上传完成')
})

describe('the failure drill', () => {
  beforeEach(async () => {
    phone = await phones.open('drill')
    await phone.button('上传').waitFor()
  })

  test('each way meets the chosen fault, and nothing else does', async () => {
    await phone.page.getByRole('radio', { name: '没有权限' }).tap()
    for (const [way, action] of [
      ['PUT', '上传'],
      ['POST 表单', '上传'],
      ['分块', '上传'],
      ['下载', '下载'],
    ] as const) {
      await phone.page.getByRole('radio', { name: way }).tap()
      await phone.button(action).tap()
      await expectFailure('没有权限', 'ACCESS_DENIED', 'name/cos:')
      await phone.seen('故障已解除')
      expect(await phones.control.pending()).toEqual([])
    }
  })

  test('a page that is reloaded in the middle leaves no fault behind', async () => {
    await phone.page.route(`${phones.stack.cloud}/**`, () => {}) // never answers
    await phone.button('上传').tap()
    await until(async () => (await phones.control.pending()).length > 0, 'the fault')
    await phone.page.reload()
    await phone.button('上传').waitFor()
    expect(await phones.control.pending()).toEqual([])
  })
})

test('NO_SUCH_KEY: nothing is there yet', async () => {
  phone = await phones.open('download-object?key=%E6%B2%A1%E6%9C%89.txt')
  await phone.button('下载').last().tap()
  await expectFailure('没有这个对象', 'NoSuchKey', '或先上传')
  const other = await phones.open('put-object?key=%E6%B2%A1%E6%9C%89.txt')
  await choose('a.txt', 'a', other)
  await other.button('上传').tap()
  await other.seen('上传完成')
  await phone.button('重试').tap()
  await phone.seen('下载完成')
})

test('a file too large for PUT: another way takes it, and a smaller file goes up', async () => {
  phone = await phones.open('put-object')
  await choose('large.bin', Buffer.alloc(50 * 1024 * 1024 + 1))
  await phone.seen('文件超过 50 MB')
  await phone.button('改用分块上传').tap()
  await phone.page.getByText('large.bin').last().waitFor()
  await phone.page.goBack()
  await phone.button('更换').tap()
  await choose('a.txt', 'a')
  await phone.button('上传').tap()
  await phone.seen('上传完成')
})

describe('something on the way', () => {
  beforeEach(async () => {
    phone = await phones.open('put-object')
    await choose('a.txt', 'a')
  })

  const retryWorks = async () => {
    await phone.page.unrouteAll()
    await phone.button('重试').tap()
    await phone.seen('上传完成')
  }

  test('SERVER_UNREACHABLE', async () => {
    await phone.page.route(`${phones.stack.server}/**`, (route) => route.abort('connectionrefused'))
    await phone.button('上传').tap()
    await expectFailure('连不上服务器', 'SERVER_UNREACHABLE', 'npm start')
    await retryWorks()
  })

  test.each([
    ['SIGNATURE_MISMATCH', '签名不匹配', /(q-signature=)\w+/, '0'.repeat(40), 'FormatString'],
    ['INVALID_KEY_ID', 'COS 不认识这个 SecretId', /(q-ak=)[\w-]+/, 'nobody', '换用新的'],
  ])('%s', async (code, title, part, other, fix) => {
    await phone.page.route(`${phones.stack.cloud}/**`, (route) =>
      route.continue({ url: route.request().url().replace(part, `$1${other}`) }),
    )
    await phone.button('上传').tap()
    await expectFailure(title, code, fix)
    await retryWorks()
  })

  test('KEY_NOT_ALLOWED, when the server signs', async () => {
    await phone.page.evaluate(() => wx.setStorageSync('signing-source', 'server-signed'))
    await phone.page.route(`${phones.stack.server}/presign`, (route) => {
      const body = { ...(route.request().postDataJSON() as object), key: 'users/other/a.txt' }
      return route.continue({ postData: JSON.stringify(body) })
    })
    await phone.button('上传').tap()
    await expectFailure('不能使用这个对象键', 'KEY_NOT_ALLOWED', '请更换对象键')
    await retryWorks()
  })
})
