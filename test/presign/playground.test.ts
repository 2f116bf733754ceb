import { describe, expect, test } from '@jest/globals'
import type * as Signing from '../../miniprogram/signing/index'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'
import { changeWx, stack, wx } from '../helpers/page-environment'
import { METHODS, urlOf, signedUrl, type, playground, copied, SIGNED } from './steps'

const choose = (page: Mounted, method: string) =>
  page.tap('.methods .chip', METHODS.indexOf(method))

/** Keys that some signer encodes wrongly. */
const HARD_KEYS = [
  '中文 文件.jpg',
  'a b+c&d=e?f#g%41.txt',
  '😀🎉.png',
  "it's (1)!*.txt",
  '"[x]{y}|<z>^`\\.txt',
  '~_-.',
  '//a//b/',
  '%E4%B8%AD.txt',
  `${'很长'.repeat(60)}.txt`,
]

/** Keys that clients rewrite or COS refuses, however they are signed. */
const REFUSED_KEYS = ['a/../b', './a', 'a/.', '长'.repeat(284), 'a\tb']

/** Sends, and waits for the answer of that status. */
async function send(page: Mounted, status: number) {
  await page.tap('.send')
  const { data } = page.instance.selectComponent('#playground')
  await until(() => !data.isSending, 'the answer')
  expect([page.text('.status'), page.text('.answer')]).toEqual([`${status}`, expect.anything()])
}

describe('playground', () => {
  test('begins with a URL for a GET, made by the temporary key, and every step of it', async () => {
    const page = await playground()
    expect(urlOf(page)).toMatch(/\/users\/\w+\/hello\.txt\?q-sign-algorithm=sha1/)
    expect(page.text('.source')).toContain('临时密钥')
    expect(page.texts('.step-name')).toEqual([
      'KeyTime',
      'SignKey',
      'HttpString',
      'StringToSign',
      'Signature',
    ])
    expect(page.text('.HttpString')).toMatch(/^get \/users\/\w+\/hello.txt/)
    expect(page.text('.until')).toMatch(/有效至 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/)
  })

  test('follows what is typed, in every field', async () => {
    const page = await playground()
    await page.input('key-field input', '照片/a b.png')
    expect(urlOf(page)).toContain('/%E7%85%A7%E7%89%87/a%20b.png?')
    await choose(page, 'PUT')
    await until(() => page.text('.HttpString').startsWith('put'), 'the method')
    await type(page, 'Query', 'a/b=1 2')
    expect(urlOf(page)).toContain('q-url-param-list=a%252fb')
    expect(urlOf(page)).toContain('&a%2Fb=1%202')
    await type(page, 'Headers', 'Content-Type: image/png')
    expect(page.text('.HttpString')).toContain('content-type=image%2Fpng&host=')
    await type(page, 'Expires', '60')
    const [, start = 0, end = 0] = /(\d+);(\d+)/.exec(page.text('.KeyTime'))!.map(Number)
    expect(end - start).toBe(60)
    expect(page.text('.until')).not.toContain('Expires')
    await type(page, 'Expires', '99999')
    expect(page.text('.until')).toContain('短于所填的 Expires')
    await type(page, 'Expires', '60')
    await page.tap('.protocols .chip', 0)
    expect(urlOf(page)).toMatch(/^https:/)
    await type(page, 'Domain', 'cdn.example.com')
    expect(urlOf(page)).toMatch(/^https:\/\/cdn\.example\.com\//)
    await type(page, 'Domain', '')
    await type(page, 'Bucket', 'other-1250000000')
    await type(page, 'Region', 'ap-guangzhou')
    expect(urlOf(page)).toMatch(/^https:\/\/other-1250000000\.cos\.ap-guangzhou\.myqcloud\.com\//)
    await page.trigger('switch', 'change', { value: false })
    expect(page.text('.plain-url')).toMatch(/\/a%20b\.png\?a%2Fb=1%202$/)
    expect([page.has('.url'), page.has('.carriers')]).toEqual([false, false])
    expect([page.has('.step-part'), page.text('.until')]).toEqual([
      false,
      '未签名，访问私有对象会返回 403。',
    ])
  })

  test('a tap keeps what is typed into the other fields', async () => {
    const page = await playground()
    await type(page, 'Query', 'a=1')
    await type(page, 'Headers', 'x-cos-meta-a: 1')
    await page.tap('.hard .chip')
    await choose(page, 'HEAD')
    expect(page.attr('[data-name="Query"]', 'value')).toBe('a=1')
    expect(page.attr('[data-name="Headers"]', 'value')).toBe('x-cos-meta-a: 1')
    expect(page.text('.HttpString')).toContain('x-cos-meta-a=1')
  })

  test('what is derived from the secret is masked, shown by one tap, masked by the next', async () => {
    const page = await playground()
    const url = urlOf(page)
    const signature = /q-signature=(\w+)/.exec(url)![1]!
    const token = /x-cos-security-token=([^&]+)/.exec(url)![1]!
    const signKey = String(page.attr('.SignKey', 'value'))
    expect(signKey).toMatch(/^[0-9a-f]{40}$/)
    for (const secret of [signature, token, signKey]) expect(page.text()).not.toContain(secret)
    await page.tap('.SignKey .secret')
    await page.tap('.Signature .secret')
    await page.tap('.url .secret')
    for (const secret of [signature, token, signKey]) expect(page.text()).toContain(secret)
    await page.tap('.SignKey .secret')
    expect(page.text()).not.toContain(signKey)
  })

  test('a new URL is masked again', async () => {
    const page = await playground()
    await page.tap('.url .secret')
    expect(page.text('.url')).toContain(urlOf(page))
    await page.input('key-field input', 'other.txt')
    expect(urlOf(page)).toContain('other.txt')
    expect(page.text('.url')).not.toContain(urlOf(page))
  })

  test.each([
    ['Query', '=1', '这一行有误：=1'],
    ['Query', 'a=1\na=2', '这一行有误：a=2'],
    ['Query', 'A=1\na=2', '参数名不能重复'],
    ['Query', 'q-ak=1', '不能以 q- 开头'],
    ['Query', 'a=1\nsign=1', '参数 sign 用于携带签名'],
    ['Headers', 'Content-Type', '这一行有误：Content-Type'],
    ['Expires', '0', '大于 0 的整数'],
    ['Expires', '1.5', '大于 0 的整数'],
    ['Expires', '999999999999', '大于 0 的整数'],
    ['Bucket', 'no-appid', 'BucketName-APPID'],
    ['Region', 'AP', 'ap-beijing'],
    ['Domain', 'a b', '不含路径'],
  ])('%s %j is refused with a sentence, and stays', async (name, value, sentence) => {
    const page = await playground()
    await type(page, name, value)
    expect(page.text('.problem')).toContain(sentence)
    expect(page.has('.url')).toBe(false)
    expect(page.attr('.send', 'disabled')).toBe(true)
    await type(page, name, name === 'Bucket' ? 'b-1' : name === 'Region' ? 'ap-x' : '')
    expect([page.has('.problem'), page.has('.url')]).toEqual([false, true])
  })

  test('hard keys are signed right: the local cloud takes each of them', async () => {
    const page = await playground()
    await choose(page, 'PUT')
    await type(page, 'Headers', 'Content-Type: text/plain')
    for (const key of HARD_KEYS) {
      await page.input('key-field input', key)
      await send(page, 200)
    }
    expect(page.texts('.hard .chip')).toHaveLength(3)
    for (const [index] of page.texts('.hard .chip').entries()) {
      await page.tap('.hard .chip', index)
      await send(page, 200)
    }
  })

  test('refused keys are refused by name, before anything is signed', async () => {
    const page = await playground()
    const sentences: string[] = []
    for (const key of REFUSED_KEYS) {
      await page.input('key-field input', key)
      sentences.push(page.text('.problem'))
      expect(page.has('.url')).toBe(false)
    }
    expect(sentences.join()).toMatch(/路径段.*850 字节.*控制字符/)
    await page.tap('.hard .chip')
    expect([page.has('.problem'), page.has('.url')]).toEqual([false, true])
  })

  test.each([0, 1, 2])(
    'carrier %d is taken by the local cloud: PUT, GET, HEAD',
    async (carrier) => {
      const page = await playground()
      await page.tap('.carriers .chip', carrier)
      await page.input('key-field input', `carrier ${carrier}+.txt`)
      await choose(page, 'PUT')
      await type(page, 'Headers', 'Content-Type: text/plain')
      await send(page, 200)
      expect(page.text('.answer')).toContain('etag')
      await choose(page, 'GET')
      await type(page, 'Headers', '')
      await send(page, 200)
      expect(page.text('.answer .code')).toBe('你好，COS')
      await choose(page, 'HEAD')
      await send(page, 200)
      expect(page.text('.answer')).toContain('无响应内容')
      const { option } = wx.calls.at(-1)!
      expect(String(option.url).includes('q-sign-algorithm=')).toBe(carrier === 0)
      expect(String(option.url).includes('?sign=')).toBe(carrier === 1)
      expect('Authorization' in (option.header as object)).toBe(carrier === 2)
    },
  )

  test('a header that is not sent as it was signed: the 403, and the first difference', async () => {
    const page = await playground()
    await choose(page, 'PUT')
    await type(page, 'Headers', 'Content-Type: text/plain')
    await page.input('.sent textarea', 'Content-Type: text/html')
    await send(page, 403)
    expect(page.text('.answer failure-panel')).toContain('SignatureDoesNotMatch')
    expect(page.text('.cause')).toContain('签的是“text/plain”，收到的是“text/html”')
    expect(page.text('.where')).toBe('第 4 行（请求头），第 21 个字符')
    expect(page.texts('diff-lines .mark')).toEqual(['h', 'p'])
    await page.tap('.reset')
    await send(page, 200)
    expect(page.has('diff-lines')).toBe(false)
  })

  test('goes on in the inspector, with the URL, its method, its headers and the answer', async () => {
    const page = await playground()
    await choose(page, 'PUT')
    await type(page, 'Headers', 'x-cos-meta-a: 1')
    await page.input('.sent textarea', '')
    await send(page, 403)
    await page.tap('.answer .to-inspector')
    expect(page.text('inspector .cause')).toContain('x-cos-meta-a 已签名，但请求没有带')
    await until(() => page.text('inspector').includes('已验算：用 PUT 发送'), 'the check')
  })

  test.each([1, 2])('goes on in the inspector with carrier %d, too', async (carrier) => {
    const page = await playground()
    await type(page, 'Headers', 'Range: bytes=0-1')
    await page.tap('.carriers .chip', carrier)
    await page.input('.sent textarea', 'Range: bytes=0-2')
    await send(page, 403)
    await page.tap('.answer .to-inspector')
    expect(page.text('inspector .cause')).toContain('签的是“bytes=0-1”，收到的是“bytes=0-2”')
  })

  test('goes on with the request that was sent, whatever has been typed since', async () => {
    const page = await playground()
    await type(page, 'Headers', 'Range: bytes=0-1')
    await page.input('.sent textarea', 'Range: bytes=0-2')
    await send(page, 403)
    await choose(page, 'PUT')
    await type(page, 'Headers', 'Range: bytes=0-9')
    await until(() => page.text('.HttpString').includes('0-9'), 'the new signature')
    await page.tap('.answer .to-inspector')
    expect(page.attr('inspector .signedHeaders', 'value')).toBe('Range: bytes=0-1')
    expect(page.text('inspector .methods .chosen')).toBe('GET')
  })

  test('a refusal for another reason is explained, not compared', async () => {
    const page = await playground()
    await page.input('key-field input', 'never.txt')
    await send(page, 404)
    expect(page.text('.answer')).toContain('没有这个对象')
    await choose(page, 'DELETE')
    await send(page, 403)
    expect(page.text('.answer')).toContain('没有权限')
    expect(page.has('diff-lines')).toBe(false)
  })

  test('a request that is not signed is refused for that', async () => {
    const page = await playground()
    await page.trigger('switch', 'change', { value: false })
    await send(page, 403)
    expect(page.text('.answer')).toContain('请求未签名，而对象是私有的')
    expect(page.has('.answer .to-inspector')).toBe(false)
  })

  test('says that nothing answers', async () => {
    const page = await playground()
    await type(page, 'Domain', `127.0.0.1:${await closedPort()}`)
    await page.tap('.send')
    await until(() => page.has('.answer failure-panel'), 'the failure')
    expect(page.text('.answer')).toContain('连接失败')
  })

  test('warns of the type that wx.request adds', async () => {
    const page = await playground()
    await choose(page, 'PUT')
    await until(() => page.text().includes('application/json'), 'the warning')
    await type(page, 'Headers', 'content-type: text/plain')
    expect(page.text()).not.toContain('application/json')
  })

  test('copies the URL, the Authorization, curl and code', async () => {
    const page = await playground()
    for (const index of [0, 1, 2, 3]) await page.tap('.copies button', index)
    const calls = wx.calls.filter(({ api }) => api === 'setClipboardData')
    const [url, authorization, curl, code] = calls.map(({ option }) => String(option.data))
    expect(url).toBe(urlOf(page))
    expect(authorization).toMatch(
      /^Authorization: q-sign-algorithm=sha1&q-ak=.*&q-signature=\w{40}\nx-cos-security-token: \S+$/,
    )
    expect(curl).toBe(`curl -X GET '${url}'`)
    expect(code).toContain(`url: '${url}'`)
  })

  test('the copied Authorization signs a request that has nothing else', async () => {
    const page = await playground({ key: 'nobody.txt' })
    const fields = copied(page, 'Authorization').split('\n')
    const header = Object.fromEntries(fields.map((line) => line.split(': ')))
    const url = urlOf(page).replace(/\?.*/, '')
    const { statusCode } = await new Promise<{ statusCode: number }>((success, fail) =>
      wx.request({ url, header, success, fail }),
    )
    expect(statusCode).toBe(404) // signed right; there is no such object
  })

  test('a URL whose signature is a header is said to have none', async () => {
    const page = await playground()
    expect(page.text('.result')).toContain('复制内容包含签名')
    await page.tap('.carriers .chip', 2)
    expect(copied(page, 'URL')).not.toContain('?')
    expect(page.text('.result')).toContain('URL 不含签名')
  })

  test('a token that is typed is masked in each step', async () => {
    const page = await playground()
    await type(page, 'Headers', 'x-cos-security-token: SECRETTOKEN')
    expect(page.text('.HttpString')).toContain('x-cos-security-token=••••••')
    expect(page.text()).not.toContain('SECRETTOKEN')
  })

  test('a header of other characters is refused with a sentence, where it is typed', async () => {
    const page = await playground()
    await type(page, 'Headers', 'x-cos-meta-a: 中文')
    expect(page.text('.problem')).toContain('只能包含 ASCII 字符')
    expect(page.has('.url')).toBe(false)
    await type(page, 'Headers', '')
    await page.input('.sent textarea', 'x-cos-meta-a: é')
    expect(page.text('.problem')).toContain('这一行有误：x-cos-meta-a: é')
    await page.tap('.send')
    expect(page.has('.answer')).toBe(false)
  })

  test('what is wrong is never folded away', async () => {
    const page = await playground()
    const isOpen = () => page.instance.selectComponent('#playground').data.opened
    expect(isOpen()).toEqual({ more: false, address: false })
    await type(page, 'Query', 'a=1\na=2')
    expect(isOpen()).toEqual({ more: true, address: false })
    await page.tap('.fold', 0)
    expect(isOpen().more).toBe(true)
    await type(page, 'Query', '')
    await type(page, 'Region', 'AP')
    expect(isOpen()).toEqual({ more: true, address: true })
    await page.tap('.fold', 0)
    expect(isOpen()).toEqual({ more: false, address: true })
  })

  test('the example of Query is a parameter that the policy allows', async () => {
    const page = await playground()
    const hint = String(page.attr('[data-name="Query"]', 'placeholder'))
    await choose(page, 'PUT')
    await type(page, 'Headers', 'Content-Type: text/plain')
    await send(page, 200)
    await choose(page, 'GET')
    await type(page, 'Headers', '')
    const [, ...parameters] = hint.split('\n')
    expect(parameters.length).toBeGreaterThan(0)
    await type(page, 'Query', parameters.join('\n'))
    await send(page, 200)
  })

  test('a host that is signed for another domain: the inspector says so, too', async () => {
    const page = await playground()
    await type(page, 'Headers', 'Host: cdn.example.com')
    expect(page.attr('.sent', 'value')).toBe('')
    await send(page, 403)
    expect(page.text('.answer .cause')).toContain('host 不同')
    await page.tap('.answer .to-inspector')
    await until(() => page.text('inspector').includes('已验算：用 GET 发送'), 'the check')
    expect(page.text('inspector .cause')).toBe(page.text('.answer .cause'))
  })

  test('takes a key of the query, below the prefix or with it', async () => {
    const page = await playground({ key: encodeURIComponent('照片/b.png') })
    expect(page.attr('key-field', 'value')).toBe('照片/b.png')
    const prefix = page.attr('key-field', 'prefix')
    page.unmount()
    const again = await playground({ key: encodeURIComponent(`${prefix}c.png`) })
    expect(again.attr('key-field', 'value')).toBe('c.png')
  })

  test('where the server signs, there is no SignKey, and it is said why', async () => {
    wx.setStorageSync('signing-source', 'server-signed')
    const page = await playground()
    expect(page.text('.source')).toContain('不显示 SignKey')
    expect(page.texts('.step-name')).toEqual(['KeyTime', 'HttpString', 'StringToSign', 'Signature'])
    expect(page.has('.carriers')).toBe(false)
    await choose(page, 'PUT')
    await until(() => page.text('.HttpString').startsWith('put'), 'the method')
    await send(page, 200)
  })

  test('where the server signs, the last that was typed is what is shown', async () => {
    wx.setStorageSync('signing-source', 'server-signed')
    const page = await playground()
    const before = wx.calls.length
    for (const name of ['1', '12', '123', '1234', '12345']) {
      await page.input('key-field input', name)
    }
    await until(() => urlOf(page).includes('/12345?'), 'the newest URL')
    const asked = wx.calls.slice(before).map(({ option }) => (option.data as { key: string }).key)
    expect(asked.at(-1)).toMatch(/\/12345$/)
    expect(asked.length).toBeLessThanOrEqual(5)
  })

  test('signs with a permanent key, without a server', async () => {
    const page = await playground()
    page.unmount()
    await changeWx({ storage: { 'server-url': `http://127.0.0.1:${await closedPort()}` } })
    const other = mount('presign/presign', { query: { tab: 'inspector' } })
    const { chooseSource } = require('../../miniprogram/signing/index') as typeof Signing
    chooseSource('permanent-key', {
      SecretId: 'local-secret-id',
      SecretKey: 'local-secret-key',
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Domain: new URL(stack.cloud).host,
      Protocol: 'http:',
    })
    await other.tap('.tab', 0)
    await signedUrl(other)
    expect(other.text('.source')).toContain('永久密钥')
    await other.input('key-field input', '')
    expect(urlOf(other)).toMatch(/^http:\/\/[\d.:]+\/\?q-sign/) // the bucket itself
    await send(other, 200)
    expect(other.text('.answer .code')).toContain('<ListBucketResult')
  })

  test('says that the server is down, and tries again', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount('presign/presign')
    await until(() => page.has('failure-panel .failure'), 'the failure')
    expect(page.text('failure-panel')).toContain('连不上服务器')
    wx.setStorageSync('server-url', stack.server)
    await page.tap('playground .retry')
    await signedUrl(page)
  })
})

test('speaks English to others', async () => {
  await changeWx({ language: 'en' })
  const page = await playground()
  expect(page.text()).toContain('Result')
  await page.tap('.tab', 1)
  await page.input('inspector .request textarea', SIGNED)
  const spoken = page.text().replace(/中文 文件|很长|长/g, '')
  expect(spoken).not.toMatch(/[\u4e00-\u9fff]/)
})
