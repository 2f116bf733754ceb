/** @jest-environment node */
import { describe, expect, test } from '@jest/globals'
import { authorizationOf, carry, type Carried } from '../../miniprogram/presign/carriers'
import { toCurl, toWxCode } from '../../miniprogram/presign/copy-as'
import { headerLines } from '../../miniprogram/presign/fields'
import { inspect, timeSuspicion, type SignedText } from '../../miniprogram/presign/inspect'
import { readPasted } from '../../miniprogram/presign/read-pasted'
import sdk from '../vectors/sdk.json'
import { NOW, KEY, HOST, sign } from './parts'

describe('inspect', () => {
  const look = (signed: string, more: Partial<SignedText> = {}, key?: object) =>
    inspect(
      { signed, requestUrl: '', method: 'GET', headers: {}, ...more },
      key && { ...KEY, ...key },
    )

  test('a sound URL is not suspicious', () => {
    expect(look(sign()).suspicions).toEqual([])
    const type = { 'Content-Type': 'image/png' }
    const upload = sign({ Method: 'PUT', Headers: type })
    expect(look(upload, { method: 'PUT', headers: type }).suspicions).toEqual([])
  })

  test('a token that is not signed is as it should be', () => {
    const found = look(sign({}, { SecurityToken: 'token' }))
    expect([found.suspicions, found.explanation.FreeParams]).toEqual([[], []])
    expect(found.keyMayEndEarlier).toBe(true)
  })

  test.each(
    sdk.vectors
      .filter(
        ({ expected, id }) =>
          expected.startsWith('http') && /q-sig/.test(expected) && !/userinfo/.test(id),
      )
      .map(({ id, expected }) => [id, expected] as const),
  )('takes what the official SDKs sign: %s', (_id, url) => {
    expect(look(url).explanation.GivenSignature).toMatch(/^[0-9a-f]{40}$/)
  })

  const end = (url: string, time: string) =>
    url.replace(/q-(\w+)-time=\d+%3B\d+/, `q-$1-time=${time}`)

  test.each<[string, string, string, Partial<SignedText>]>([
    [
      'LIST_ENCODED_ONCE',
      'a list that is encoded once',
      sign({ Query: { 'a/b': '' } }).replace('%252f', '%2F'),
      {},
    ],
    [
      'LIST_UPPER_CASE',
      'a parameter list that is not lower-case',
      sign({ Query: { uploadId: '1' } }).replace('uploadid', 'uploadId'),
      {},
    ],
    [
      'LIST_UPPER_CASE',
      'a header list that is not lower-case',
      sign({ Headers: { 'Content-Type': 'a/b' } }).replace('content-type', 'Content-Type'),
      {},
    ],
    [
      'TOKEN_CHANGED',
      'a raw + in the token',
      sign({}, { SecurityToken: 'to+k' }).replace('%2B', '+'),
      {},
    ],
    [
      'TOKEN_CHANGED',
      'a raw + in a header of it',
      sign(),
      { headers: { 'x-cos-security-token': 'a b' } },
    ],
    [
      'HOST_NOT_SIGNED',
      'a host that is not signed',
      sign().replace('header-list=host', 'header-list='),
      {},
    ],
    ['TYPE_NOT_SIGNED', 'a PUT of any type', sign({ Method: 'PUT' }), { method: 'PUT' }],
    [
      'TYPE_NOT_SIGNED',
      'a POST of any type',
      sign({ Method: 'POST', Query: { uploads: '' } }),
      { method: 'POST' },
    ],
    ['LONG_LIFE', 'a life of over a day', sign({ Expires: 86_401 }), {}],
    ['PLAIN_HTTP', 'http: to real COS', sign({ Protocol: 'http:' }), {}],
    ['RAW_PLUS', 'a raw +', sign({ Key: 'a+b' }).replace('a%2Bb', 'a+b'), {}],
    ['RAW_SEMICOLON', 'a raw ;', sign().replace(/%3B/g, ';'), {}],
    ['BAD_TIME', 'a time that is none', end(sign(), 'now'), {}],
    ['BAD_TIME', 'an end before the start', end(sign(), '2;1'), {}],
    [
      'TOKEN_NEEDED',
      'a long SecretId without a token',
      sign({}, { SecretId: `AKID${'x'.repeat(60)}` }),
      {},
    ],
  ])('%s: %s', (suspicion, _what, url, more) => {
    expect(look(url, more).suspicions).toContain(suspicion)
  })

  test.each<[string, string, string, Partial<SignedText>]>([
    [
      'TYPE_NOT_SIGNED',
      'a part',
      sign({ Method: 'PUT', Query: { partNumber: '1', uploadId: 'u' } }),
      { method: 'PUT' },
    ],
    ['TYPE_NOT_SIGNED', 'a GET', sign(), {}],
    [
      'LIST_ENCODED_ONCE',
      'a name that is not lower-case',
      sign({ Query: { uploadId: '1', 'a/B': '' } })
        .replace('uploadid', 'uploadId')
        .replace('a%252fb', 'a%252FB'),
      {},
    ],
    ['LIST_UPPER_CASE', 'an encoded name', sign({ Query: { 'A/B': 'C' } }), {}],
    ['TOKEN_CHANGED', 'an encoded +', sign({}, { SecurityToken: 'to+k/en==' }), {}],
    ['LONG_LIFE', 'a whole day', sign({ Expires: 86_400 }), {}],
    ['PLAIN_HTTP', 'http: to another host', sign({ Domain: 'http://127.0.0.1:80' }), {}],
    ['RAW_PLUS', 'a + in a parameter', `${sign()}&x=a+b`, {}],
    ['TOKEN_NEEDED', 'a permanent SecretId', sign({}, { SecretId: `AKID${'x'.repeat(32)}` }), {}],
    [
      'TOKEN_NEEDED',
      'a token in a header',
      sign({}, { SecretId: `AKID${'x'.repeat(60)}` }),
      { headers: { 'X-Cos-Security-Token': 't' } },
    ],
  ])('no %s for %s', (suspicion, _what, url, more) => {
    expect(look(url, more).suspicions).not.toContain(suspicion)
  })

  test('the key that signed tells whether the signature is right, and for which method', () => {
    const url = sign({ Method: 'PUT', Headers: { 'content-type': 'a/b' } })
    const headers = { 'Content-Type': 'a/b' }
    const right = look(url, { method: 'PUT', headers }, { ExpiredTime: NOW + 60 })
    expect(right).toMatchObject({
      isKnownKey: true,
      signedMethod: 'PUT',
      end: NOW + 60,
      suspicions: [],
    })
    expect(look(url, { headers }, {}).suspicions).toContain('OTHER_METHOD')
    expect(look(url, { method: 'PUT' }, {}).suspicions).toEqual([]) // the type is not known
    expect(
      look(`${url}`.replace('a.txt', 'b.txt'), { method: 'PUT', headers }, {}).suspicions,
    ).toEqual(['OTHER_SIGNATURE'])
    expect(look(url, { headers }, { SecurityToken: 'x' }).suspicions).toContain('TOKEN_MISSING')
    const token = (SecurityToken: string) => sign({}, { SecurityToken })
    expect(look(token('to+ken'), {}, { SecurityToken: 'to+ken' }).suspicions).toEqual([])
    expect(look(token('to+k'), {}, { SecurityToken: 'to+ken' }).suspicions).toEqual([
      'TOKEN_CHANGED',
    ])
    expect(look(url, { headers }, { SecretId: 'another' })).toMatchObject({
      isKnownKey: false,
      signedMethod: '',
    })
  })

  test('a wrong list is not blamed on the key as well', () => {
    const url = sign({ Query: { 'a/b': '1' } })
    expect(look(url.replace('%252f', '%2F'), {}, {}).suspicions).toEqual(['LIST_ENCODED_ONCE'])
    expect(look(url.replace('%252f', '%252F'), {}, {}).suspicions).toEqual(['LIST_UPPER_CASE'])
  })

  test('an empty value that is typed is known', () => {
    const url = sign({ Headers: { 'Cache-Control': '' } })
    expect(look(url, {}, {})).toMatchObject({ unknownHeaders: ['cache-control'], signedMethod: '' })
    const typed = look(url, { headers: { 'Cache-Control': '' } }, {})
    expect(typed).toMatchObject({ unknownHeaders: [], signedMethod: 'GET' })
  })

  test('the real end is the earlier one, the real start the later one', () => {
    const url = sign().replace(/q-key-time=[^&]+/, `q-key-time=${NOW + 5};${NOW + 20}`)
    expect(look(url)).toMatchObject({ start: NOW + 5, end: NOW + 20 })
    expect(timeSuspicion(look(url), NOW)).toBe('NOT_YET_VALID')
    expect(timeSuspicion(look(url), NOW + 20)).toBeUndefined()
    expect(timeSuspicion(look(url), NOW + 21)).toBe('EXPIRED')
  })

  test('an Authorization is checked with the URL of its request only', () => {
    const signed = authorizationOf(sign({ Query: { acl: '' } }))
    expect(look(signed, {}, {})).toMatchObject({ isUrl: false, host: '', suspicions: [] })
    const requestUrl = `https://${HOST}/a.txt?acl`
    expect(look(signed, { requestUrl }, {})).toMatchObject({ host: HOST, signedMethod: 'GET' })
    const wrong = look(signed, { requestUrl: `https://${HOST}/b.txt?acl` }, {})
    expect(wrong.suspicions).toEqual(['OTHER_SIGNATURE'])
    const noHost = look(signed, { requestUrl: `${HOST}/b.txt?acl` }, {})
    expect(noHost).toMatchObject({ host: '', suspicions: [] })
  })

  const pasted = (text: string) => readPasted(text).signed

  test('what comes along with a copy is left out', () => {
    const url = sign()
    expect(pasted(` "${url}",\n`)).toBe(url)
    expect(pasted(url.replace(/&/g, '&amp;'))).toBe(url)
    expect(pasted(`${url.slice(0, 60)}\n   ${url.slice(60)}`)).toBe(url)
    const authorization = authorizationOf(url)
    for (const text of [
      `Authorization: ${authorization}`,
      `Authorization: "${authorization}"`,
      `Authorization:\n  ${authorization}`,
      /-H ('.*')/.exec(
        toCurl({ url, method: 'GET', headers: { Authorization: authorization } }),
      )![1]!,
    ]) {
      expect(pasted(text)).toBe(authorization)
    }
    const json = JSON.stringify(url).replace(/&/g, '\\u0026').replace(/\//g, '\\/')
    expect(json).toMatch(/^"https:\\\/\\\/.*\\u0026/)
    expect(pasted(json)).toBe(url)
  })

  test.each([
    ['a sentence', (url: string) => `链接：${url}，打不开。`],
    ['a sentence that ends with it', (url: string) => `Look at ${url}.`],
    ['quotes', (url: string) => `“${url}”`],
    ['brackets', (url: string) => `(see <${url}>)`],
    ['HTML', (url: string) => `<a href="${url.replace(/&/g, '&amp;')}">a</a>`],
    ['a log', (url: string) => `10:31 GET url=${url} 403`],
    ['a line after it', (url: string) => `${url}\nHost: x`],
    ['another URL before it', (url: string) => `https://a.b/c ${url}`],
    ['another URL after it', (url: string) => `${url}\n${url}x`],
    ['curl', (url: string) => toCurl({ url, method: 'GET', headers: { a: 'b' } })],
    ['wx code', (url: string) => toWxCode({ url, method: 'GET', headers: { a: 'b' } })],
  ])('a URL is found in %s', (_what, around) => {
    const url = sign({ Key: '照片/a b(1).txt', Query: { name: "it's.txt" } })
    expect(pasted(around(url))).toBe(url)
    const { url: other } = carry(url, 'sign')
    expect(pasted(around(other))).toBe(other)
  })

  test('a URL whose key is not encoded is taken whole', () => {
    const url = sign().replace('a.txt', "it's (1) 照片（2）.txt")
    expect(pasted(url)).toBe(url)
    expect(pasted(`"${url}"`)).toBe(url)
  })

  test.each([
    ['lines', ({ headers }: Carried) => headerLines(headers)],
    ['curl', ({ url, headers }: Carried) => toCurl({ url, method: 'GET', headers })],
    ['wx code', ({ url, headers }: Carried) => toWxCode({ url, method: 'GET', headers })],
  ])('an Authorization is found in %s, and its token', (what, copy) => {
    const url = sign({ Query: { acl: '' } }, { SecurityToken: 'to+k/en=' })
    const carried = carry(url, 'header')
    expect(readPasted(copy(carried))).toMatchObject({
      signed: authorizationOf(url),
      url: what === 'lines' ? '' : carried.url,
      token: 'to+k/en=',
    })
  })

  test('a query string is an Authorization, encoded or not', () => {
    const url = sign({ Query: { 'a/b': '' } }, { SecurityToken: 'to+k/en=' })
    const query = url.replace(/^.*\?/, '')
    for (const text of [query, `?${query}`]) {
      const { signed, token } = readPasted(text)
      expect([signed.startsWith(authorizationOf(url)), token]).toEqual([true, 'to+k/en='])
    }
    const sign1 = `sign=${encodeURIComponent(authorizationOf(url))}`
    expect(pasted(sign1)).toBe(authorizationOf(url))
  })

  test('an Authorization in another order is one', () => {
    const parts = authorizationOf(sign()).split('&').toReversed().join('&')
    expect(pasted(`Authorization: ${parts}`)).toBe(parts)
  })

  test('the URL of a request may have a ? in its query', () => {
    const signed = authorizationOf(sign({ Query: { x: '1?2' } }))
    const { explanation } = look(signed, { requestUrl: `https://${HOST}/a.txt?x=1?2#y` })
    expect(explanation.SignedParams).toEqual([{ name: 'x', value: '1?2' }])
  })

  test('an Authorization is suspicious with the URL of its request, too', () => {
    const signed = authorizationOf(sign({ Key: 'a+b' }))
    const requestUrl = `https://${HOST}/a+b`
    const temporary = { SecurityToken: 'token' }
    expect(look(signed, { requestUrl }).suspicions).toEqual(['RAW_PLUS'])
    expect(look(signed, { requestUrl }, temporary).suspicions).toContain('TOKEN_MISSING')
    expect(look(signed, {}, temporary).suspicions).toEqual([])
    const headers = { 'x-cos-security-token': 'token' }
    expect(look(signed, { requestUrl, headers }, temporary).suspicions).not.toContain(
      'TOKEN_MISSING',
    )
  })

  test('a paste that is mostly spaces is read at once', () => {
    const before = process.cpuUsage()
    expect(pasted(`q-a${' '.repeat(100_000)}x`)).toHaveLength(100_004)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
  })

  test.each(['https://a.b/c', 'hello', 'q-sign-algorithm=sha1&q-ak=x'])('%s is refused', (text) => {
    expect(() => look(text)).toThrow(TypeError)
  })
})
