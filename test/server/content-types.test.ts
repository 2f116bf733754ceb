import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { postForm } from '../../miniprogram/cos/index'
import { sdkUrl, startLocalStack, statusOf, type Granted, type LocalStack } from './local-stack'

describe('uploads are stored as the configured types', () => {
  let stack: LocalStack
  let key = ''

  beforeAll(async () => {
    stack = await startLocalStack({ UPLOAD_CONTENT_TYPES: 'image/png, text/plain*' })
    key = `${stack.user.prefix}a.png`
  })
  afterAll(() => stack.stop())

  const granted = async (purpose: string): Promise<Granted> =>
    (await stack.ask('/credentials', { purpose })).body
  const withType = (type?: string): Record<string, string> =>
    type === undefined ? {} : { 'content-type': type }
  const body = Buffer.from('hello')

  const WAYS: Record<string, (type?: string) => Promise<number>> = {
    PUT: async (type) =>
      statusOf(sdkUrl(await granted('upload'), 'PUT', key), {
        method: 'PUT',
        body,
        headers: withType(type),
      }),
    'a form': async (type) => {
      const { credentials, bucket, region, host } = await granted('upload')
      const { Url, Fields } = postForm({
        SecretId: credentials.tmpSecretId,
        SecretKey: credentials.tmpSecretKey,
        SecurityToken: credentials.sessionToken,
        Bucket: bucket,
        Region: region,
        Domain: host,
        Protocol: 'http:',
        Key: key,
        ContentType: type,
      })
      const form = new FormData()
      for (const [name, value] of Object.entries(Fields)) form.append(name, value)
      form.append('file', new Blob([body]), 'a.png')
      return statusOf(Url, { method: 'POST', body: form })
    },
    'a multipart upload': async (type) =>
      statusOf(sdkUrl(await granted('multipart'), 'POST', key, { uploads: '' }), {
        method: 'POST',
        headers: withType(type),
      }),
    'a URL of the server that does not sign the type': async (type) => {
      const { body: signed } = await stack.ask('/presign', { method: 'PUT', key })
      return statusOf(signed.url, { method: 'PUT', body, headers: withType(type) })
    },
  }

  describe.each(Object.entries(WAYS))('by %s', (_name, upload) => {
    test.each(['image/png', 'text/plain', 'text/plain;charset=UTF-8'])('%s is', async (type) => {
      expect([200, 204]).toContain(await upload(type))
    })

    test.each([
      'text/html',
      'text/plain,text/html',
      'image/svg+xml',
      'image/pngx',
      'image/jpeg',
      'IMAGE/PNG',
      'x',
      undefined,
    ])('%s is not', async (type) => {
      expect(await upload(type)).toBe(403)
    })
  })

  test.each<[string, (type: string) => readonly [string, object]]>([
    ['PUT', (type) => ['/presign', { method: 'PUT', key, headers: { 'content-Type': type } }]],
    [
      'a multipart upload',
      (type) => [
        '/presign',
        { method: 'POST', key, query: { uploads: '' }, headers: { 'Content-Type': type } },
      ],
    ],
    ['a form', (type) => ['/post-form', { key, contentType: type }]],
  ])('the server does not sign %s that COS would refuse, and says why', async (_name, request) => {
    expect((await stack.ask(...request('image/png'))).status).toBe(200)
    const { status, body: answer } = await stack.ask(...request('text/html'))
    expect(status).toBe(403)
    expect(answer.error).toEqual({
      code: 'OPERATION_NOT_ALLOWED',
      message: 'Nothing is stored as text/html: allowed are image/png, text/plain*',
    })
  })
})

describe('multipart uploads can be switched off', () => {
  let stack: LocalStack
  beforeAll(async () => {
    stack = await startLocalStack({ MULTIPART: 'off' })
  })
  afterAll(() => stack.stop())

  const refusalOf = async (path: string, body: object) => {
    const answer = await stack.ask(path, body)
    return [answer.status, answer.body.error?.code]
  }

  test('then no key and no URL is for one, and the app is told so', async () => {
    const key = `${stack.user.prefix}a.mp4`
    const refused = [403, 'OPERATION_NOT_ALLOWED']
    expect(await refusalOf('/credentials', { purpose: 'multipart' })).toEqual(refused)
    const upload = { uploadId: 'u' }
    const requests = [
      { method: 'POST', query: { uploads: '' } },
      { method: 'PUT', query: { ...upload, partNumber: '1' } },
      { method: 'GET', query: upload },
      { method: 'POST', query: upload },
      { method: 'DELETE', query: upload },
    ]
    for (const request of requests) {
      expect(await refusalOf('/presign', { key, ...request })).toEqual(refused)
    }
    expect((await stack.client.get('/config')).body.multipart).toBe(false)
  })

  test('everything else goes on', async () => {
    const key = `${stack.user.prefix}a.mp4`
    expect((await stack.ask('/credentials', { purpose: 'upload' })).status).toBe(200)
    expect((await stack.ask('/presign', { method: 'PUT', key })).status).toBe(200)
  })
})

test('a list of types is not even signed', async () => {
  const stack = await startLocalStack()
  const headers = { 'Content-Type': 'text/plain,text/html' }
  const key = `${stack.user.prefix}a.txt`
  const { status } = await stack.ask('/presign', { method: 'PUT', key, headers })
  await stack.stop()
  expect(status).toBe(403)
})

describe('a download is shown as it was stored', () => {
  let stack: LocalStack

  beforeAll(async () => {
    stack = await startLocalStack()
  })
  afterAll(() => stack.stop())

  test.each([
    ['text/html', 403],
    ['application/octet-stream,text/html', 403],
    ['application/octet-stream', 200],
  ])('or, with response-content-type %s, answered with %d', async (type, status) => {
    const key = `${stack.user.prefix}a.txt`
    const { body: upload } = await stack.ask('/presign', { method: 'PUT', key })
    expect(await statusOf(upload.url, { method: 'PUT', body: '<script>' })).toBe(200)

    const query = { 'response-content-type': type }
    const signed = await stack.ask('/presign', { method: 'GET', key, query })
    expect(signed.status).toBe(status)
    const { body: granted } = await stack.ask('/credentials', { purpose: 'download' })
    expect(await statusOf(sdkUrl(granted, 'GET', key, query), { method: 'GET' })).toBe(status)
  })
})
