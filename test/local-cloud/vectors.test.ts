import { beforeAll, describe, expect, test } from '@jest/globals'
import urls from '../vectors/sdk.json'
import wire from '../vectors/sdk-wire.json'
import { BUCKET, REGION, startCloud, type TestCloud } from './cloud'
import { send, type Answer } from './sign'

/** Requests that the official SDKs made, with their clock and their key, sent again as they were. */

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud({
    secretId: 'SECRETID',
    secretKey: 'SECRETKEY',
    now: () => 1_700_000_000_000,
  })
})

const HOST = `${BUCKET}.cos.${REGION}.myqcloud.com`

interface Sent {
  id: string
  url: string
  method: string
  headers: Record<string, string>
  body?: Buffer
}

function sendAgain({ url, method, headers, body }: Sent): Promise<Answer> {
  const [, host = '', path = ''] = /^https?:\/\/([^/]+)(\/.*)$/.exec(url) ?? []
  return send(cloud.port, method, path, { headers: { Host: host, ...headers }, body })
}

/** A part of the file `sdk-wire.json`. */
interface WireRequest {
  via: string
  url: string
  method?: string
  header: Record<string, string>
  body?: string | { $arraybuffer: string } | null
  formData?: Record<string, string | number>
}

function toSent(id: string, { url, method, header, body, formData }: WireRequest): Sent {
  if (formData) {
    const parts = Object.entries({ ...formData, file: 'the file' }).map(
      ([name, value]) =>
        `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    // wx.uploadFile replaces the Content-Type that the SDK asks for.
    const headers = { ...header, 'Content-Type': 'multipart/form-data; boundary=b' }
    return { id, url, method: 'POST', headers, body: Buffer.from(`${parts.join('')}--b--\r\n`) }
  }
  const text = typeof body === 'string' ? body : (body?.$arraybuffer ?? '')
  return { id, url, method: method ?? 'GET', headers: header, body: Buffer.from(text) }
}

describe('what cos-wx-sdk-v5 puts on the wire', () => {
  const requests = wire.vectors
    .filter(({ id }) => id.startsWith('wire/permanent/'))
    .map(({ id, request }) => toSent(id.slice(15), request as unknown as WireRequest))

  const expected: Record<string, number> = {
    putObject: 200,
    'putObject-cjk-meta': 200,
    postObject: 200,
    // public-read
    'postObject-cjk': 501,
    getObject: 206,
    headObject: 200,
    deleteObject: 204,
    optionsObject: 200,
    headBucket: 200,
    getBucket: 200,
    multipartInit: 200,
    // Their upload was one of real COS.
    multipartUpload: 404,
    multipartListPart: 404,
    multipartComplete: 404,
    multipartAbort: 404,
    multipartList: 200,
  }

  test.each(requests)('$id', async (request) => {
    expect((await sendAgain(request)).status).toBe(expected[request.id] ?? 501)
  })

  test.each(
    requests.filter(({ method, headers }) => headers['Authorization'] && method !== 'OPTIONS'),
  )('$id, changed', async (request) => {
    const change = (text: string) =>
      text.replace(/(q-signature=)(.)/, (_, name, digit) => `${name}${digit === '0' ? '1' : '0'}`)
    const headers = {
      ...request.headers,
      Authorization: change(request.headers['Authorization'] ?? ''),
    }
    const body = Buffer.from(change(String(request.body)))
    expect((await sendAgain({ ...request, headers, body })).status).toBe(403)
  })
})

describe('URLs that both SDKs sign', () => {
  interface UrlVector {
    id: string
    options: Record<string, string>
    params: { Method?: string; Headers?: Record<string, string>; Domain?: string }
    expected: string
  }
  const requests = (urls.vectors as unknown as UrlVector[])
    .filter(
      ({ options, expected }) =>
        options?.['SecretId'] === 'SECRETID' &&
        options['SecretKey'] === 'SECRETKEY' &&
        expected.includes('q-signature=') &&
        !/security-token/i.test(expected),
    )
    .map(({ id, params, expected }) => ({
      id,
      url: expected,
      method: params.Method ?? 'GET',
      // The SDK puts its own host for an empty one.
      headers: Object.fromEntries(
        Object.entries(params.Headers ?? {}).filter(([, value]) => value !== ''),
      ),
    }))
    // Another bucket or region does not exist here.
    .filter(({ url }) => url.includes(`//${HOST}/`) || !url.includes('.myqcloud.com/'))
    // A key that is too long; a length without a body.
    .filter(({ id }) => !['url/key/long851', 'url/header/number'].includes(id))
    .filter(({ method }) => /^(get|head|put|delete)$/i.test(method))

  test('there are many', () => expect(requests.length).toBeGreaterThan(50))

  test.each(requests)('$id', async (request) => {
    // Most of these objects do not exist. What matters: no signature is refused.
    expect([200, 204, 404, 501]).toContain((await sendAgain(request)).status)
    const url = request.url.replace(/(q-signature=)./, '$1z')
    expect((await sendAgain({ ...request, url })).status).toBe(403)
  })
})
