/** @jest-environment node */
import { beforeAll, expect, test } from '@jest/globals'
import { createHash, createHmac } from 'node:crypto'
import { diagnose, NO_EVIDENCE } from '../../miniprogram/presign/diagnose'
import { startCloud, type TestCloud } from '../local-cloud/cloud'
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
} from '../local-cloud/sign'

/** The app and the local cloud explain a wrong signature with code of their own, and alike. */

const BUCKET = 'examplebucket-1250000000'
const PATH = '/目录/a b.png'

let cloud: TestCloud
let control: Control
let host: string

beforeAll(async () => {
  cloud = await startCloud({ controlPort: 0 })
  control = controlOf(cloud.controlUrl)
  host = `127.0.0.1:${cloud.port}`
})

interface Sent {
  path: string
  method?: string
  headers?: Record<string, string>
}

const put = (input: Partial<SignInput>) => presign({ method: 'PUT', path: PATH, ...input })
const withList = (path: string, name: string, list: string) =>
  path.replace(new RegExp(`(${name}=)[^&]*`), `$1${encode(list)}`)
const withSignature = (make: (signKey: string, toSign: (text: string) => string) => string) => {
  const time = validTime()
  const toSign = (text: string) =>
    `sha1\n${time}\n${createHash('sha1').update(text).digest('hex')}\n`
  const signature = make(hmac(SECRET_KEY, time), toSign)
  const fields = signatureFields({ method: 'PUT', path: '/a.png', time })
  return target(
    '/a.png',
    fields.map(([name, value]) => [name, name === 'q-signature' ? signature : value]),
  )
}
const HTTP_STRING = 'put\n/a.png\n\n\n'

const CASES: [name: string, mistake: string, sent: () => Sent][] = [
  ['another method', 'method', () => ({ path: put({ method: 'GET' }) })],
  [
    'a raw + in the path',
    'raw-plus',
    () => ({ path: put({ path: '/a+b c.png' }).replace('%2B', '+') }),
  ],
  [
    'the encoded path',
    'path',
    () => ({
      path: target(
        PATH,
        signatureFields({ method: 'PUT', path: PATH.split('/').map(encode).join('/') }),
      ),
    }),
  ],
  [
    'the path without its slash',
    'path',
    () => ({ path: target(PATH, signatureFields({ method: 'PUT', path: PATH.slice(1) })) }),
  ],
  [
    'a Content-Type that the HTTP library replaces',
    'content-type',
    () => ({
      path: put({ headers: [['content-type', 'image/png']] }),
      headers: { 'Content-Type': 'application/json' },
    }),
  ],
  [
    'a Content-Type that the HTTP library extends',
    'content-type',
    () => ({
      path: put({ headers: [['content-type', 'text/plain']] }),
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  ],
  [
    'the host without its port',
    'host',
    () => ({ path: put({ headers: [['host', '127.0.0.1']] }) }),
  ],
  [
    'a header that is listed and not signed',
    'header',
    () => ({
      path: withList(put({ headers: [['host', host]] }), 'q-header-list', 'host;x-cos-meta-a'),
      headers: { 'x-cos-meta-a': 'b' },
    }),
  ],
  [
    'a parameter that is signed and not listed',
    'parameter',
    () => ({ path: withList(put({ query: [['versionId', '1']] }), 'q-url-param-list', '') }),
  ],
  [
    'parameters that are listed and not signed',
    'parameter',
    () => ({
      path: withList(
        target(PATH, [['versionId', '1'], ...signatureFields({ method: 'PUT', path: PATH })]),
        'q-url-param-list',
        'versionid',
      ),
    }),
  ],
  [
    'a list that is encoded once',
    'list-encoded-once',
    () => ({
      path: put({ query: [['imageMogr2/thumbnail/200x/', '']] }).replaceAll('%252f', '%2f'),
    }),
  ],
  [
    'two mistakes at once',
    'raw-plus',
    () => ({
      path: put({ path: '/a+b.png', headers: [['host', '127.0.0.1']] }).replace('%2B', '+'),
    }),
  ],
  [
    'upper case',
    'computation',
    () => ({ path: withSignature((key, text) => hmac(key, text(HTTP_STRING)).toUpperCase()) }),
  ],
  [
    'base64',
    'computation',
    () => ({
      path: withSignature((key, text) =>
        Buffer.from(hmac(key, text(HTTP_STRING)), 'hex').toString('base64'),
      ),
    }),
  ],
  [
    'no line feed after HttpString',
    'computation',
    () => ({ path: withSignature((key, text) => hmac(key, text(HTTP_STRING.slice(0, -1)))) }),
  ],
  [
    'no line feed after StringToSign',
    'computation',
    () => ({ path: withSignature((key, text) => hmac(key, text(HTTP_STRING).trimEnd())) }),
  ],
  [
    'SignKey as bytes',
    'computation',
    () => ({
      path: withSignature((key, text) =>
        createHmac('sha1', Buffer.from(key, 'hex')).update(text(HTTP_STRING)).digest('hex'),
      ),
    }),
  ],
]

async function refuse({ path, method = 'PUT', headers = {} }: Sent) {
  const answer = await send(cloud.port, method, path, { headers, body: 'x' })
  expect(answer.status).toBe(403)
  const requestId = String(answer.headers['x-cos-request-id'])
  const { mismatch } = await control.recordOf({ requestId })
  const evidence = { ...NO_EVIDENCE, request: `http://${host}${path}`, answer: answer.text }
  return { mistake: mismatch?.mistake, evidence }
}

test.each(CASES)('%s', async (_name, mistake, sent) => {
  const { mistake: ofCloud, evidence } = await refuse(sent())
  expect(ofCloud).toBe(mistake)
  const { verdict } = diagnose(evidence, { SecretId: SECRET_ID, SecretKey: SECRET_KEY })
  expect(verdict).toMatchObject({ kind: 'MISTAKE', mistake })
  // Without the key it is not certain, and the key is not blamed for it.
  expect(diagnose(evidence).verdict!.kind).not.toBe('SAME')
})

test('another SecretKey: no known mistake gives the signature', async () => {
  const { mistake, evidence } = await refuse({ path: put({ secretKey: 'another' }) })
  expect(mistake).toBe('secret')
  const key = { SecretId: SECRET_ID, SecretKey: SECRET_KEY }
  expect(diagnose(evidence, key).verdict!.kind).toBe('OTHER_KEY')
  const own = diagnose(evidence, { ...key, SecretKey: 'another' })
  expect(own.verdict!.kind).toBe('KEY_FITS')
})

test('a key of another SecretId proves nothing', async () => {
  const { evidence } = await refuse({ path: put({ method: 'GET' }) })
  const { verdict } = diagnose(evidence, { SecretId: 'another', SecretKey: SECRET_KEY })
  expect(verdict!.kind).toBe('SAME_SO_FAR')
})

test('the bucket in the path', async () => {
  const { mistake, evidence } = await refuse({
    path: target(PATH, signatureFields({ method: 'PUT', path: `/${BUCKET}${PATH}` })),
  })
  expect(mistake).toBe('path')
  const httpString = `put\n/${BUCKET}${PATH}\n\n\n`
  const { verdict } = diagnose({ ...evidence, httpString })
  expect(verdict!.differences.map(({ cause }) => cause)).toEqual(['PATH_BUCKET'])
})
