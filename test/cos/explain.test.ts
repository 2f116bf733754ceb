import { describe, expect, test } from '@jest/globals'
import COS, { explain } from '../../miniprogram/cos'
import field from '../vectors/server-format-strings.json'
import sdk from '../vectors/sdk.json'
import wire from '../vectors/sdk-wire.json'

const NOW = 1_700_000_000
const KEYS = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '照片/a b+c.jpg' }
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const cos = new COS({ ...KEYS, SecurityToken: 'to+ken', Clock: () => NOW * 1000 })

describe('explain', () => {
  test('shows the parts and every string of a URL', () => {
    const url = cos.getObjectUrl({
      ...OBJECT,
      Method: 'PUT',
      Query: { 'a/b': '1+2' },
      Headers: { 'Content-Type': 'image/png' },
    })
    const shown = explain(`${url}&extra=1`, {
      Method: 'PUT',
      Headers: { 'content-type': 'image/png' },
      SecretKey: 'SECRETKEY',
    })
    expect(shown).toMatchObject({
      SecretId: 'SECRETID',
      SecurityToken: 'to+ken',
      KeyTime: `${NOW - 1};${NOW + 899}`,
      Host: HOST,
      Pathname: '/照片/a b+c.jpg',
      SignedHeaders: [
        { name: 'content-type', value: 'image/png' },
        { name: 'host', value: HOST },
      ],
      SignedParams: [{ name: 'a%2fb', value: '1+2' }],
      FreeParams: ['extra'],
      HttpString: `put\n/照片/a b+c.jpg\na%2fb=1%2B2\ncontent-type=image%2Fpng&host=${HOST}\n`,
    })
    expect(shown.StringToSign).toMatch(/^sha1\n1699999999;1700000899\n[0-9a-f]{40}\n$/)
    expect(shown.SignKey).toMatch(/^[0-9a-f]{40}$/)
    expect(shown.Signature).toBe(shown.GivenSignature)
  })

  test('shows what is not as it was signed', () => {
    const url = cos.getObjectUrl({ ...OBJECT, Method: 'PUT' })
    const shown = explain(url, { Method: 'GET', SecretKey: 'SECRETKEY' })
    expect(shown.Signature).not.toBe(shown.GivenSignature)
  })

  test('names a signed header that it does not know', () => {
    const url = cos.getObjectUrl({ ...OBJECT, Headers: { 'x-cos-acl': 'private' } })
    expect(explain(url).SignedHeaders).toContainEqual({ name: 'x-cos-acl', value: undefined })
  })

  test('keeps secrets to those who have them', () => {
    const shown = explain(cos.getObjectUrl(OBJECT))
    expect([shown.SignKey, shown.Signature]).toEqual([undefined, undefined])
  })

  test('takes an Authorization apart, and a URL that carries it in sign', () => {
    const request = { Method: 'get', Key: OBJECT.Key, Query: { acl: '' }, Headers: { Host: HOST } }
    const Authorization = COS.getAuthorization({ ...KEYS, ...request, Clock: () => NOW * 1000 })
    const alone = explain(Authorization, { ...request, SecretKey: 'SECRETKEY' })
    expect(alone.Signature).toBe(alone.GivenSignature)

    const path = encodeURIComponent(OBJECT.Key).replace(/%2F/g, '/')
    const url = `https://${HOST}/${path}?acl&sign=${encodeURIComponent(Authorization)}`
    const inUrl = explain(url, { SecretKey: 'SECRETKEY' })
    expect(inUrl.Signature).toBe(alone.Signature)
    expect(inUrl.FreeParams).toEqual([])
  })

  const urls = sdk.vectors.filter(({ expected }) => expected.includes('q-signature'))
  test.each(
    urls
      .filter(({ api, id }) => api !== 'COS.getAuthorization' && !/userinfo|upper|header/.test(id))
      .map((vector) => [vector.id, vector] as const),
  )('agrees with the official SDKs: %s', (_id, vector) => {
    const { params, options } = vector as unknown as {
      params: { Method?: string; Headers?: Record<string, string> }
      options: { SecretKey: string }
    }
    const shown = explain(vector.expected, {
      Method: params.Method,
      Headers: params.Headers,
      SecretKey: options.SecretKey,
    })
    expect(shown.Signature).toBe(shown.GivenSignature)
  })

  test('shows the FormatString that COS answers with', () => {
    const captured = wire.vectors.filter(({ request }) => {
      const { Authorization } = request.header as { Authorization?: string }
      return request.via === 'wx.request' && Authorization !== undefined
    })
    expect(captured.length).toBeGreaterThan(20)
    for (const { request, check } of captured) {
      const { Authorization, ...Headers } = request.header as object as Record<string, string>
      const [, host, path, query = ''] = /^https:\/\/([^/]+)([^?]*)\??(.*)$/.exec(request.url)!
      const Query = Object.fromEntries(new URLSearchParams(query))
      const { HttpString } = explain(Authorization!, {
        Method: request.method,
        Key: decodeURIComponent(path!),
        Query,
        Headers: { ...Headers, host, 'Content-Length': contentLength(check.formatString) },
      })
      expect(HttpString).toBe(check.formatString)
    }
  })

  test('decodes a raw + in a path to a space, as COS does', () => {
    const [vector] = field.vectors
    const [, path = ''] = vector!.formatString.split('\n')
    const host = /host=(.*)\n/.exec(vector!.formatString)![1]!
    const raw = encodeURI(path).replace(/%20/, '+')
    const url = `https://${host}${raw}?q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=b`
    expect(explain(url, { Method: 'PUT' }).HttpString).toBe(vector!.formatString)
  })

  test.each([
    ['', 'q-sign-algorithm'],
    ['https://example.com/a', 'q-sign-algorithm'],
    ['q-sign-algorithm=sha1&q-ak=a', 'q-sign-time'],
    [undefined, 'q-sign-algorithm'],
  ])('refuses %j with a reason', (text, reason) => {
    expect(() => explain(text as string)).toThrow(TypeError)
    expect(() => explain(text as string)).toThrow(reason)
  })
})

test('a URL that is not percent-encoded UTF-8 is refused as such', () => {
  expect(() => explain('https://example.com/a?b=%E0')).toThrow(URIError)
})

/** The platform sets it, so the captured request does not hold it. */
function contentLength(formatString: string): string | undefined {
  return /content-length=(\d+)/.exec(formatString)?.[1]
}
