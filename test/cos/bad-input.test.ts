import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { parseRequest, queryValue, type CosRequest, type Pair } from '../../local-cloud/cos/request'
import {
  checkTime,
  expectedSignature,
  findSignature,
  parseAuthorization,
  signText,
  type RequestSignature,
} from '../../local-cloud/cos/signature'
import COS, {
  postForm,
  type PostForm,
  type PresignedUrl,
  type SignerError,
} from '../../miniprogram/cos'

/**
 * Every argument of every function, given everything that is not meant for it. What comes back is
 * either right, by the local cloud's own verifier, or a TypeError that names the argument and says
 * what it wanted.
 */

const NOW = 1_700_000_000
const Clock = () => NOW * 1000
const KEYS = { SecretId: 'SECRETID', SecretKey: 'SECRETKEY' }
const OBJECT = {
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
  Key: 'photo.jpg',
}

/** Anything, by a name for it. */
const ANYTHING: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  'an empty text': '',
  '0': 0,
  '5': 5,
  '-1': -1,
  '1.5': 1.5,
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
  '1e21': 1e21,
  true: true,
  false: false,
  'a BigInt': BigInt(1),
  'a symbol': Symbol('symbol'),
  'a function': () => 'result',
  'an object': {},
  'an object without a prototype': Object.create(null),
  'an array': ['a', 'b'],
  'an empty array': [],
  'a Date': new Date(NOW * 1000),
  'an invalid Date': new Date(NaN),
  'a String object': Object('text'),
  digits: '60',
  'a text': 'text',
  blanks: '  ',
  'a line break': 'a\r\nb: c',
  'marks of a URL': 'a&b=c?d#e/f;g%zz%2F+',
  'not ASCII': '中文😀é',
  'a lone surrogate': 'a\ud800b',
  'a NUL': 'a\u0000b',
  '128 KB': 'a中'.repeat(2 ** 15),
  '".."': '..',
  'a ".." segment': 'a/../b',
  'a "." segment': './a',
  slashes: '///',
  'a host with a path': 'cdn.example.com/base',
  'a host with a user': 'me@cdn.example.com',
  __proto__: '__proto__',
  hasOwnProperty: 'hasOwnProperty',
  constructor: 'constructor',
  'a placeholder': 'COS_REGION',
}

/** Parameters or headers that no one means. */
const FIELDS: Record<string, unknown> = {
  ...Object.fromEntries(
    Object.entries(ANYTHING).map(([name, value]) => [`{a: ${name}}`, { a: value }]),
  ),
  'a lone surrogate for a name': { 'a\udc00': '1' },
  'no name': { '': '1' },
  'two names that differ in case': { Range: '1', rANGE: '2' },
  'names of the prototype': JSON.parse('{"__proto__":"1","hasOwnProperty":"2","toString":"3"}'),
  'no prototype': Object.assign(Object.create(null), { a: '1' }),
  '10,000 names': Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`n/${i}`, `${i}`])),
  'a name of 64 KB': { ['n'.repeat(2 ** 16)]: '1' },
  'a name of the signature': { 'q-signature': '1' },
  'the name sign': { sign: '1' },
}

/** What must never be seen in something signed, unless it was given as a text. */
const ACCIDENT =
  /undefined|null|NaN|Infinity|(\[|%5B)object|(=>|%3D%3E)|Symbol(\(|%28)|Invalid( |%20)Date/i

type Options = Record<string, unknown>

interface Subject {
  /** Right options, of which one is replaced. */
  options: Options
  args: Record<string, Record<string, unknown>>
  call(options: never): unknown
  /** Expects a result to be what the options ask for. */
  expectRight(result: never, options: Options): void
}

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
const pairs = (fields: unknown) =>
  Object.entries(fields ?? {})
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, text(value)] as const)
const pathOf = (options: Options) => `/${text(options.Key).replace(/^\//, '')}`
const methodOf = (options: Options) => text(options.Method ?? 'GET').toUpperCase()
const withoutHost = (headers: unknown) =>
  pairs(headers).filter(([name]) => name.toLowerCase() !== 'host')

function expectSigned(
  request: CosRequest,
  signature: RequestSignature | undefined,
  options: Options,
) {
  expect(signature).toBeDefined()
  expect(signature!.secretId).toBe(text(options.SecretId))
  // Without a Clock it is the real time.
  checkTime(signature!.signTime, options.Clock === undefined ? Date.now() / 1000 : NOW)
  const expected = expectedSignature(request, signature!, text(options.SecretKey))
  expect(signature!.signature).toBe(expected.signature)
}

function expectRightAuthorization(authorization: string, options: Options): void {
  expect(typeof authorization).toBe('string')
  const signature = parseAuthorization(authorization)
  const host = `${text(options.Bucket)}.cos.${text(options.Region)}.myqcloud.com`
  const request = {
    method: methodOf(options),
    path: pathOf(options),
    query: pairs(options.Query),
    headers: [['Host', host] as const, ...withoutHost(options.Headers)],
  }
  expectSigned(request as unknown as CosRequest, signature, options)
}

/** The URL says what was asked for, and the local cloud accepts its signature. */
function expectRightUrl(url: string, options: Options): void {
  expect(typeof url).toBe('string')
  const [, host = '', target = ''] = /^https?:\/\/([^/?#]+)(\/[^#]*)$/.exec(url) ?? []
  const headers = [['Host', host] as const, ...withoutHost(options.Headers)]
  const request = parseRequest({
    method: methodOf(options),
    url: target,
    headers: {},
    rawHeaders: headers.flat().map((value) => Buffer.from(value).toString('latin1')),
  } as unknown as IncomingMessage)
  const isGiven = ([name]: Pair) => !/^q-|^x-cos-security-token$/.test(name)
  expect(request.path).toBe(pathOf(options))
  expect(String(request.query.filter(isGiven).toSorted())).toBe(
    String(pairs(options.Query).toSorted()),
  )
  const signature = findSignature(request)
  const hasKey = options.SecretId !== undefined || options.SecretKey !== undefined
  if (options.Sign === false || !hasKey) {
    expect(signature).toBeUndefined()
    return
  }
  expect(queryValue(request, 'x-cos-security-token')).toBe(text(options.SecurityToken) || undefined)
  expectSigned(request, signature, options)
}

function expectRightForm({ Url, Fields, ExpiredTime }: PostForm, options: Options): void {
  expect(Url).toMatch(/^https?:\/\/[^/]+\/$/)
  expect(ExpiredTime).toBeGreaterThanOrEqual(NOW)
  const policy = Buffer.from(Fields.policy!, 'base64').toString()
  expect(policy).not.toMatch(ACCIDENT)
  const { conditions } = JSON.parse(policy) as { conditions: unknown[] }
  expect(conditions).toContainEqual(['eq', '$key', pathOf(options).slice(1)])
  expect(Fields['q-ak']).toBe(text(options.SecretId))
  expect(Fields['x-cos-security-token']).toBe(text(options.SecurityToken) || undefined)
  expect(Fields['Content-Type']).toBe(text(options.ContentType) || undefined)
  const digest = createHash('sha1').update(policy).digest('hex')
  expect(Fields['q-signature']).toBe(
    signText(digest, Fields['q-key-time']!, text(options.SecretKey)),
  )
}

const ADDRESS = { Bucket: ANYTHING, Region: ANYTHING, Key: ANYTHING }
const KEY_AT_HAND = { SecretId: ANYTHING, SecretKey: ANYTHING }
const TEMPORARY = {
  SecurityToken: ANYTHING,
  StartTime: ANYTHING,
  ExpiredTime: ANYTHING,
}
const REQUEST = {
  Method: ANYTHING,
  Query: FIELDS,
  Headers: FIELDS,
  Expires: ANYTHING,
}
const PLACE = { Protocol: ANYTHING, Domain: ANYTHING }

const SUBJECTS: Record<string, Subject> = {
  'COS.getAuthorization': {
    options: { ...KEYS, ...OBJECT, Clock },
    args: { ...KEY_AT_HAND, ...ADDRESS, ...REQUEST, Clock: ANYTHING },
    call: COS.getAuthorization,
    expectRight: expectRightAuthorization,
  },
  'new COS': {
    options: { ...KEYS, Clock },
    args: {
      ...KEY_AT_HAND,
      ...TEMPORARY,
      ...PLACE,
      getAuthorization: ANYTHING,
      Clock: ANYTHING,
    },
    call: (options) => new COS(options).getObjectUrl(OBJECT),
    expectRight: (url, options) => expectRightUrl(url, { ...options, ...OBJECT }),
  },
  getObjectUrl: {
    options: OBJECT,
    args: { ...ADDRESS, ...REQUEST, ...PLACE, Sign: ANYTHING },
    call: (params) => new COS({ ...KEYS, Clock }).getObjectUrl(params),
    expectRight: (url, options) => expectRightUrl(url, { ...KEYS, Clock, ...options }),
  },
  presign: {
    options: OBJECT,
    args: { ...ADDRESS, ...REQUEST, ...PLACE },
    call: (params) => new COS({ ...KEYS, Clock }).presign(params),
    expectRight: ({ Url }: PresignedUrl, options) =>
      expectRightUrl(Url, { ...KEYS, Clock, ...options }),
  },
  postForm: {
    options: { ...KEYS, ...OBJECT, Clock },
    args: {
      ...KEY_AT_HAND,
      ...TEMPORARY,
      ...ADDRESS,
      ...PLACE,
      Expires: ANYTHING,
      ContentType: ANYTHING,
      MinBytes: ANYTHING,
      MaxBytes: ANYTHING,
      SuccessStatus: ANYTHING,
      Clock: ANYTHING,
    },
    call: postForm,
    expectRight: expectRightForm,
  },
}

const TABLE = Object.entries(SUBJECTS).flatMap(([name, subject]) =>
  Object.entries(subject.args).map(([argument, values]) => ({
    name,
    argument,
    values,
    subject,
  })),
)

/** What a call with these options does that it must not. */
async function mistake(subject: Subject, options: Options, argument: string): Promise<string> {
  let result: unknown
  try {
    result = await subject.call(options as never)
  } catch (error) {
    const { name, message, code } = error as SignerError
    const isHelpful = message.includes(argument) && /\bmust\b|\bnames\b/.test(message)
    if (name === 'TypeError') return isHelpful ? '' : `says ${message.slice(0, 100)}`
    return code === 'CREDENTIALS_EXPIRED' && Number(options.ExpiredTime) <= NOW ? '' : String(error)
  }
  try {
    subject.expectRight(result as never, options)
  } catch (error) {
    return `gives ${JSON.stringify(result).slice(0, 200)}: ${(error as Error).message.slice(0, 300)}`
  }
  const isText = typeof options[argument] === 'string'
  return !isText && ACCIDENT.test(JSON.stringify(result))
    ? `gives ${JSON.stringify(result).slice(0, 200)}`
    : ''
}

describe.each(TABLE)('$name, $argument:', ({ subject, argument, values }) => {
  test('anything is either right or refused by name', async () => {
    const mistakes: string[] = []
    for (const [what, value] of Object.entries(values)) {
      const found = await mistake(subject, { ...subject.options, [argument]: value }, argument)
      if (found) mistakes.push(`${what}: ${found}`)
    }
    expect(mistakes).toEqual([])
  })
})

describe.each(Object.entries(SUBJECTS))('%s without its argument', (_name, { call }) => {
  test.each([null, 5, 'text'])('refuses %p by name', async (options) => {
    const attempt = async () => call(options as never)
    await expect(attempt()).rejects.toThrow(TypeError)
    await expect(attempt()).rejects.toThrow(/must be/)
  })
})

test.each([5, 'text', {}, []])('getObjectUrl refuses %p for a callback', (callback) => {
  const call = () => new COS({ ...KEYS, Clock }).getObjectUrl(OBJECT, callback as never)
  expect(call).toThrow(TypeError)
  expect(call).toThrow('callback must be')
})

test('the table is large', () => {
  const cells = TABLE.reduce((sum, { values }) => sum + Object.keys(values).length, 0)
  expect(cells).toBeGreaterThan(1500)
})

test('a token among the parameters is signed like any other, and refused beside SecurityToken', () => {
  const params = { ...OBJECT, Query: { 'x-cos-security-token': '1' } }
  const url = new COS({ ...KEYS, Clock }).getObjectUrl(params)
  expect(new URL(url).searchParams.getAll('x-cos-security-token')).toEqual(['1'])
  expect(new URL(url).searchParams.get('q-url-param-list')).toBe('x-cos-security-token')
  const beside = new COS({ ...KEYS, SecurityToken: '2', Clock })
  expect(() => beside.getObjectUrl(params)).toThrow(TypeError)
})
