import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { AbortController } from '../../miniprogram/transfer/abort'
import { downloadObject, MAX_DOWNLOAD_BYTES } from '../../miniprogram/transfer/download-object'
import { postObject } from '../../miniprogram/transfer/post-object'
import type { Progress } from '../../miniprogram/transfer/progress'
import { MAX_PUT_BYTES, putObject } from '../../miniprogram/transfer/put-object'
import { timeoutFor } from '../../miniprogram/transfer/send-request'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import { readConfig } from '../../server/config'
import { closedPort } from '../helpers/closed-port'
import { installNodeWx } from '../helpers/node-wx'
import { startStack, type Stack } from '../helpers/stack'

const HARD_KEY = '照片/a b+c (1)&.png'

let stack: Stack
let env: ReturnType<typeof installNodeWx>
let signing: ReturnType<typeof temporaryKeySigning>
let prefix: string

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

beforeEach(async () => {
  env = installNodeWx({ storage: { 'server-url': stack.server } })
  const session = createSession()
  signing = temporaryKeySigning(session)
  prefix = await session.prefix()
})
afterEach(() => env.restore())

function put(
  key: string,
  bytes: Uint8Array,
  contentType = 'image/png',
  sign = signing.signRequest,
) {
  const filePath = env.wx.addTempFile(bytes)
  return putObject({ key: prefix + key, filePath, contentType, signRequest: sign })
}

function get(key: string, sign = signing.signRequest) {
  return downloadObject({ key: prefix + key, signRequest: sign })
}

async function read(filePath: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const success = ({ data }: { data: string | ArrayBuffer }) =>
      resolve(Buffer.from(data as ArrayBuffer))
    env.wx.getFileSystemManager().readFile({ filePath, success, fail: reject })
  })
}

const FILES: [string, Uint8Array, string][] = [
  ['a text', Buffer.from('你好，COS\n'), 'text/plain'],
  ['an empty file', Buffer.alloc(0), 'application/octet-stream'],
  ['30 MB', randomBytes(30 * 1024 * 1024), 'application/octet-stream'],
]

describe('putObject and downloadObject', () => {
  test.each(FILES)('bring back the very bytes of %s', async (_name, bytes, contentType) => {
    const up = await put(HARD_KEY, bytes, contentType)
    expect(up).toMatchObject({ key: prefix + HARD_KEY, size: bytes.length })
    expect(up.etag).toMatch(/^"[0-9a-f]{32}"$/)
    expect(up.requestId).not.toBe('')

    const down = await get(HARD_KEY)
    expect(down).toMatchObject({ contentType, size: bytes.length, etag: up.etag })
    expect((await read(down.tempFilePath)).equals(bytes)).toBe(true)
  })

  test('send the Content-Type that was signed', async () => {
    const other: SignRequest = async (request) => {
      const signed = await signing.signRequest(request)
      return { ...signed, headers: { 'Content-Type': 'text/html' } }
    }
    await expect(put('a', Buffer.from('a'), 'image/png', other)).rejects.toMatchObject({
      code: 'SIGNATURE_MISMATCH',
      statusCode: 403,
      errorCode: 'SignatureDoesNotMatch',
      requestId: expect.stringMatching(/./),
    })
  })

  test('report the progress of a download', async () => {
    await put('large', randomBytes(8 * 1024 * 1024))
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    await downloadObject({
      key: `${prefix}large`,
      signRequest: signing.signRequest,
      onProgress,
    })
    expect(seen.at(-1)).toMatchObject({ percent: 100, loaded: 8 * 1024 * 1024 })
    expect(seen.map(({ loaded }) => loaded)).toEqual(
      seen.map(({ loaded }) => loaded).toSorted((a, b) => a - b),
    )
  })

  test('take no cut file for the whole, whatever wx calls it', async () => {
    await put('whole', Buffer.from('whole'))
    const { downloadFile } = env.wx
    env.wx.downloadFile = (option) =>
      downloadFile({
        ...option,
        success(result) {
          const tempFilePath = env.wx.addTempFile(Buffer.from('who'))
          option.success?.({ ...result, tempFilePath })
        },
      })
    await expect(get('whole')).rejects.toMatchObject({ code: 'NETWORK' })
  })

  test('refuse a file over the limit before reading it', async () => {
    const task = put('huge', Buffer.alloc(MAX_PUT_BYTES + 1))
    await expect(task).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
    expect(
      env.wx.calls.filter(({ api }) => api === 'request').map(({ option }) => option.method),
    ).not.toContain('PUT')
  })

  test('say that a temporary file is gone', async () => {
    const request = { key: `${prefix}a`, filePath: 'wxfile://tmp_gone', contentType: 'a/b' }
    await expect(putObject({ ...request, signRequest: signing.signRequest })).rejects.toMatchObject(
      { code: 'FILE_UNREADABLE' },
    )
  })

  test('read the reason of a 404 from the temp file', async () => {
    await expect(get('never-uploaded')).rejects.toMatchObject({
      code: 'NO_SUCH_KEY',
      statusCode: 404,
      errorCode: 'NoSuchKey',
      requestId: expect.stringMatching(/./),
    })
  })

  test("are refused another user's key", async () => {
    const key = 'users/00000000000000000000000000000000/a'
    const filePath = env.wx.addTempFile(Buffer.from('a'))
    const { signRequest } = signing
    const uploading = putObject({ key, filePath, contentType: 'text/plain', signRequest })
    await expect(uploading).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      errorCode: 'AccessDenied',
    })
    await expect(downloadObject({ key, signRequest })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    })
  })

  test.each([
    ['path', (url: string) => url.replace('mine', 'other'), 'SignatureDoesNotMatch'],
    ['expiry', (url: string) => url.replace(/(time=\d+%3B)(\d)/g, '$19'), 'SignatureDoesNotMatch'],
    ['signature', (url: string) => url.replace(/(q-signature=)./, '$1x'), 'SignatureDoesNotMatch'],
    [
      'token',
      (url: string) => url.replace(/(security-token=)[^&]{9}/, '$1aaaaaaaaa'),
      'InvalidAccessKeyId',
    ],
    ['lack of a signature', (url: string) => url.replace(/\?.*/, ''), 'AccessDenied'],
  ])('show COS the tampered %s', async (_name, tamper, errorCode) => {
    const tampered: SignRequest = async (request) => {
      const signed = await signing.signRequest(request)
      const url = tamper(signed.url)
      expect(url).not.toBe(signed.url)
      return { ...signed, url }
    }
    await expect(get('mine', tampered)).rejects.toMatchObject({ errorCode })
  })
})

describe('postObject', () => {
  function post(key: string, bytes: Uint8Array, options = {}, sign = signing.signPostForm) {
    const filePath = env.wx.addTempFile(bytes)
    const request = { key: prefix + key, filePath, contentType: 'image/png', signPostForm: sign }
    return postObject({ ...request, ...options })
  }

  test.each(FILES)('brings %s to COS', async (_name, bytes) => {
    const up = await post(HARD_KEY, bytes)
    expect(up).toMatchObject({ key: prefix + HARD_KEY, size: bytes.length })
    const down = await get(HARD_KEY)
    expect(down).toMatchObject({ contentType: 'image/png', etag: up.etag })
    expect((await read(down.tempFilePath)).equals(bytes)).toBe(true)
  })

  test('reports progress up to 100 percent', async () => {
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    await post('large', randomBytes(8 * 1024 * 1024), { onProgress })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.at(-1)).toMatchObject({ percent: 100 })
  })

  test.each([
    ['key', { key: 'users/other' }],
    ['Content-Type', { 'Content-Type': 'text/html' }],
    ['acl', { acl: 'public-read' }],
  ])('may not send another %s than was signed', async (_name, other) => {
    const sign = async (form: Parameters<typeof signing.signPostForm>[0]) => {
      const signed = await signing.signPostForm(form)
      return { ...signed, fields: { ...signed.fields, ...other } }
    }
    await expect(post('a', Buffer.from('a'), {}, sign)).rejects.toMatchObject({
      code: 'FORM_REFUSED',
    })
  })

  test('may not send more bytes than were signed', async () => {
    const sign = (form: Parameters<typeof signing.signPostForm>[0]) =>
      signing.signPostForm({ ...form, maxBytes: 2 })
    await expect(post('a', Buffer.from('abc'), {}, sign)).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      errorCode: 'EntityTooLarge',
    })
  })

  test('is the only way of wx.uploadFile: a presigned PUT URL refuses its POST', async () => {
    const sign = async ({ key }: { key: string }) => {
      const { url, expiresAt } = await signing.signRequest({ method: 'PUT', key })
      return { url, fields: {}, expiresAt }
    }
    await expect(post('a.png', Buffer.from('a'), {}, sign)).rejects.toMatchObject({
      code: 'FORM_REFUSED',
      errorCode: 'MalformedPOSTRequest',
    })
    await expect(get('a.png')).rejects.toMatchObject({ code: 'NO_SUCH_KEY' })
  })
})

describe('a transfer', () => {
  test('that is canceled while it runs leaves the old object', async () => {
    await put('kept', Buffer.from('old'))
    const controller = new AbortController()
    const uploading = postObject({
      key: `${prefix}kept`,
      filePath: env.wx.addTempFile(randomBytes(30 * 1024 * 1024)),
      contentType: 'a/b',
      signPostForm: signing.signPostForm,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(uploading).rejects.toMatchObject({ code: 'CANCELLED' })
    const { tempFilePath } = await get('kept')
    expect((await read(tempFilePath)).toString()).toBe('old')
  })

  test('names the reason when nothing answers', async () => {
    const port = await closedPort()
    const nowhere: SignRequest = async (request) => {
      const signed = await signing.signRequest(request)
      return { ...signed, url: signed.url.replace(/:\d+\//, `:${port}/`) }
    }
    await expect(put('a', Buffer.from('a'), 'a/b', nowhere)).rejects.toMatchObject({
      code: 'NETWORK',
      errMsg: expect.stringMatching(/^request:fail/),
    })
  })

  test.each([
    [503, '<Error><Code>SlowDown</Code></Error>', 'COS_UNAVAILABLE'],
    [502, 'Bad Gateway', 'COS_UNAVAILABLE'],
    [403, '<Error><Code>RequestTimeTooSkewed</Code></Error>', 'CLOCK_SKEW'],
    [
      403,
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
      'URL_EXPIRED',
    ],
    [400, '<Error><Code>ExpiredToken</Code></Error>', 'CREDENTIALS_EXPIRED'],
    [404, '<Error><Code>NoSuchBucket</Code></Error>', 'NO_SUCH_BUCKET'],
    [418, '', 'UNEXPECTED_STATUS'],
  ])('turns %i %s into %s', async (status, body, code) => {
    const server = createServer((_request, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const elsewhere: SignRequest = async ({ method }) => ({
      url,
      method,
      headers: {},
      expiresAt: 0,
    })
    try {
      await expect(get('a', elsewhere)).rejects.toMatchObject({ code, statusCode: status })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

test('the timeouts of app.json are no shorter than those of the calls', () => {
  const { networkTimeout } = JSON.parse(readFileSync('miniprogram/app.json', 'utf8'))
  const { maxUploadBytes } = readConfig({ STS_ENDPOINT: stack.cloud })
  expect(networkTimeout.request).toBeGreaterThanOrEqual(timeoutFor(MAX_PUT_BYTES))
  expect(networkTimeout.uploadFile).toBeGreaterThanOrEqual(timeoutFor(maxUploadBytes))
  expect(networkTimeout.downloadFile).toBeGreaterThanOrEqual(timeoutFor(MAX_DOWNLOAD_BYTES))
})
