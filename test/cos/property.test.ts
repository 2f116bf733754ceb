import { strict as assert } from 'node:assert'
import type { IncomingMessage } from 'node:http'
import { expect, jest, test } from '@jest/globals'
import NodeSdk from 'cos-nodejs-sdk-v5'
import { parseRequest, queryValue, type CosRequest, type Pair } from '../../local-cloud/cos/request'
import {
  expectedSignature,
  findSignature,
  parseAuthorization,
  type RequestSignature,
} from '../../local-cloud/cos/signature'
import COS from '../../miniprogram/cos'
import { startCloud } from '../local-cloud/cloud'
import { encode, SECRET_ID, SECRET_KEY, send } from '../local-cloud/sign'

/**
 * Random requests, against the official SDK and against the local cloud's own verifier. A failure
 * names the seed and the case; `SEED=7 npx jest test/cos/property` runs other ones.
 */
const SEED = Number(process.env.SEED ?? 1)
const REQUESTS = 10_000
const OVER_HTTP = 300

const KEYS = { SecretId: SECRET_ID, SecretKey: SECRET_KEY }
const BUCKET = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing' }
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'

interface RandomRequest {
  Method: string
  Key: string
  Query: Record<string, string | number>
  Headers: Record<string, string>
  Expires: number | string | undefined
  Domain: string | undefined
  SecurityToken: string | undefined
  /** Milliseconds. */
  now: number
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
function generator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

// oxfmt-ignore
const MARKS = ['!', "'", '(', ')', '*', '+', '~', '%', '&', ' ', '=', '?', '#', ':', ';', '@', ',',
  '"', '<', '\\', '|', '^', '`', '{', '[', '$', '%2F', '%zz', '\t', '\n', '\u00a0', '\uffff']
const UNICODE = ['中', '文', '😀', '👩‍👩‍👧', 'é', 'É', 'ß', 'Ω', '\ue000', '𝒳']
const PLAIN = ['a', 'b', 'Z', 'z', '0', '9', '-', '_', '.', 'A', 'photo', 'Profile']
const PATHS = ['/', '/', '//', '///']

// oxfmt-ignore
const PARAMETERS = ['response-content-type', 'response-cache-control', 'imageMogr2/thumbnail/200x/',
  'imageView2/1/w/200', 'prefix', 'delimiter', 'marker', 'max-keys', 'encoding-type', 'ci-process',
  'watermark/2/text/5paH', 'a', 'B', 'c-d', 'a/b', 'a-b', '中文']
const PROTOTYPE_NAMES = ['__proto__', 'hasOwnProperty', 'constructor', 'toString']
// oxfmt-ignore
const HEADERS = ['Content-Type', 'Cache-Control', 'Content-Disposition', 'Content-Encoding',
  'Expires', 'Origin', 'x-cos-meta-a', 'x-cos-meta-author', 'x-cos-meta-a.b', "x-cos-meta-it's",
  'x-ci-request', 'x-cos-traffic', 'Content-Language', 'If-None-Match']
/** What the official SDK drops. */
const UNUSUAL_HEADERS = ['Date', 'Accept-Language', 'User-Agent', 'x-custom', 'Referer']

/** Requests with a key, parameters and headers of all kinds. No two names differ in case only. */
function randomRequests(seed: number): RandomRequest[] {
  const random = generator(seed)
  const below = (n: number) => Math.floor(random() * n)
  const chance = (probability: number) => random() < probability
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const times = <T>(n: number, make: () => T): T[] => Array.from({ length: n }, make)

  const text = (length: number, ...kinds: string[][]) =>
    times(below(length + 1), () => pick(pick(kinds))).join('')
  const anyCase = (name: string) => {
    const style = below(4)
    if (style === 0) return name.toLowerCase()
    if (style === 1) return name.toUpperCase()
    return style === 2 ? name : name.replace(/[a-z]/gi, (c) => (chance(0.5) ? c.toUpperCase() : c))
  }
  const unique = <T>(pairs: [string, T][]): Record<string, T> =>
    Object.fromEntries(new Map(pairs.map((pair) => [encode(pair[0]).toLowerCase(), pair])).values())

  const key = () =>
    text(chance(0.02) ? 120 : 12, PLAIN, PLAIN, MARKS, UNICODE, PATHS)
      // HTTP clients rewrite these segments, so the signer refuses them.
      .replace(/(^|\/)(\.\.?)(?=\/|$)/g, '$1_$2')
  const parameter = (): [string, string | number] => [
    chance(0.04)
      ? pick(PROTOTYPE_NAMES)
      : chance(0.75)
        ? pick(PARAMETERS)
        : `p${text(5, PLAIN, MARKS, UNICODE, PATHS)}`,
    chance(0.1) ? below(1e6) : chance(0.3) ? '' : text(8, PLAIN, MARKS, UNICODE, PATHS),
  ]
  // HTTP trims the value of a header, and knows no line breaks in it.
  const header = (): [string, string] => [
    anyCase(chance(0.06) ? pick(UNUSUAL_HEADERS) : pick(HEADERS)),
    text(8, PLAIN, MARKS, UNICODE, PATHS)
      .replace(/[\n\t]/g, '')
      .replace(/^\s+|\s+$/g, ''),
  ]
  const hostHeader = (host: string): [string, string][] => {
    if (chance(0.8)) return []
    return [[chance(0.7) ? pick(['Host', 'host']) : anyCase('Host'), chance(0.1) ? '' : host]]
  }

  return times(REQUESTS, () => {
    const Domain = chance(0.2) ? pick(['cdn.example.com', '127.0.0.1:9000', 'xxx']) : undefined
    return {
      Method: anyCase(pick(['GET', 'GET', 'PUT', 'PUT', 'HEAD', 'POST', 'DELETE', 'OPTIONS'])),
      Key: key(),
      Query: unique(times(pick([0, 0, 1, 1, 2, 3, 4]), parameter)),
      Headers: unique([...times(pick([0, 0, 1, 2, 3]), header), ...hostHeader(Domain ?? HOST)]),
      Expires: pick([undefined, 1 + below(100_000), String(1 + below(10_000))]),
      Domain,
      SecurityToken: chance(0.3) ? text(20, PLAIN, MARKS) || undefined : undefined,
      now: 1e12 + below(2e12),
    }
  })
}

/**
 * What the official SDK does wrong with a request; undefined where it is right.
 */
function whereSdkIsWrong({ Query, Headers }: RandomRequest): string | undefined {
  if (Object.hasOwn(Query, 'hasOwnProperty')) return 'throws for a parameter hasOwnProperty'
  if (Object.hasOwn(Query, '__proto__')) return 'loses a parameter __proto__'
  for (const [name, value] of Object.entries(Headers)) {
    const lower = name.toLowerCase()
    if (lower === 'host') {
      if (name !== 'Host' && (name !== 'host' || value === '')) return 'signs the host twice'
    } else if (!SDK_SIGNS.test(lower)) return 'drops a header that it does not know'
  }
  if (!ordersAlike(Object.keys(Query)) || !ordersAlike(Object.keys(Headers))) {
    return 'orders the values by plain names and the list by encoded ones'
  }
  return undefined
}

const SDK_SIGNS =
  /^(cache-control|content-(disposition|encoding|length|md5|type)|expect|expires|if-(match|modified-since|none-match|unmodified-since)|origin|range|transfer-encoding|pic-operations)$|x-(cos|ci)-/

/** Whether names have the same order plain and encoded, both in lower case. */
function ordersAlike(names: string[]): boolean {
  const encoded = (name: string) => encode(name).toLowerCase()
  const by = (order: (name: string) => string) =>
    names.toSorted((a, b) => (order(a) === order(b) ? 0 : order(a) > order(b) ? 1 : -1))
  return String(by((name) => name.toLowerCase()).map(encoded)) === String(by(encoded).map(encoded))
}

const requests = randomRequests(SEED)

/**
 * Checks a request; a failure tells how to meet it again. Use `assert` in it: so many `expect` would
 * take half of the time.
 */
function attempt(index: number, check: (request: RandomRequest) => void): void {
  const request = requests[index]!
  try {
    check(request)
  } catch (error) {
    const message = `SEED=${SEED}, request ${index}: ${JSON.stringify(request)}`
    throw new Error(`${message}\n${(error as Error).message}`, { cause: error })
  }
}

/** What `getAuthorization` takes, here and in the official SDK. */
const options = ({ Method, Key, Query, Headers, Expires }: RandomRequest) => ({
  ...KEYS,
  ...BUCKET,
  Method,
  Key,
  Query,
  Headers,
  Expires,
})

const authorizationOf = (request: RandomRequest) =>
  COS.getAuthorization({ ...options(request), Clock: () => request.now })

/** The Authorization of the official SDK, whose clock is Date.now. */
function sdkAuthorizationOf(request: RandomRequest): string {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(request.now)
  try {
    return (NodeSdk.getAuthorization as (options: object) => string)(options(request))
  } finally {
    clock.mockRestore()
  }
}

const urlOf = ({ now, SecurityToken, ...request }: RandomRequest) =>
  new COS({ ...KEYS, SecurityToken, Clock: () => now }).getObjectUrl({ ...BUCKET, ...request })

/** Host and request target of a URL, as they stand in it. */
function addressOf(url: string): { host: string; target: string } {
  const [, host = '', target = ''] = /^http:\/\/([^/]+)(\/.*)$/.exec(url) ?? []
  return { host, target }
}

/** The headers that a client sends, their values as bytes; the host is that of the URL. */
function sentHeaders(headers: Record<string, string>, host: string): Record<string, string> {
  const sent = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host')
  const latin1 = sent.map(([name, value]) => [name, Buffer.from(value).toString('latin1')])
  return { ...Object.fromEntries(latin1), Host: host }
}

/** What the local cloud reads of a request. */
function received({ Method, Headers }: RandomRequest, url: string): CosRequest {
  const { host, target } = addressOf(url)
  return parseRequest({
    method: Method.toUpperCase(),
    url: target,
    headers: {},
    rawHeaders: Object.entries(sentHeaders(Headers, host)).flat(),
  } as unknown as IncomingMessage)
}

function signatureIn(request: CosRequest): RequestSignature {
  const signature = findSignature(request)
  if (!signature) throw new Error('the URL carries no signature')
  return signature
}

/** Whether the local cloud computes the signature that a request carries. */
function isAccepted(
  request: CosRequest,
  given: RequestSignature,
  secretKey = KEYS.SecretKey,
): boolean {
  return expectedSignature(request, given, secretKey).signature === given.signature
}

const isOwnParameter = (name: string) => /^q-|^x-cos-security-token$/.test(name)

test('signs as the official SDK does, wherever that is right', () => {
  const leftOut: Record<string, number> = {}
  let compared = 0
  for (const index of requests.keys()) {
    attempt(index, (request) => {
      const wrong = whereSdkIsWrong(request)
      if (wrong) {
        leftOut[wrong] = (leftOut[wrong] ?? 0) + 1
        return
      }
      assert.equal(authorizationOf(request), sdkAuthorizationOf(request))
      compared++
    })
  }
  process.stdout.write(
    `seed ${SEED}: ${compared} of ${requests.length} requests compared with the official SDK, ` +
      `which is wrong in the others: ${JSON.stringify(leftOut, null, 2)}\n`,
  )
  expect(requests.length).toBeGreaterThanOrEqual(10_000)
  expect(compared / requests.length).toBeGreaterThanOrEqual(0.7)
})

test('differs from the official SDK wherever that is wrong', () => {
  const wrong = [...requests.keys()].filter((index) => whereSdkIsWrong(requests[index]!))
  for (const index of wrong) {
    attempt(index, (request) => {
      let theirs: unknown
      try {
        theirs = sdkAuthorizationOf(request)
      } catch (error) {
        theirs = error
      }
      assert.notEqual(authorizationOf(request), theirs)
    })
  }
})

test('makes URLs that the local cloud reads as they were meant, and whose signature it accepts', () => {
  for (const index of requests.keys()) {
    attempt(index, (request) => {
      const { Key, Query, SecurityToken } = request
      const read = received(request, urlOf(request))
      assert(isAccepted(read, signatureIn(read)))
      assert.equal(read.path, Key.startsWith('/') ? Key : `/${Key}`)
      assert.equal(queryValue(read, 'x-cos-security-token'), SecurityToken)
      const parameters = read.query.filter(([name]) => !isOwnParameter(name))
      const asked = Object.entries(Query).map(([name, value]) => [name, String(value)])
      assert.equal(String(parameters.toSorted()), String(asked.toSorted()))
    })
  }
})

test('makes URLs whose every part is signed', () => {
  for (let index = 0; index < requests.length; index += 5) {
    attempt(index, (request) => {
      const read = received(request, urlOf(request))
      const signature = signatureIn(read)
      const parameter = Object.keys(request.Query)[0]
      const forge = ([name, value]: Pair): Pair => [name, `${value}x`]
      const forged: CosRequest[] = [
        { ...read, path: `${read.path}x` },
        { ...read, method: `${read.method}X` },
        { ...read, headers: read.headers.map(forge) },
      ]
      if (parameter) forged.push({ ...read, query: read.query.map(forge) })
      for (const other of forged) assert(!isAccepted(other, signature))
      assert(!isAccepted(read, signature, 'another-key'))
    })
  }
})

test('carries in the URL what getAuthorization gives', () => {
  let compared = 0
  for (const index of requests.keys()) {
    attempt(index, (request) => {
      if (request.Domain !== undefined) return
      const signature = signatureIn(received(request, urlOf(request)))
      assert.deepEqual(signature, parseAuthorization(authorizationOf(request)))
      compared++
    })
  }
  expect(compared).toBeGreaterThan(REQUESTS / 2)
})

/** What the local cloud has an answer for, other than that it does not do this. */
function isServed({ Method, Key }: RandomRequest): boolean {
  return (
    /^(get|head|put|delete)$/i.test(Method) && /^[^/\\]/.test(Key) && Buffer.byteLength(Key) <= 850
  )
}

test(`${OVER_HTTP} of them are accepted over HTTP, and refused for another key`, async () => {
  let clock = 0
  const { port } = await startCloud({ now: () => clock })
  const served = [...requests.entries()].filter(([, request]) => isServed(request))
  expect(served.length).toBeGreaterThan(OVER_HTTP)
  for (const [index, request] of served.slice(0, OVER_HTTP)) {
    clock = request.now
    // The permanent key of the local cloud has no token, and would not be found with one.
    const { host, target } = addressOf(urlOf({ ...request, SecurityToken: undefined }))
    const method = request.Method.toUpperCase()
    const headers = sentHeaders(request.Headers, host)
    const answer = await send(port, method, target, { headers })
    const forged = await send(port, method, target.replace('?', 'x?'), { headers })
    attempt(index, () => {
      expect([200, 204, 404]).toContain(answer.status)
      expect(forged.status).toBe(403)
    })
  }
})
