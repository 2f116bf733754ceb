import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { permanentKeySigning } from '../../miniprogram/signing/permanent-key'
import { serverSigning } from '../../miniprogram/signing/server-signed'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import type { Signing } from '../../miniprogram/signing/types'
import { downloadObject } from '../../miniprogram/transfer/download-object'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import { environment, later, queryOf } from '../signing/environment'

const MB = 1024 * 1024
const BYTES = randomBytes(2 * MB + 1)
const MINUTES = 60_000
const contentType = 'image/png'

const phone = environment()

function permanentKey(minutesAhead = 0): Signing {
  const key = {
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-beijing',
    Protocol: 'http:',
    Domain: new URL(phone.stack.cloud).host,
  }
  return permanentKeySigning({ ...key, Clock: () => Date.now() + minutesAhead * MINUTES })
}

const sources: [string, () => Signing][] = [
  ['temporary-key', () => temporaryKeySigning(createSession())],
  ['server-signed', () => serverSigning(createSession())],
  ['permanent-key', () => permanentKey()],
]

const uploads: [string, (key: string, signing: Signing) => Promise<{ size: number }>][] = [
  ['putObject', (key, { signRequest }) => putObject({ ...file(key), signRequest })],
  ['postObject', (key, { signPostForm }) => postObject({ ...file(key), signPostForm })],
  ['multipartUpload', (key, { signRequest }) => multipartUpload({ ...file(key), signRequest })],
]

const file = (key: string) => ({ key, filePath: phone.wx.addTempFile(BYTES), contentType })

async function expectObject(
  key: string,
  { signRequest }: Pick<Signing, 'signRequest'>,
  bytes = BYTES,
) {
  const { tempFilePath, contentType: stored } = await downloadObject({ key, signRequest })
  expect(stored).toBe(contentType)
  const data = await new Promise<ArrayBuffer>((resolve, fail) => {
    const success = (result: { data: string | ArrayBuffer }) => resolve(result.data as ArrayBuffer)
    phone.wx.getFileSystemManager().readFile({ filePath: tempFilePath, success, fail })
  })
  expect(bytes.equals(Buffer.from(data))).toBe(true)
}

describe.each(sources)('signed by %s', (_source, create) => {
  test.each(uploads)('%s brings a file to COS, and it comes back', async (name, upload) => {
    const signing = create()
    const key = `${await signing.userPrefix()}${name} 照片+.png`
    await expect(upload(key, signing)).resolves.toMatchObject({ key, size: BYTES.length })
    await expectObject(key, signing)
  })

  test.each([
    ['putObject', putObject],
    ['multipartUpload', multipartUpload],
  ])('%s stores its headers, all signed, with the object', async (name, upload) => {
    const { signRequest, userPrefix } = create()
    const key = `${await userPrefix()}${name} with headers`
    const headers = {
      'Cache-Control': 'max-age=60',
      'Content-Disposition': 'attachment; filename="a b.png"',
      'x-cos-meta-author': 'Ada',
    }
    await upload({ ...file(key), headers, signRequest })

    const storing = phone.wx.calls.filter(({ option }) => 'Cache-Control' in Object(option.header))
    expect(storing).toHaveLength(1) // in parts: Initiate
    expect(storing[0]?.option.header).toMatchObject({ ...headers, 'Content-Type': contentType })
    const signed = queryOf(String(storing[0]?.option.url))['q-header-list']?.split(';')
    expect(signed).toEqual(
      expect.arrayContaining([...Object.keys(headers), 'Content-Type'].map((n) => n.toLowerCase())),
    )
    const { url, method } = await signRequest({ method: 'HEAD', key })
    const stored = (await fetch(url, { method })).headers
    for (const [header, value] of Object.entries(headers)) expect(stored.get(header)).toBe(value)
    await expectObject(key, { signRequest })
  })

  test.each([
    ['a text', '你好，COS 🙂\n', Buffer.from('你好，COS 🙂\n')],
    ['no text', '', Buffer.alloc(0)],
    ['an ArrayBuffer', new Uint8Array(BYTES).buffer, BYTES],
  ])('putObject stores %s as it is', async (_what, data, bytes) => {
    const { signRequest, userPrefix } = create()
    const key = `${await userPrefix()}data`
    const uploaded = await putObject({ key, data, contentType, signRequest })
    expect(uploaded).toMatchObject({ key, size: bytes.length })
    await expectObject(key, { signRequest }, bytes)
  })
})

describe.each([-20, 20])('a phone whose clock is %d minutes ahead', (minutes) => {
  test.each(uploads)('is corrected by the time of COS: %s', async (name, upload) => {
    const signing = permanentKey(minutes)
    const key = `${name} ${minutes}`
    await upload(key, signing)
    await expectObject(key, permanentKey())
  })
})

test('a token that ends in the middle of a multipart upload is replaced', async () => {
  const session = createSession()
  const stoppedAt = Date.now()
  // The clock of the phone stands still, so the app does not see the key end.
  const { signRequest, userPrefix } = temporaryKeySigning(session, () => stoppedAt)
  const key = `${await userPrefix()}long`
  let isLater = false
  await multipartUpload({
    ...file(key),
    signRequest,
    parallel: 1,
    onProgress({ loaded }) {
      if (isLater || loaded < MB) return
      isLater = true
      later(1000)
    },
  })
  const asked = phone.asked().filter((path) => path === '/credentials')
  expect(asked.length).toBeGreaterThanOrEqual(2) // multipart, and again
  await expectObject(key, temporaryKeySigning(createSession()))
})
