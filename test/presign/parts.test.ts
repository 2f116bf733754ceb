/** @jest-environment node */
import { execFileSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from '@jest/globals'
import COS, { explain } from '../../miniprogram/cos'
import { authorizationOf, carry, type Carrier } from '../../miniprogram/presign/carriers'
import { toCurl, toWxCode } from '../../miniprogram/presign/copy-as'
import { headerLines, readHeaders, readQuery } from '../../miniprogram/presign/fields'
import { dotted, hideSigned, maskMiddle, maskSigned } from '../../miniprogram/presign/mask'
import { dateTime, duration } from '../../miniprogram/presign/times'
import { t, NOW, KEY, BUCKET, HOST, clock, sign } from './parts'

describe('fields', () => {
  test('parameters, one on each line, as they are', () => {
    const { fields } = readQuery('imageMogr2/thumbnail/200x/\r\n\na = b=c \nname=')
    expect(fields).toEqual({ 'imageMogr2/thumbnail/200x/': '', 'a ': ' b=c ', name: '' })
  })

  test('headers, without the spaces that HTTP drops', () => {
    const { fields } = readHeaders(' Content-Type :  text/plain; charset=utf-8 \nx-cos-a:')
    expect(fields).toEqual({ 'Content-Type': 'text/plain; charset=utf-8', 'x-cos-a': '' })
    expect(readHeaders(headerLines(fields)).fields).toEqual(fields)
  })

  test.each([
    [readHeaders, 'Content-Type text/plain'],
    [readHeaders, ': x'],
    [readHeaders, '中文: x'],
    [readHeaders, 'a b: x'],
    [readQuery, '=x'],
  ])('%p does not take %j', (read, line) => {
    expect(read(`ok: 1\n${line}`)).toEqual({ fields: {}, wrongLine: line })
  })

  test('a line that is mostly spaces is read at once', () => {
    const before = process.cpuUsage()
    expect(readHeaders(`a: b${' '.repeat(100_000)}c`).fields.a).toHaveLength(100_002)
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000)
  })

  test('one name twice is no field', () => {
    expect(readQuery('a=1\na=2').wrongLine).toBe('a=2')
  })

  test('names of Object.prototype are names', () => {
    expect(Object.entries(readQuery('__proto__=1\nconstructor=2').fields)).toHaveLength(2)
  })
})

describe('carriers', () => {
  test('carry the same Authorization', () => {
    const url = sign({ Query: { 'a/b': '1&2', 中文: '' } }, { SecurityToken: 'to+k/en=' })
    const { headers } = carry(url, 'header')
    expect(headers).toEqual({
      Authorization: authorizationOf(url),
      'x-cos-security-token': 'to+k/en=',
    })
    expect(headers.Authorization).toContain('q-url-param-list=%25e4%25b8%25ad'.replace(/%25/g, '%'))
    expect(explain(carry(url, 'sign').url)).toEqual(explain(url))
    expect(carry(url, 'flat')).toEqual({ url, headers: {} })
  })

  test('leave a clean URL to a header', () => {
    expect(carry(sign(), 'header').url).toBe(`https://${HOST}/a.txt`)
    expect(carry(sign({ Query: { acl: '' } }), 'header').url).toBe(`https://${HOST}/a.txt?acl=`)
  })

  test('what is derived from the SecretKey is what COS.getAuthorization gives', () => {
    const given = { Method: 'get', Key: 'a.txt', ...BUCKET, ...KEY, Clock: clock }
    expect(authorizationOf(sign())).toBe(COS.getAuthorization(given))
  })
})

describe('copy as', () => {
  const request = {
    url: `https://${HOST}/a?x=1`,
    method: 'PUT',
    headers: {
      'Content-Type': 'text/plain',
      'x-cos-meta-it': `it's "$HOME" \`id\` \\ !`,
      'x-cos-e': '',
    },
    body: `@it's\n"100%" $(id) \\`,
  }

  test('curl, safe in a shell whatever it holds', () => {
    const words = execFileSync(
      'sh',
      [
        '-c',
        toCurl(request).replace(
          /^curl/,
          'node -e "console.log(JSON.stringify(process.argv.slice(1)))" --',
        ),
      ],
      { encoding: 'utf8' },
    )
    expect(JSON.parse(words)).toEqual([
      '-X',
      'PUT',
      request.url,
      '-H',
      'Content-Type: text/plain',
      '-H',
      `x-cos-meta-it: it's "$HOME" \`id\` \\ !`,
      '-H',
      'x-cos-e;',
      '--data-raw',
      request.body,
    ])
  })

  test('curl, with no type of its own, and no wait for the body of a HEAD', () => {
    expect(toCurl({ ...request, headers: {} })).toContain("-H 'Content-Type:'")
    const head = toCurl({ url: request.url, method: 'HEAD', headers: {} })
    expect(head).toBe(`curl --head '${request.url}'`)
  })

  test('wx code, which sends exactly that', () => {
    const calls: Record<string, unknown>[] = []
    const wx = { request: (option: Record<string, unknown>) => calls.push(option) }
    runInNewContext(toWxCode({ ...request, body: `${request.body}\u2028` }), { wx, console })
    expect(calls).toMatchObject([
      { url: request.url, method: 'PUT', header: request.headers, data: `${request.body}\u2028` },
    ])
    runInNewContext(toWxCode({ url: request.url, method: 'GET', headers: {} }), { wx, console })
    expect(calls[1]).toMatchObject({ method: 'GET', header: {} })
    expect(calls[1]).not.toHaveProperty('data')
  })
})

describe('mask', () => {
  test('signature and token are hidden in every carrier', () => {
    const url = sign({ Query: { after: '1' } }, { SecurityToken: 'to+k/en' })
    const { GivenSignature } = explain(url)
    for (const carrier of ['flat', 'sign', 'header'] as Carrier[]) {
      const carried = carry(url, carrier)
      const text = `${carried.url} ${headerLines(carried.headers)}`
      expect(text).toContain(GivenSignature)
      const masked = maskSigned(text)
      expect(masked).not.toContain(GivenSignature)
      expect(masked).not.toMatch(/to(%2B|\+)k/)
      expect(masked).toContain('after=1')
    }
  })

  test('places are kept until the dots are made', () => {
    const text = 'get\n/\nx-cos-security-token=a%2Bb&y=1\n\n'
    expect(hideSigned(text)).toHaveLength(text.length)
    expect(dotted(hideSigned(text))).toBe('get\n/\nx-cos-security-token=••••••&y=1\n\n')
  })

  test('of a SecretId only the ends are left', () => {
    expect(maskMiddle(`AKIDab${'0'.repeat(26)}wxyz`)).toBe('AKIDab••••••wxyz')
    expect(maskMiddle('short')).not.toContain('short')
  })
})

describe('times', () => {
  test.each([
    [0, '0 秒'],
    [899.9, '14 分 59 秒'],
    [3_600, '1 小时 0 分'],
    [2 * 86_400 + 3_661, '2 天 1 小时 1 分'],
    [3 * 86_400 - 1, '2 天 23 小时 59 分'],
    [-5, '0 秒'],
  ])('%d seconds are %s', (seconds, text) => expect(duration(seconds, t)).toBe(text))

  test('a date, in local time; none for no time', () => {
    expect(dateTime(NOW)).toMatch(/^2023-11-1[45] \d\d:\d\d:20$/)
    expect(dateTime(NaN)).toBe('—')
  })
})
