/** @jest-environment node */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { explain, presignedUrl } from '../../miniprogram/cos'
import {
  authorizationOf,
  carry,
  type Carried,
  type Carrier,
} from '../../miniprogram/presign/carriers'
import { compareFormatString } from '../../miniprogram/presign/compare-format-string'
import { comparisonView } from '../../miniprogram/presign/comparison-view'
import { toCurl, toWxCode } from '../../miniprogram/presign/copy-as'
import { headerLines } from '../../miniprogram/presign/fields'
import { inspect, timeSuspicion, type SignedText } from '../../miniprogram/presign/inspect'
import { readAnswer } from '../../miniprogram/presign/read-answer'
import { readPasted } from '../../miniprogram/presign/read-pasted'
import fieldReports from '../vectors/server-format-strings.json'
import sdk from '../vectors/sdk.json'
import { startStack, type Stack } from '../helpers/stack'
import { t, NOW, KEY, BUCKET, HOST, sign } from './parts'

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

describe('readAnswer', () => {
  const [vector] = fieldReports.vectors
  const formatString = vector!.formatString
  const escaped = formatString.replace(/&/g, '&amp;')
  const xml = `<?xml version='1.0'?>\n<Error>\n<Code>SignatureDoesNotMatch</Code>\n<Message>m</Message><StringToSign>sha1\n1;2\nx\n</StringToSign><FormatString>${escaped}</FormatString></Error>`
  const json = {
    error: { Code: 'SignatureDoesNotMatch', Message: 'm', FormatString: formatString },
  }

  test.each([
    ['XML', xml],
    ['XML of a log', JSON.stringify(xml)],
    ['XML in JSON', JSON.stringify({ statusCode: 403, body: xml })],
    ['XML in HTML', xml.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')],
    ['JSON', JSON.stringify(json)],
    ['JSON over several lines', JSON.stringify(json, null, 2)],
    ['XML of Windows', xml.replace(/\n/g, '\r\n')],
    ['XML of a log of Windows', JSON.stringify(xml.replace(/\n/g, '\r\n'))],
    ['XML with more around it', `403 Forbidden\n${xml}\n--`],
  ])('%s', (_kind, text) => {
    expect(readAnswer(text)).toMatchObject({ code: 'SignatureDoesNotMatch', formatString })
  })

  test('entities by name and by number', () => {
    const lines = 'get&#10;/it&#39;s &amp; it&#x27;S &#128512;&#xa;&#10;host=x&#10;'
    const text = `<Error><Code>a</Code><FormatString>${lines}</FormatString></Error>`
    expect(readAnswer(text)?.formatString).toBe("get\n/it's & it'S 😀\n\nhost=x\n")
  })

  test.each(['', 'Forbidden', '<html><body>403</body></html>', '{"a":1}'])('%j is none', (text) => {
    expect(readAnswer(text)).toBeUndefined()
  })

  test('other codes have no FormatString', () => {
    const text = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'
    expect(readAnswer(text)).toMatchObject({ code: 'AccessDenied', formatString: undefined })
  })
})

describe('compareFormatString', () => {
  const ours = `put\n/照片/a b+c.jpg\na=1&b=x%2By\ncontent-type=image%2Fpng&host=${HOST}\n`
  const change = (from: string, to: string) => ours.replace(from, to)

  test.each([
    ['METHOD', change('put', 'get'), 0],
    ['ENCODED_TWICE', change('照片', encodeURIComponent('照片')).replace('a b+c', 'a%20b%2Bc'), 1],
    ['PLUS', change('b+c', 'b c'), 1],
    ['PATH_SLASH', change('/照片', '照片'), 1],
    ['PATH_SLASH', change('.jpg', '.jpg/'), 1],
    ['CASE', change('.jpg', '.JPG'), 1],
    ['PATH', change('照片/', ''), 1],
    ['NOT_SENT', change('a=1', 'a='), 2],
    ['ENCODED_TWICE', change('x%2By', 'x%252By'), 2],
    ['PLUS', change('x%2By', 'x%20y'), 2],
    ['VALUE', change('a=1', 'a=2'), 2],
    ['LIST', change('a=1&', ''), 2],
    ['LIST', change('a=1&', 'a=1&aa=1&'), 2],
    ['ORDER', change('a=1&b=x%2By', 'b=x%2By&a=1'), 2],
    ['TYPE_EXTENDED', change('png', 'png%3Bcharset%3DUTF-8'), 3],
    ['TYPE_CHANGED', change('image%2Fpng', 'application%2Fjson'), 3],
    ['NOT_SENT', change('image%2Fpng', ''), 3],
    ['HOST', change(HOST, 'cdn.example.com'), 3],
    ['HOST_PORT', change(HOST, `${HOST}%3A8443`), 3],
    ['NOT_SENT', change('content-type=image%2Fpng&', ''), 3],
    ['LIST', change('&host=', '&date=x&host='), 3],
    ['PATH_BUCKET', change('/照片', '/examplebucket-1250000000/照片'), 1],
    ['END', ours.slice(0, -1), 3],
  ])('%s', (cause, theirs, line) => {
    expect(compareFormatString(theirs, ours).first).toMatchObject({ cause, line })
  })

  test('other headers: their case, their value, their order', () => {
    const of = (headers: string) => `get\n/\n\n${headers}\n`
    const cause = (theirs: string, our: string, unknown?: string[]) =>
      compareFormatString(of(theirs), of(our), unknown).first?.cause
    expect(cause('x-cos-acl=Private', 'x-cos-acl=private')).toBe('CASE')
    expect(cause('x-cos-acl=public', 'x-cos-acl=private')).toBe('VALUE')
    expect(cause('b=1&a=1', 'a=1&b=1')).toBe('ORDER')
    expect(cause('content-type=image%2Fpng', 'content-type=image%2FPNG')).toBe('CASE')
    expect(cause('x-cos-acl=public', 'x-cos-acl=', ['x-cos-acl'])).toBe('NOT_KNOWN')
  })

  test('a header is in no URL: it is not encoded, and its + is no space', () => {
    const cause = (theirs: string, our: string) =>
      compareFormatString(`get\n/\n\na=${theirs}\n`, `get\n/\n\na=${our}\n`).first?.cause
    expect(cause('x%20y', 'x%2By')).toBe('VALUE')
    expect(cause('%E4%B8%AD', '%25E4%25B8%25AD')).toBe('VALUE')
    expect(cause('', 'bytes%3D0-99')).toBe('NOT_SENT')
  })

  test('a header of unknown value hides nothing that differs after it', () => {
    const [their, our] = ['content-type=a%2Fb&host=b%3A80', 'content-type=&host=b']
    const { lines, first } = compareFormatString(`get\n/\n\n${their}\n`, `get\n/\n\n${our}\n`, [
      'content-type',
    ])
    expect(first).toMatchObject({ cause: 'HOST_PORT', field: 'host' })
    const { at, ourAt } = lines[3]!
    expect([their.slice(at), our.slice(ourAt)]).toEqual(['%3A80', ''])
  })

  test('nothing differs', () => {
    expect(compareFormatString(ours, ours).first).toBeUndefined()
  })

  test('the first of several differences is the one that counts', () => {
    const theirs = change('put', 'get').replace(HOST, 'other')
    const { lines, first } = compareFormatString(theirs, ours)
    expect(first?.cause).toBe('METHOD')
    expect(lines.map(({ at }) => at >= 0)).toEqual([true, false, false, true])
  })
})

describe('comparisonView', () => {
  const StringToSign = 'sha1\n1;2\nabc\n'
  const answer = (formatString: string, stringToSign = StringToSign) => ({
    formatString,
    stringToSign,
  })
  const view = (theirs: string, HttpString: string, more = {}) =>
    comparisonView(answer(theirs), { HttpString, StringToSign, ...more }, t)!

  test('marks one whole character, and shows what cannot be seen', () => {
    const [, path] = view('get\n/a😀\t\n\n\n', 'get\n/a🎉 \n\n\n').lines
    expect(path).toMatchObject({
      theirs: { prefix: '/a', mark: '😀', rest: '␉' },
      ours: { prefix: '/a', mark: '🎉', rest: ' ' },
    })
    expect(view('get\n/a b\n\n\n', 'get\n/a+b\n\n\n').lines[1]!.theirs.mark).toBe('␣')
    expect(view('get\n/a\n\n\n', 'get\n/ab\n\n\n').lines[1]!.theirs.mark).toBe('⏎')
    expect(view('get\n/a\n\n\n', 'get\n/a\n\nhost=a\n').lines[3]!.theirs.mark).toBe('（空）')
  })

  test('says in which line and character', () => {
    expect(view('get\n/ab\n\n\n', 'get\n/ac\n\n\n').where).toBe('第 2 行（路径），第 3 个字符')
  })

  test('where nothing differs in a signature of our own: the key, unless the time is another', () => {
    const same = 'get\n/a\n\n\n'
    expect(view(same, same).cause).toContain('SecretKey')
    const other = view(same, same, { StringToSign: 'sha1\n1;3\nabc\n' })
    expect(other.cause).toBe(t.compare.kinds.OTHER_TIME)
  })
})

describe('a real 403 of the local cloud', () => {
  let stack: Stack
  let Domain: string
  beforeAll(async () => {
    stack = await startStack()
    Domain = new URL(stack.cloudUrl).host
  })
  afterAll(() => stack.stop())

  const Headers = { 'Content-Type': 'text/plain', 'x-cos-meta-a': 'A' }
  const signed = (params: object = {}, key: object = {}) =>
    presignedUrl(
      { ...KEY, ...key },
      {
        ...BUCKET,
        Key: '照片/a b.txt',
        Method: 'PUT',
        Headers,
        Domain,
        Protocol: 'http:',
        ...params,
      },
    )
  const send = async (url: string, init: RequestInit) => {
    const response = await fetch(url, { body: 'text', method: 'PUT', headers: Headers, ...init })
    return { status: response.status, body: await response.text() }
  }

  test.each(['flat', 'sign', 'header'] as Carrier[])(
    'none, with the carrier %s',
    async (carrier) => {
      const { url, headers } = carry(signed({ Query: { 'response-a/b': '中 文' } }), carrier)
      expect(await send(url, { headers: { ...Headers, ...headers } })).toMatchObject({
        status: 200,
      })
    },
  )

  test.each<[string, RequestInit, (url: string) => string]>([
    ['METHOD', { method: 'DELETE' }, (url) => url],
    ['PATH', {}, (url) => url.replace('/a%20b.txt', '/other.txt')],
    ['CASE', {}, (url) => url.replace('.txt', '.TXT')],
    ['ENCODED_TWICE', {}, (url) => url.replace('a%20b', 'a%2520b')],
    ['VALUE', {}, (url) => url.replace('&p=1', '&p=2')],
    ['NOT_SENT', {}, (url) => url.replace('&p=1', '')],
    ['TYPE_CHANGED', { headers: { ...Headers, 'Content-Type': 'text/html' } }, (url) => url],
    [
      'TYPE_EXTENDED',
      { headers: { ...Headers, 'Content-Type': 'text/plain;charset=UTF-8' } },
      (url) => url,
    ],
    ['NOT_SENT', { headers: { 'Content-Type': 'text/plain' } }, (url) => url],
    ['CASE', { headers: { ...Headers, 'x-cos-meta-a': 'a' } }, (url) => url],
    ['HOST', {}, (url) => url.replace('127.0.0.1', 'localhost')],
  ])('%s', async (cause, init, change) => {
    const url = signed({ Query: { p: '1' } })
    const { status, body } = await send(change(url), init)
    const answer = readAnswer(body)!
    expect([status, answer.code]).toEqual([403, 'SignatureDoesNotMatch'])
    const { HttpString } = explain(url, { Method: 'PUT', Headers })
    expect(compareFormatString(answer.formatString!, HttpString).first).toMatchObject({ cause })
  })

  test('nothing differs, but the SecretKey', async () => {
    const url = signed({}, { SecretKey: 'another' })
    const answer = readAnswer((await send(url, {})).body)!
    const ours = explain(url, { Method: 'PUT', Headers })
    expect(answer.stringToSign).toBe(ours.StringToSign)
    expect(comparisonView(answer, ours, t)!.cause).toBe(t.compare.kinds.SAME)
  })
})
