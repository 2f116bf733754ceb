import { expect, test } from '@jest/globals'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { addressOf } from '../../local-cloud/cos/address'
import {
  authenticate,
  authorize,
  conditionContext,
  resourceName,
  securityToken,
} from '../../local-cloud/cos/authorize'
import { CosError } from '../../local-cloud/cos/errors'
import type { Exchange } from '../../local-cloud/cos/exchange'
import { operationOf } from '../../local-cloud/cos/operation'
import { parseRequest } from '../../local-cloud/cos/request'
import { findSignature } from '../../local-cloud/cos/signature'
import { createAccessKeys } from '../../local-cloud/sts/access-keys'
import type { ObjectStore } from '../../local-cloud/store/object-store'
import { authorization, signatureFields, target } from './sign'

/**
 * Signs random requests in every way COS accepts, and changes one thing in each. All goes through the parser,
 * the verifier and the policies, without the network. `TAMPER_SEED` repeats a run.
 */

const REQUESTS = 10_000
const SEED = Number(process.env['TAMPER_SEED'] ?? Date.now() % 1_000_000)

const BUCKETS = ['examplebucket-1250000000', 'other-1250000000']
const NOW = 1_700_000_000
const KEYS = createAccessKeys('permanent-id', 'permanent-key')
const HOSTS = BUCKETS.map((bucket) => `${bucket}.cos.ap-beijing.myqcloud.com`)
const STORES = new Map(BUCKETS.map((bucket) => [bucket, {} as ObjectStore]))

type Pairs = [string, string][]

/** mulberry32: small, and the same everywhere. */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    chance: (share: number) => next() < share,
  }
}

const random = createRandom(SEED)
const { below, pick, chance } = random

const WORDS = ['a', 'B', '照片', 'é', '🙂', 'a b', '+', '%', '&', '=', '/x', "!'()*~", '..', '#?']
const word = () => Array.from({ length: 1 + below(3) }, () => pick(WORDS)).join('')

interface TestKey {
  secretId: string
  secretKey: string
  token?: string
}

/** A temporary key of one user, in one bucket, for one action. */
function temporaryKey(bucket: string, user: string, action: string): TestKey {
  const resource = `qcs::cos:ap-beijing:uid/1250000000:${bucket}/${user}/*`
  const statement = [{ effect: 'allow', action: `name/cos:${action}`, resource }]
  const policy = JSON.stringify({ version: '2.0', statement })
  const { TmpSecretId, TmpSecretKey, Token } = KEYS.issue({ policy, expiredTime: NOW + 1800 })
  return { secretId: TmpSecretId, secretKey: TmpSecretKey, token: Token }
}

type Carrier = 'header' | 'flat' | 'sign'

interface Request {
  method: string
  path: string
  host: string
  /** Signed. */
  query: Pairs
  headers: Pairs
  carrier: Carrier
  key: TestKey
  time: string
  /** What is on the wire instead of what was signed. */
  sent: Partial<Pick<Request, 'method' | 'path' | 'host' | 'query' | 'headers' | 'carrier'>> & {
    token?: string
    /** Changes the list of fields. */
    carry?: (fields: Pairs) => Pairs
    /** A header beside what the carrier sends. */
    authorization?: string
    /** Changes a field of the signature. */
    fields?: Record<string, (value: string) => string>
  }
}

const ACTIONS: Record<string, string> = {
  GET: 'GetObject',
  PUT: 'PutObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
}

function randomRequest(): Request {
  const method = pick(Object.keys(ACTIONS))
  const bucket = below(2)
  const user = `users-${below(3)}`
  const permanent = { secretId: 'permanent-id', secretKey: 'permanent-key' }
  const isTemporary = chance(0.7)
  const names = [
    ...new Set(Array.from({ length: 1 + below(3) }, () => `p-${word()}`.toLowerCase())),
  ]
  const headerNames = ['range', 'x-cos-meta-a', 'x-cos-meta-b'].filter(() => chance(0.5))
  const start = NOW - below(1000)
  const key = isTemporary
    ? temporaryKey(BUCKETS[bucket] ?? '', user, ACTIONS[method] ?? '')
    : permanent
  return {
    method,
    path: `/${user}/${word()}`,
    host: HOSTS[bucket] ?? '',
    query: names.map((name) => [name, word()]),
    headers: headerNames.map((name) => [name, `v ${below(100)}`]),
    carrier: pick(['header', 'flat', 'sign'] as const),
    key,
    time: `${start};${NOW + 60 + below(5000)}`,
    sent: {},
  }
}

/** What happens to a request of this kind, as its RequestOutcome says. */
function codeOf(request: Request): string {
  const { key, sent } = request
  const { method, path, host, query, headers, carrier } = { ...request, ...sent }
  const signed = {
    ...key,
    method: request.method,
    path: request.path,
    query: request.query,
    headers: [...request.headers, ['host', request.host]] as Pairs,
    time: request.time,
  }
  const change = ([name, value]: [string, string]): [string, string] => [
    name,
    sent.fields?.[name]?.(value) ?? value,
  ]
  const { carry = (fields: Pairs) => fields } = sent
  const fields = carry(signatureFields(signed).map(change))
  const whole = fields.map(([name, value]) => `${name}=${value}`).join('&')
  const token = sent.token ?? key.token
  const sign: Pairs = whole === '' ? [] : [['sign', whole]]
  const carried = { header: [], flat: fields, sign }[carrier]
  const header = carrier === 'header' ? whole : sent.authorization
  const tokenPair: Pairs = token === undefined ? [] : [['x-cos-security-token', token]]
  const message = new IncomingMessage(new Socket())
  message.method = method
  message.url = target(path, [...query, ...carried, ...(carrier === 'header' ? [] : tokenPair)])
  const wire: Pairs = [
    ['Host', host],
    ...headers,
    ...(header ? ([['Authorization', header]] as Pairs) : []),
    ...(carrier === 'header' ? tokenPair : []),
  ]
  message.rawHeaders.push(...wire.flat())
  for (const [name, value] of wire) message.headers[name.toLowerCase()] = value
  try {
    verify(message)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof CosError)) throw error
    return error.message === 'Request has expired' ? 'expired' : error.code
  }
}

/** The steps of the handler, up to the operation. */
function verify(message: IncomingMessage): void {
  const request = parseRequest(message)
  const exchange = {
    ...addressOf(request, STORES, 'ap-beijing'),
    request,
    region: 'ap-beijing',
    now: NOW * 1000,
    checks: [],
  } as unknown as Exchange
  const key = authenticate(exchange, findSignature(request), securityToken(request), KEYS)
  const { action = '' } = operationOf(request)
  authorize(exchange, key, {
    action: `name/cos:${action}`,
    resources: [resourceName(exchange, request.key)],
    context: conditionContext(request),
  })
}

const flip = (text: string) => {
  const at = below(text.length)
  const digit = text[at] === '0' ? '1' : '0'
  return text.slice(0, at) + digit + text.slice(at + 1)
}

const shifted = (time: string, by: number) =>
  time
    .split(';')
    .map((part) => Number(part) + by)
    .join(';')

const MISMATCH = ['SignatureDoesNotMatch']

interface Tampering {
  /** Changes one thing. `false` when this request has no such thing. */
  change: (request: Request) => Request['sent'] | false
  codes: string[]
}

const isTemporary = ({ key }: Request) => key.token !== undefined

/** Each changes one thing of a signed request, and knows what COS answers. */
const TAMPERINGS: Record<string, Tampering> = {
  method: {
    change: ({ method }) => ({ method: pick(Object.keys(ACTIONS).filter((m) => m !== method)) }),
    codes: MISMATCH,
  },
  path: { change: ({ path }) => ({ path: `${path}${pick(WORDS)}` }), codes: MISMATCH },
  'case of the path': {
    change: ({ path }) => ({ path: path.replace('users', 'Users') }),
    codes: MISMATCH,
  },
  host: {
    change: ({ host }) => ({ host: pick(HOSTS.filter((h) => h !== host)) }),
    codes: MISMATCH,
  },
  'value of a parameter': {
    change: ({ query: [[name, value] = ['', ''], ...rest] }) => ({
      query: [[name, `${value}x`], ...rest],
    }),
    codes: MISMATCH,
  },
  'name of a parameter': {
    change: ({ query: [[name, value] = ['', ''], ...rest] }) => ({
      query: [[`${name}x`, value], ...rest],
    }),
    codes: MISMATCH,
  },
  'missing parameter': { change: ({ query }) => ({ query: query.slice(1) }), codes: MISMATCH },
  'a second value of a listed name': {
    change: ({ query }) => {
      const [name, value] = pick(query)
      const second: [string, string] = [name, pick(['', '\u0000', value, `${value}x`, '\uffff'])]
      return { query: query.toSpliced(below(query.length + 1), 0, second) }
    },
    codes: MISMATCH,
  },
  'a second value of a listed header': {
    change: ({ headers }) => {
      if (headers.length === 0) return false
      const [name, value] = pick(headers)
      const second: [string, string] = [name, pick(['', '0', value, `${value}x`, '~'])]
      return { headers: headers.toSpliced(below(headers.length + 1), 0, second) }
    },
    codes: MISMATCH,
  },
  'a second host': {
    change: ({ headers }) => ({ headers: [...headers, ['host', pick(HOSTS)]] }),
    codes: ['InvalidArgument'],
  },
  'value of a header': {
    change: ({ headers: [first, ...rest] }) =>
      first !== undefined && { headers: [[first[0], `${first[1]}x`], ...rest] },
    codes: MISMATCH,
  },
  'missing header': {
    change: ({ headers }) => headers.length > 0 && { headers: headers.slice(1) },
    codes: MISMATCH,
  },
  'header list': {
    change: () => ({ fields: { 'q-header-list': (list) => list.replace(/host;?/, '') } }),
    codes: MISMATCH,
  },
  'parameter list': {
    change: () => ({
      fields: { 'q-url-param-list': (list) => list.split(';').slice(1).join(';') },
    }),
    codes: MISMATCH,
  },
  'a name added to the header list': {
    change: () => ({ fields: { 'q-header-list': (list) => `${list};x-cos-acl` } }),
    codes: MISMATCH,
  },
  signature: { change: () => ({ fields: { 'q-signature': flip } }), codes: MISMATCH },
  'length of the signature': {
    change: () => ({ fields: { 'q-signature': (text) => text.slice(0, below(40)) } }),
    codes: MISMATCH,
  },
  'case of the signature': {
    change: () => ({ fields: { 'q-signature': (text) => `${text.slice(1).toUpperCase()}A` } }),
    codes: MISMATCH,
  },
  'sign time': {
    change: () => ({ fields: { 'q-sign-time': (time) => shifted(time, 1) } }),
    codes: MISMATCH,
  },
  'key time': {
    change: () => ({ fields: { 'q-key-time': (time) => shifted(time, 1) } }),
    codes: MISMATCH,
  },
  'both times, prolonged': {
    change: () => ({
      fields: {
        'q-sign-time': (time) => `${time}0`,
        'q-key-time': (time) => `${time}0`,
      },
    }),
    codes: MISMATCH,
  },
  'sign time in the past': {
    change: () => ({ fields: { 'q-sign-time': (time) => shifted(time, -10_000) } }),
    codes: ['expired'],
  },
  'key time in the future': {
    change: () => ({ fields: { 'q-key-time': (time) => shifted(time, 10_000) } }),
    codes: ['RequestTimeTooSkewed'],
  },
  'no time': { change: () => ({ fields: { 'q-key-time': () => '' } }), codes: ['InvalidArgument'] },
  algorithm: {
    change: () => ({ fields: { 'q-sign-algorithm': () => pick(['md5', 'sha256', 'none', '']) } }),
    codes: ['InvalidArgument'],
  },
  'key id': {
    change: () => ({ fields: { 'q-ak': (id) => `${id}${below(10)}` } }),
    codes: ['InvalidAccessKeyId'],
  },
  'id of the permanent key': {
    change: (request) => isTemporary(request) && { fields: { 'q-ak': () => 'permanent-id' } },
    codes: ['InvalidAccessKeyId'],
  },
  token: {
    change: ({ key: { token } }) => token !== undefined && { token: flip(token) },
    codes: ['InvalidAccessKeyId'],
  },
  'a longer token': {
    change: ({ key: { token } }) => token !== undefined && { token: `${token}A` },
    codes: ['InvalidAccessKeyId'],
  },
  'no token': {
    change: (request) => isTemporary(request) && { token: '' },
    codes: ['InvalidAccessKeyId'],
  },
  'a token with the permanent key': {
    change: (request) =>
      !isTemporary(request) && { token: temporaryKey(BUCKETS[0] ?? '', 'users-0', '*').token },
    codes: ['InvalidAccessKeyId'],
  },
  'the token of a key that may do everything': {
    change: (request) => isTemporary(request) && { token: temporaryKey('*', '*', '*').token },
    codes: ['InvalidAccessKeyId'],
  },
  'no signature at all': { change: () => ({ carry: () => [] }), codes: ['AccessDenied'] },
  'a field left out': {
    change: () => ({ carry: (fields) => fields.toSpliced(below(fields.length), 1) }),
    codes: ['InvalidArgument'],
  },
  'a field twice': {
    change: () => ({ carry: (fields) => [...fields, pick(fields)] }),
    codes: ['InvalidArgument'],
  },
  'a forged carrier beside the true one': {
    change: ({ carrier, key, time }) =>
      carrier !== 'header' && {
        authorization: authorization({
          ...key,
          secretKey: 'guessed',
          method: 'GET',
          path: '/',
          time,
        }),
      },
    codes: MISMATCH,
  },
}

/** Requests that are signed well, with a key that is not for them. */
const OVERREACHES: Record<string, Tampering['change']> = {
  'another user': (request) => {
    request.path = request.path.replace(/users-\d/, 'users-9')
    return {}
  },
  'a parent folder': (request) => {
    request.path = '/users-'
    return {}
  },
  'another bucket': (request) => {
    request.host = pick(HOSTS.filter((host) => host !== request.host))
    return {}
  },
  'another action': (request) => {
    request.method = pick(Object.keys(ACTIONS).filter((method) => method !== request.method))
    return {}
  },
  'a sub-resource': (request) => {
    request.query.push(['acl', ''])
    return {}
  },
}

test(`${REQUESTS} signed requests are accepted (seed ${SEED})`, () => {
  const requests = Array.from({ length: REQUESTS }, randomRequest)
  const outcomes = requests.map((request) => ({ request, code: codeOf(request) }))
  expect(outcomes.filter(({ code }) => code !== 'accepted')).toEqual([])
})

test(`${REQUESTS} requests with one thing changed are refused, each with its code (seed ${SEED})`, () => {
  const counts: Record<string, number> = {}
  const names = [...Object.keys(TAMPERINGS), ...Object.keys(OVERREACHES)]
  for (let i = 0; i < REQUESTS;) {
    const request = randomRequest()
    const name = pick(names)
    const overreach = OVERREACHES[name]
    if (overreach && !isTemporary(request)) continue
    const sent = (overreach ?? TAMPERINGS[name]?.change)?.(request)
    if (!sent) continue
    request.sent = sent
    const code = codeOf(request)
    const expected = overreach ? ['AccessDenied'] : (TAMPERINGS[name]?.codes ?? [])
    if (!expected.includes(code)) {
      throw new Error(`${name}: ${code}, seed ${SEED}: ${JSON.stringify(request)}`)
    }
    counts[name] = (counts[name] ?? 0) + 1
    i++
  }
  for (const name of names) expect([name, counts[name]]).toEqual([name, expect.any(Number)])
})
