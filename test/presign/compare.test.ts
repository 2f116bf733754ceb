/** @jest-environment node */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { explain, presignedUrl } from '../../miniprogram/cos'
import { carry, type Carrier } from '../../miniprogram/presign/carriers'
import { compareFormatString } from '../../miniprogram/presign/compare-format-string'
import { comparisonView } from '../../miniprogram/presign/comparison-view'
import { readAnswer } from '../../miniprogram/presign/read-answer'
import fieldReports from '../vectors/server-format-strings.json'
import { startStack, type Stack } from '../helpers/stack'
import { t, KEY, BUCKET, HOST } from './parts'

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
    Domain = new URL(stack.cloud).host
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
