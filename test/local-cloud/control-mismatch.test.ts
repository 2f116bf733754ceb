import { beforeAll, describe, expect, test } from '@jest/globals'
import { createHash, createHmac } from 'node:crypto'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { BUCKET, REGION, startCloud, type TestCloud } from './cloud'
import { controlOf, type Control } from '../helpers/control'
import {
  encode,
  hmac,
  presign,
  SECRET_ID,
  SECRET_KEY,
  send,
  signatureFields,
  target,
  validTime,
  type SignInput,
} from './sign'
import { temporaryKey } from './sts-client'

/** Requests that are signed wrongly on purpose; the local cloud must say what was done wrong. */

let cloud: TestCloud
let control: Control
let host: string

beforeAll(async () => {
  cloud = await startCloud({ controlPort: 0 })
  control = controlOf(cloud.controlUrl)
  host = `127.0.0.1:${cloud.port}`
})

/** Sends what is signed as one request and sent as another one. */
async function explain(
  signed: Partial<SignInput>,
  sent: { path?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<RequestRecord> {
  const input: SignInput = { method: 'PUT', path: '/目录/a b.png', ...signed }
  const path = sent.path ?? presign(input)
  const method = sent.method ?? input.method
  const answer = await send(cloud.port, method, path, { headers: sent.headers ?? {}, body: 'x' })
  expect([answer.status, answer.code]).toEqual([403, 'SignatureDoesNotMatch'])
  return control.recordOf({ requestId: String(answer.headers['x-cos-request-id']) })
}

/** A presigned target with one list written as it should not be. */
const withList = (path: string, name: string, list: string) =>
  path.replace(new RegExp(`(${name}=)[^&]*`), `$1${encode(list)}`)

describe('what the client signed is found', () => {
  const PATH = '/目录/a b.png'
  const query: [string, string][] = [['imageMogr2/thumbnail/200x/', '']]
  const cases: [string, string, RegExp, () => Promise<RequestRecord>][] = [
    [
      'another method',
      'method',
      /"get", the request is a "put"/,
      () => explain({ method: 'GET' }, { method: 'PUT' }),
    ],
    [
      'a raw + in the path',
      'raw-plus',
      /send %2B/,
      () =>
        explain({}, { path: presign({ method: 'PUT', path: '/a+b c.png' }).replace('%2B', '+') }),
    ],
    [
      'the encoded path',
      'path',
      /sign the decoded path/,
      () => {
        const fields = signatureFields({
          method: 'PUT',
          path: PATH.split('/').map(encode).join('/'),
        })
        return explain({}, { path: target(PATH, fields) })
      },
    ],
    [
      'the path without its first character',
      'path',
      /without its leading "\/"/,
      () =>
        explain(
          {},
          { path: target(PATH, signatureFields({ method: 'PUT', path: PATH.slice(1) })) },
        ),
    ],
    [
      'parameters that are listed and not signed',
      'parameter',
      /names parameters that were not signed/,
      () => {
        const fields = signatureFields({ method: 'PUT', path: PATH })
        const path = target(PATH, [['versionId', '1'], ...fields])
        return explain({}, { path: withList(path, 'q-url-param-list', 'versionid') })
      },
    ],
    [
      'the bucket in the path',
      'path',
      /the bucket belongs to the host/,
      () =>
        explain(
          {},
          { path: target(PATH, signatureFields({ method: 'PUT', path: `/${BUCKET}${PATH}` })) },
        ),
    ],
    [
      'a Content-Type that the HTTP library extends',
      'content-type',
      /"text\/plain" was signed, the request came with "text\/plain; charset=utf-8"/,
      () =>
        explain(
          { headers: [['content-type', 'text/plain']] },
          { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
        ),
    ],
    [
      'a Content-Type that the HTTP library replaces',
      'content-type',
      /"image\/png" was signed, the request came with "application\/json"/,
      () =>
        explain(
          { headers: [['content-type', 'image/png']] },
          { headers: { 'Content-Type': 'application/json' } },
        ),
    ],
    [
      'a Content-Type that is signed and not listed',
      'content-type',
      /content-type was signed, but q-header-list does not name it/,
      () => {
        const headers: [string, string][] = [['content-type', 'image/png']]
        const path = withList(presign({ method: 'PUT', path: PATH, headers }), 'q-header-list', '')
        return explain({}, { path, headers: { 'Content-Type': 'image/png' } })
      },
    ],
    [
      'the host of the bucket, sent to another one',
      'host',
      new RegExp(`"${BUCKET}.cos.${REGION}.myqcloud.com" was signed, the request came with "127`),
      () => explain({ headers: [['host', `${BUCKET}.cos.${REGION}.myqcloud.com`]] }),
    ],
    [
      'the host without its port',
      'host',
      /"127.0.0.1" was signed/,
      () => explain({ headers: [['host', '127.0.0.1']] }),
    ],
    [
      'a header that is listed and not signed',
      'header',
      /q-header-list names x-cos-meta-a, which was not signed/,
      () => {
        const path = presign({ method: 'PUT', path: PATH, headers: [['host', host]] })
        const sent = withList(path, 'q-header-list', 'host;x-cos-meta-a')
        return explain({}, { path: sent, headers: { 'x-cos-meta-a': 'b' } })
      },
    ],
    [
      'a parameter that is signed and not listed',
      'parameter',
      /that q-url-param-list does not name: versionid/,
      () => {
        const path = presign({ method: 'PUT', path: PATH, query: [['versionId', '1']] })
        return explain({}, { path: withList(path, 'q-url-param-list', '') })
      },
    ],
    [
      'a list that is encoded once',
      'list-encoded-once',
      /must be encoded once more/,
      () => {
        const path = presign({ method: 'PUT', path: PATH, query })
        return explain({}, { path: path.replaceAll('%252f', '%2f') })
      },
    ],
    [
      'two mistakes at once',
      'raw-plus',
      /send %2B; and the host "127.0.0.1" was signed/,
      () => {
        const headers: [string, string][] = [['host', '127.0.0.1']]
        const path = presign({ method: 'PUT', path: '/a+b.png', headers }).replace('%2B', '+')
        return explain({}, { path })
      },
    ],
  ]

  test.each(cases)('%s', async (_, mistake, reason, request) => {
    const record = await request()
    expect(record.reason).toMatch(reason)
    const { server, client, difference = -1 } = record.mismatch ?? {}
    expect(record.mismatch?.mistake).toBe(mistake)
    expect(client?.httpString).not.toBe(server?.httpString)
    expect(client?.httpString.slice(0, difference)).toBe(server?.httpString.slice(0, difference))
    expect(client?.httpString[difference]).not.toBe(server?.httpString[difference])
    for (const side of [server, client]) {
      const digest = createHash('sha1')
        .update(side?.httpString ?? '')
        .digest('hex')
      expect(side?.stringToSign.split('\n')[2]).toBe(digest)
    }
    expect(record.checks).toEqual([
      { name: 'key', passed: true },
      { name: 'time', passed: true },
      { name: 'signature', passed: false },
    ])
  })
})

describe('the HttpString is right', () => {
  const time = validTime()
  const httpString = 'put\n/a.png\n\n\n'
  const signKey = hmac(SECRET_KEY, time)
  const toSign = (text: string) =>
    `sha1\n${time}\n${createHash('sha1').update(text).digest('hex')}\n`
  const right = hmac(signKey, toSign(httpString))

  test.each([
    [
      'another secret',
      'secret',
      /another SecretKey/,
      hmac(hmac('other', time), toSign(httpString)),
    ],
    ['upper case', 'computation', /lower case/, right.toUpperCase()],
    ['base64', 'computation', /not base64/, Buffer.from(right, 'hex').toString('base64')],
    [
      'no line feed after HttpString',
      'computation',
      /HttpString was/,
      hmac(signKey, toSign('put\n/a.png\n\n')),
    ],
    [
      'no line feed after StringToSign',
      'computation',
      /StringToSign was/,
      hmac(signKey, toSign(httpString).trimEnd()),
    ],
    [
      'SignKey as bytes',
      'computation',
      /as bytes/,
      createHmac('sha1', Buffer.from(signKey, 'hex')).update(toSign(httpString)).digest('hex'),
    ],
  ])('%s', async (_, mistake, reason, signature) => {
    const fields = signatureFields({ method: 'PUT', path: '/a.png', time })
    const sent = fields.map(([name, value]): [string, string] =>
      name === 'q-signature' ? [name, signature] : [name, value],
    )
    const record = await explain({}, { path: target('/a.png', sent) })
    expect(record.reason).toMatch(reason)
    expect(record.mismatch).toEqual({
      mistake,
      server: { httpString, stringToSign: toSign(httpString) },
    })
  })

  test('a header that is listed and does not arrive', async () => {
    const record = await explain({ headers: [['x-cos-meta-a', 'unknown']] })
    expect(record.reason).toBe('q-header-list names x-cos-meta-a, which the request does not carry')
  })
})

describe('clocks', () => {
  test.each([
    ['slow', [-1000, -100], 'AccessDenied', /valid for 900 s and ended 1\d\d s ago/],
    ['fast', [2000, 3000], 'RequestTimeTooSkewed', /in (19\d\d|2000) s: .* is fast/],
  ] as const)('a %s one', async (_, offsets, code, reason) => {
    const now = Math.floor(Date.now() / 1000)
    const time = offsets.map((offset) => now + offset).join(';')
    const path = `/clock-${code}`
    await send(cloud.port, 'PUT', presign({ method: 'PUT', path, time }))
    const record = await control.recordOf({ path })
    expect(record).toMatchObject({ status: 403, code })
    expect(record.reason).toMatch(reason)
    expect(record.checks?.at(-1)).toEqual({ name: 'time', passed: false })
  })
})

test('a form whose policy was signed in base64', async () => {
  const time = validTime()
  const policy = Buffer.from('{}').toString('base64')
  const digest = createHash('sha1').update(policy).digest('hex')
  const form = new FormData()
  const fields = {
    key: 'a',
    policy,
    'q-sign-algorithm': 'sha1',
    'q-ak': SECRET_ID,
    'q-key-time': time,
    'q-signature': hmac(hmac(SECRET_KEY, time), digest),
    file: 'content',
  }
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const response = await fetch(`http://${host}/`, { method: 'POST', body: form })
  expect(response.status).toBe(403)
  const requestId = String(response.headers.get('x-cos-request-id'))
  const record = await control.recordOf({ requestId })
  expect(record).toMatchObject({ carrier: 'form', code: 'SignatureDoesNotMatch' })
  expect(record.reason).toContain('the base64 of the policy was signed')
})

describe('temporary keys', () => {
  const allow = (action: string, resource: string) => ({
    effect: 'allow',
    action: [action],
    resource: [resource],
  })
  const resource = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/users/a/*`

  test('a listed token is masked in both HttpStrings', async () => {
    const key = await temporaryKey(cloud.port, allow('name/cos:PutObject', resource))
    const signed = presign({
      method: 'PUT',
      path: '/users/a/b+c',
      secretId: key.secretId,
      secretKey: key.secretKey,
      query: [['x-cos-security-token', key.token]],
    })
    const record = await explain({}, { path: signed.replace('%2B', '+') })
    expect(record.mismatch?.mistake).toBe('raw-plus')
    expect(record.mismatch?.server.httpString).toContain('\nx-cos-security-token=***\n')
    expect(record.mismatch?.client?.httpString).toContain('\nx-cos-security-token=***\n')
  })

  test.each([
    ['another key', 'name/cos:PutObject', '/users/b/c', `has other resources: ${resource}`],
    ['another action', 'name/cos:GetObject', '/users/a/d', 'has other actions: cos:GetObject'],
  ])('%s: the statement that decided is named', async (_, action, path, why) => {
    const key = await temporaryKey(cloud.port, allow(action, resource))
    const { secretId, secretKey } = key
    const signed = presign({ method: 'PUT', path, secretId, secretKey }, [
      ['x-cos-security-token', key.token],
    ])
    await send(cloud.port, 'PUT', signed, { body: 'x' })
    const record = await control.recordOf({ path })
    expect(record.reason).toContain(`statement 1 ${why}`)
    expect(record.checks?.at(-1)).toEqual({ name: 'policy', passed: false, detail: record.reason })
  })

  test('a token of another key', async () => {
    const { token } = await temporaryKey(cloud.port, allow('name/cos:PutObject', resource))
    const path = presign({ method: 'PUT', path: '/t' }, [['x-cos-security-token', token]])
    await send(cloud.port, 'PUT', path)
    const record = await control.recordOf({ path: '/t' })
    expect(record).toMatchObject({
      code: 'InvalidAccessKeyId',
      checks: [{ name: 'key', passed: false }],
    })
    expect(record.reason).toContain('not together with this q-ak')
  })
})
