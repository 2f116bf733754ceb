import { createHash } from 'node:crypto'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { presignedUrl } from '../../miniprogram/cos'
import { createPreview } from '../../preview/preview'
import { closeBrowser, openPreview, type OpenPreview } from '../helpers/browser'
import { tempDir } from '../helpers/temp-dir'

const key = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
const bucket = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Protocol: 'http:' }
const data = tempDir()
const cloud = createLocalCloud({ data: data.path, port: 0, log: () => undefined })
const preview = createPreview({ port: 0, source: path.join(__dirname, 'fixture') })
let cloudHost: string
let opened: OpenPreview

beforeAll(async () => {
  cloudHost = new URL((await cloud.start()).url).host
  opened = await openPreview((await preview.start()).url)
})
afterAll(async () => {
  await closeBrowser()
  await preview.stop()
  await cloud.stop()
  data.remove()
})

/** Sends `size` bytes of value 7, or no body, as wx.request does in the page. */
const request = (
  Method: 'PUT' | 'HEAD' | 'GET' | 'DELETE',
  { size, SecretKey = key.SecretKey }: { size?: number; SecretKey?: string } = {},
) =>
  opened.page.evaluate(
    (given) =>
      new Promise<WechatMiniprogram.RequestSuccessCallbackResult>((success, fail) => {
        const { url, method, size } = given
        const data = size === undefined ? undefined : new Uint8Array(size).fill(7).buffer
        wx.request({ url, method, data, success, fail })
      }),
    {
      url: presignedUrl(
        { ...key, SecretKey },
        { ...bucket, Domain: cloudHost, Key: 'a b/ü.bin', Method },
      ),
      method: Method,
      size,
    },
  )

test.each([0, 16 * 1024 * 1024])(
  'an object of %d bytes comes, is there, and goes',
  async (size) => {
    const md5 = createHash('md5').update(Buffer.alloc(size, 7)).digest('hex')
    const put = await request('PUT', { size })
    expect(put).toMatchObject({
      statusCode: 200,
      header: { etag: `"${md5}"`, 'x-cos-request-id': expect.any(String) },
    })
    const head = await request('HEAD')
    expect(head).toMatchObject({
      statusCode: 200,
      data: '',
      header: {
        etag: `"${md5}"`,
        'content-length': String(size),
        'x-cos-request-id': expect.any(String),
      },
    })
    expect(await request('DELETE')).toMatchObject({ statusCode: 204 })
    expect(await request('GET')).toMatchObject({
      statusCode: 404,
      data: expect.stringContaining('<Code>NoSuchKey</Code>'),
    })
  },
)

test('a refusal tells the time of COS, its reason and its request id', async () => {
  const { statusCode, data, header } = await request('GET', { SecretKey: 'wrong' })
  expect(statusCode).toBe(403)
  expect(data).toContain('<Code>SignatureDoesNotMatch</Code>')
  const headers = header as Record<string, string>
  expect(Math.abs(Date.parse(headers.date ?? '') - Date.now())).toBeLessThan(60_000)
  expect(headers['x-cos-request-id']).not.toBe('')
})
