import { createHash, randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { presignedUrl, type Method, type SignableRequest } from '../../miniprogram/cos/index'
import { sdkUrl, startLocalStack, statusOf, type Granted, type LocalStack } from './local-stack'

const MB = 1024 * 1024
const PARTS = [randomBytes(MB), randomBytes(1000)]

let stack: LocalStack
let key = ''

beforeAll(async () => {
  stack = await startLocalStack({ MAX_UPLOAD_BYTES: '1000' })
  key = `${stack.user.prefix}视频/a b+c (1)*.mp4`
})
afterAll(() => stack.stop())

type Signable = SignableRequest & { method: 'GET' | 'PUT' | 'POST' | 'DELETE' }
type Query = Record<string, string>

async function temporaryKey(purpose: string): Promise<Granted> {
  const { status, body } = await stack.ask('/credentials', { purpose })
  expect(status).toBe(200)
  return body
}

const SOURCES = {
  /** The server signs; the headers are signed, too. */
  'URLs of the server': async (request: Signable): Promise<string> => {
    const { status, body } = await stack.ask('/presign', request)
    expect(status).toBe(200)
    return body.url
  },
  'a temporary key': async ({ method, key, query }: Signable): Promise<string> =>
    sdkUrl(await temporaryKey('multipart'), method, key, query),
}

describe.each(Object.entries(SOURCES))('with %s', (_name, sign) => {
  const call = async (request: Signable, body?: string | Buffer<ArrayBuffer>, headers = {}) => {
    const response = await fetch(await sign(request), {
      method: request.method,
      headers: { ...request.headers, ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    return { status: response.status, etag: response.headers.get('etag') ?? '', text }
  }
  const initiate = (headers = {}) =>
    call({
      method: 'POST',
      key,
      query: { uploads: '' },
      headers: { 'Content-Type': 'video/mp4', ...headers },
    })
  const uploadPart = (uploadId: string, number: number, body: Buffer<ArrayBuffer>, headers = {}) =>
    call({ method: 'PUT', key, query: { partNumber: String(number), uploadId } }, body, headers)
  const listParts = (uploadId: string, query = {}) =>
    call({ method: 'GET', key, query: { uploadId, ...query } })
  const newUploadId = async () => elements((await initiate()).text, 'UploadId')[0] ?? ''

  test('an upload is initiated, sent in parts, listed, completed', async () => {
    const initiated = await initiate()
    expect(initiated.status).toBe(200)
    const [uploadId = ''] = elements(initiated.text, 'UploadId')

    const etags: string[] = []
    for (const [index, part] of PARTS.entries()) {
      const sent = await uploadPart(uploadId, index + 1, part)
      expect(sent.status).toBe(200)
      etags.push(sent.etag)
    }
    expect(elements((await listParts(uploadId)).text, 'Size')).toEqual(['1048576', '1000'])
    const page = { 'max-parts': '1', 'part-number-marker': '1', 'encoding-type': 'url' }
    expect(elements((await listParts(uploadId, page)).text, 'Size')).toEqual(['1000'])

    const parts = etags.map(
      (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    const completed = await call(
      { method: 'POST', key, query: { uploadId }, headers: { 'Content-Type': 'application/xml' } },
      `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
    )
    expect(completed.status).toBe(200)

    const download = await fetch(sdkUrl(await temporaryKey('download'), 'GET', key))
    expect(download.headers.get('content-type')).toBe('video/mp4')
    expect(sha1(await download.arrayBuffer())).toBe(sha1(Buffer.concat(PARTS)))
  })

  test('an upload is aborted, and gone', async () => {
    const uploadId = await newUploadId()
    expect((await uploadPart(uploadId, 1, PARTS[0]!)).status).toBe(200)
    expect((await call({ method: 'DELETE', key, query: { uploadId } })).status).toBe(204)
    const { status, text } = await listParts(uploadId)
    expect([status, elements(text, 'Code')]).toEqual([404, ['NoSuchUpload']])
  })

  test('a part may have 16 MB, and not one byte more', async () => {
    const uploadId = await newUploadId()
    const part = Buffer.alloc(16 * MB + 1)
    expect((await uploadPart(uploadId, 1, part.subarray(1))).status).toBe(200)
    expect((await uploadPart(uploadId, 2, part)).status).toBe(403)
  })

  test('the object stays private, whatever header is added', async () => {
    const withAcl = async (acl: string) =>
      (await call({ method: 'POST', key, query: { uploads: '' } }, '', { 'x-cos-acl': acl })).status
    expect(await withAcl('private')).toBe(200)
    expect(await withAcl('public-read')).toBe(403)
    expect(await withAcl('public-read-write')).toBe(403)
    const uploadId = await newUploadId()
    const made = await uploadPart(uploadId, 1, PARTS[1]!, { 'x-cos-acl': 'public-read' })
    expect(made.status).toBe(403)
  })
})

/** What else COS would do at these addresses; permissions.test.ts tries what a key could be for. */
describe.each(['upload', 'download', 'multipart'])('a key for %s', (purpose) => {
  const attempt = async (Method: Method, Key: string, Query: Query) => {
    const { credentials, bucket, region, host } = await temporaryKey(purpose)
    const { tmpSecretId, tmpSecretKey, sessionToken } = credentials
    const url = presignedUrl(
      { SecretId: tmpSecretId, SecretKey: tmpSecretKey, SecurityToken: sessionToken },
      { Bucket: bucket, Region: region, Protocol: 'http:', Domain: host, Method, Key, Query },
    )
    return statusOf(url, { method: Method, ...(Method.startsWith('P') && { body: 'x' }) })
  }

  test.each<[Method, Query]>([
    ['GET', { acl: '' }],
    ['PUT', { acl: '' }],
    ['PUT', { tagging: '' }],
    ['DELETE', { tagging: '' }],
    ['POST', { append: '', position: '0' }],
    ['POST', { restore: '' }],
    ['DELETE', { versionId: 'v' }],
  ])('nothing else of an object: %s %j', async (method, query) => {
    expect(await attempt(method, key, query)).toBe(403)
  })

  test('nothing of the bucket: HEAD', async () => {
    expect(await attempt('HEAD', '', {})).toBe(403)
  })
})

function elements(xml: string, name: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')),
    ([, text]) => text!,
  )
}

function sha1(content: ArrayBuffer | Buffer): string {
  return createHash('sha1').update(new Uint8Array(content)).digest('hex')
}

describe('a signed Content-MD5 lets COS refuse a damaged body', () => {
  const body = Buffer.from('hello')
  const headers = {
    'Content-Type': 'image/png',
    'Content-MD5': createHash('md5').update(body).digest('base64'),
  }

  async function uploadId(): Promise<string> {
    const signed = await stack.ask('/presign', { method: 'POST', key, query: { uploads: '' } })
    const headers = { 'Content-Type': 'image/png' }
    const response = await fetch(signed.body.url, { method: 'POST', headers })
    return /<UploadId>(.+)<\/UploadId>/.exec(await response.text())?.[1] ?? ''
  }

  test.each([
    ['PutObject', async () => ({})],
    ['UploadPart', async () => ({ partNumber: '1', uploadId: await uploadId() })],
  ])('of %s', async (_name, queryOf) => {
    const signed = await stack.ask('/presign', {
      method: 'PUT',
      key,
      query: await queryOf(),
      headers,
    })
    expect(signed.body.headers).toMatchObject(headers)
    const put = (sent: Buffer<ArrayBuffer>, added = {}) =>
      statusOf(signed.body.url, { method: 'PUT', body: sent, headers: { ...headers, ...added } })
    expect(await put(body)).toBe(200)
    expect(await put(Buffer.from('hullo'))).toBe(400)
    const other = createHash('md5').update('hullo').digest('base64')
    expect(await put(Buffer.from('hullo'), { 'Content-MD5': other })).toBe(403)
  })
})
