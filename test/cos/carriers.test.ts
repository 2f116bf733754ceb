import { beforeAll, describe, expect, test } from '@jest/globals'
import COS, { type Credentials } from '../../miniprogram/cos'
import { BUCKET, REGION, RESOURCE, startCloud } from '../local-cloud/cloud'
import { encode, SECRET_ID, SECRET_KEY, send } from '../local-cloud/sign'
import { temporaryKey } from '../local-cloud/sts-client'

/** One and the same request in the three places where a signature may travel. */

const OBJECT = { Bucket: BUCKET, Region: REGION, Key: '照片/a b+c (1)&.png' }
const HOST = `${BUCKET}.cos.${REGION}.myqcloud.com`
const BYTES = Buffer.from('the object')
const NOW = Date.now()

interface Signed {
  target: string
  headers: Record<string, string>
}

interface Request {
  Method: string
  Query: Record<string, string>
  Headers: Record<string, string>
}

const PUT: Request = {
  Method: 'PUT',
  Query: { 'imageMogr2/thumbnail/200x/': '', 中文: '/ +' },
  Headers: { 'Content-Type': 'text/plain', 'x-cos-meta-Author': 'Ada' },
}
const GET: Request = {
  Method: 'GET',
  Query: { 'response-content-type': 'text/html' },
  Headers: { Range: 'bytes=0-2' },
}

const Clock = () => NOW
const headersOf = ({ Headers }: Request) => ({ Host: HOST, ...Headers })
const targetOf = (url: string) => url.slice(`http://${HOST}`.length)

/** The request target without a signature, with a further parameter when there is one. */
function plainTarget(request: Request, name?: string, value = ''): string {
  const url = new COS().getObjectUrl({ ...OBJECT, ...request })
  return targetOf(url) + (name ? `&${name}=${encode(value)}` : '')
}

function authorizationOf(key: Credentials, request: Request): string {
  const { SecretId, SecretKey } = key
  return COS.getAuthorization({ SecretId, SecretKey, ...OBJECT, ...request, Clock })
}

const CARRIERS: Record<string, (key: Credentials, request: Request) => Signed> = {
  'flat query': (key, request) => ({
    target: targetOf(new COS({ ...key, Clock }).getObjectUrl({ ...OBJECT, ...request })),
    headers: headersOf(request),
  }),
  'sign parameter': (key, request) => ({
    target:
      plainTarget(request, 'sign', authorizationOf(key, request)) +
      (key.SecurityToken ? `&x-cos-security-token=${encode(key.SecurityToken)}` : ''),
    headers: headersOf(request),
  }),
  'authorization header': (key, request) => ({
    target: plainTarget(request),
    headers: {
      ...headersOf(request),
      authorization: authorizationOf(key, request),
      ...(key.SecurityToken && { 'x-cos-security-token': key.SecurityToken }),
    },
  }),
}

/** A key whose token travels in the header, whatever the carrier of the signature. */
const tokenInHeader: typeof CARRIERS = Object.fromEntries(
  Object.entries(CARRIERS).map(([name, sign]) => [
    name,
    ({ SecurityToken = '', ...key }, request) => {
      const { target, headers } = sign(key, request)
      return { target, headers: { ...headers, 'x-cos-security-token': SecurityToken } }
    },
  ]),
)

let port: number
let temporary: Credentials

beforeAll(async () => {
  const cloud = await startCloud({ now: Clock })
  port = cloud.port
  const { secretId, secretKey, token, expiredTime } = await temporaryKey(port, {
    effect: 'allow',
    action: ['name/cos:PutObject', 'name/cos:GetObject'],
    resource: [`${RESOURCE}${OBJECT.Key}`],
  })
  temporary = {
    SecretId: secretId,
    SecretKey: secretKey,
    SecurityToken: token,
    ExpiredTime: expiredTime,
  }
})

const permanent: Credentials = { SecretId: SECRET_ID, SecretKey: SECRET_KEY }

/** Each carrier with each kind of key, and the place of its token. */
const WAYS = Object.keys(CARRIERS).flatMap((carrier) => [
  { carrier, keyName: 'a permanent key', sign: CARRIERS[carrier]!, key: () => permanent },
  {
    carrier,
    keyName: 'a temporary key, its token beside the signature',
    sign: CARRIERS[carrier]!,
    key: () => temporary,
  },
  {
    carrier,
    keyName: 'a temporary key, its token in a header',
    sign: tokenInHeader[carrier]!,
    key: () => temporary,
  },
])

describe.each(WAYS)('$carrier, $keyName', ({ sign, key }) => {
  const put = ({ target, headers }: Signed) => send(port, 'PUT', target, { headers, body: BYTES })
  const get = ({ target, headers }: Signed) => send(port, 'GET', target, { headers })

  test('is accepted', async () => {
    expect(await put(sign(key(), PUT))).toMatchObject({ status: 200, code: undefined })
    const answer = await get(sign(key(), GET))
    expect(answer).toMatchObject({ status: 206, text: 'the' })
    expect(answer.headers['content-type']).toBe('text/html')
  })

  const replaced = (text: string, from: string | RegExp, to: string) => {
    const changed = text.replace(from, to)
    expect(changed).not.toBe(text)
    return changed
  }
  /** Changes the Authorization, wherever it travels and however it is encoded there. */
  const inAuthorization = ({ target, headers }: Signed, from: RegExp, to: string): Signed => {
    if (!headers.authorization) return { headers, target: replaced(target, from, to) }
    const authorization = replaced(headers.authorization, from, to)
    return { target, headers: { ...headers, authorization } }
  }

  const TAMPERED: [string, (signed: Signed) => Signed][] = [
    [
      'signature',
      (signed) => inAuthorization(signed, /(q-signature(?:=|%3D))[0-9a-f]{4}/, '$10000'),
    ],
    [
      'end of validity',
      (signed) => inAuthorization(signed, /(q-sign-time(?:=|%3D)\d+(?:;|%3B))\d/, '$19'),
    ],
    ['list of headers', (signed) => inAuthorization(signed, /content-type(?:;|%3B)/, '')],
    ['key', ({ target, headers }) => ({ target: replaced(target, '.png', '.jpg'), headers })],
    [
      'value of a parameter',
      ({ target, headers }) => ({ target: replaced(target, '%20%2B', '%20-'), headers }),
    ],
    [
      'name of a parameter',
      ({ target, headers }) => ({ target: replaced(target, '%E4%B8%AD%E6%96%87=', 'x='), headers }),
    ],
    [
      'type of the body',
      ({ target, headers }) => ({ target, headers: { ...headers, 'Content-Type': 'text/html' } }),
    ],
    [
      'value of a header',
      ({ target, headers }) => ({ target, headers: { ...headers, 'x-cos-meta-Author': 'Bob' } }),
    ],
    ['host', ({ target, headers }) => ({ target, headers: { ...headers, Host: 'example.com' } })],
  ]

  test.each(TAMPERED)('is refused with another %s', async (_what, tamper) => {
    const signed = sign(key(), PUT)
    expect(await put(signed)).toMatchObject({ status: 200 })
    expect(await put(tamper(signed))).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  test('is refused with another method', async () => {
    const { target, headers } = sign(key(), PUT)
    const answer = await send(port, 'DELETE', target, { headers })
    expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
  })

  test('is refused without the token of its key, and with a token where there is none', async () => {
    const { SecurityToken, ...bare } = key()
    const other = SecurityToken ? bare : { ...bare, SecurityToken: 'bm8gdG9rZW4' }
    const answer = await put(CARRIERS['flat query']!(other, PUT))
    expect(answer).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' })
  })
})

test('the three carriers hold the same signature', () => {
  const signatures = Object.values(CARRIERS).map((sign) => {
    const { target, headers } = sign(permanent, PUT)
    return /q-signature(?:=|%3D)([0-9a-f]{40})/.exec(target + headers.authorization)?.[1]
  })
  expect(signatures[0]).toMatch(/^[0-9a-f]{40}$/)
  expect(new Set(signatures).size).toBe(1)
})
