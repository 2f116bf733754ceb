/** The samples of the manual page, each run against the local cloud. */
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import COS from '../../miniprogram/cos'
import { getUnsignedUrl } from '../../miniprogram/presign/manual-samples/download-1-unsigned'
import { getSignedUrl } from '../../miniprogram/presign/manual-samples/download-2-signed'
import { getUrlByCallback } from '../../miniprogram/presign/manual-samples/download-3-callback'
import { getUrlForOneHour } from '../../miniprogram/presign/manual-samples/download-4-expires'
import { downloadByUrl } from '../../miniprogram/presign/manual-samples/download-5-download'
import { getUrlWithQueryAndHeaders } from '../../miniprogram/presign/manual-samples/download-6-query-and-headers'
import { getAuthorization } from '../../miniprogram/presign/manual-samples/get-authorization'
import { uploadByUrl } from '../../miniprogram/presign/manual-samples/upload-1-put-object'
import { installNodeWx } from '../helpers/node-wx'
import { startCloud } from '../local-cloud/cloud'
import { send } from '../local-cloud/sign'

const KEY = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
const PHOTO = {
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-beijing',
  Key: 'Profile photo.jpg',
}
const HOST = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'
const BYTES = Buffer.from('ffd8ffe000104a46', 'hex')

let port: number
let cos: COS
let env: ReturnType<typeof installNodeWx>

beforeAll(async () => {
  ;({ port } = await startCloud())
  cos = new COS({ ...KEY, Protocol: 'http:', Domain: `127.0.0.1:${port}` })
})
beforeEach(() => {
  env = installNodeWx()
})
afterEach(() => env.restore())

/** What a sample calls back with. */
const called = <Value>(run: (callback: (err: unknown, value?: Value) => void) => void) =>
  new Promise<Value | undefined>((resolve, reject) => {
    run((err, value) => (err ? reject(err) : resolve(value)))
  })

const upload = (signer = cos) =>
  called((callback) => uploadByUrl(signer, PHOTO, new Uint8Array(BYTES).buffer, callback))

const status = async (url: string) => (await fetch(url)).status

test('upload 1 stores the file with its type, and reports a refusal', async () => {
  await upload()
  const response = await fetch(getSignedUrl(cos, PHOTO))
  expect(response.headers.get('content-type')).toBe('image/jpeg')
  expect(Buffer.from(await response.arrayBuffer()).equals(BYTES)).toBe(true)

  const stranger = { ...KEY, SecretKey: 'another', Protocol: 'http:', Domain: `127.0.0.1:${port}` }
  await expect(upload(new COS(stranger))).rejects.toThrow('403')
})

test('getAuthorization gives what COS takes as a header', async () => {
  const answer = await send(port, 'GET', '/exampleobject', {
    headers: { authorization: getAuthorization(KEY, 'exampleobject'), host: HOST },
  })
  expect(answer).toMatchObject({ status: 404, code: 'NoSuchKey' })
})

test('download 1 is not signed', async () => {
  const url = getUnsignedUrl(cos, PHOTO)
  expect(url).toBe(`http://127.0.0.1:${port}/Profile%20photo.jpg`)
  expect(await status(url)).toBe(403)
})

test('download 2 and 3 open the object', async () => {
  await upload()
  const url = await called<string>((callback) => getUrlByCallback(cos, PHOTO, callback))
  expect(url).toContain('q-signature=')
  expect([await status(getSignedUrl(cos, PHOTO)), await status(url!)]).toEqual([200, 200])
})

test('download 4 lasts for an hour', async () => {
  const url = await called<string>((callback) => getUrlForOneHour(cos, PHOTO, callback))
  const [, start, end] = /q-sign-time=(\d+)%3B(\d+)/.exec(url!)!
  expect(Number(end) - Number(start)).toBe(3600)
})

test('download 5 downloads the object, and reports a refusal', async () => {
  await upload()
  const path = await called<string>((callback) => downloadByUrl(cos, PHOTO, callback))
  const { data } = await new Promise<{ data: string | ArrayBuffer }>((success, fail) => {
    env.wx.getFileSystemManager().readFile({ filePath: path!, success, fail })
  })
  expect(Buffer.from(data as ArrayBuffer).equals(BYTES)).toBe(true)

  const other = { ...PHOTO, Bucket: 'missing-1250000000' }
  const domain = { Protocol: 'http:', Domain: `127.0.0.1:${port}` }
  const stranger = new COS({ ...KEY, SecretKey: 'another', ...domain })
  const refused = called<string>((callback) => downloadByUrl(stranger, other, callback))
  await expect(refused).rejects.toThrow('COS responded with 403')
})

test('download 6 opens with its parameters, at its host, and not otherwise', async () => {
  await upload()
  const remote = new COS(KEY)
  const url = await called<string>((callback) =>
    getUrlWithQueryAndHeaders(remote, PHOTO, HOST, callback),
  )
  expect(url).toContain(`http://${HOST}/`)
  expect(url).toContain('imageMogr2%2Fthumbnail%2F200x%2F')
  const target = url!.slice(`http://${HOST}`.length)
  const at = (host: string, path: string) => send(port, 'GET', path, { headers: { host } })
  const changed = target.replace('200x', '900x')
  expect(await at(HOST, target)).toMatchObject({ status: 200 })
  expect(await at(HOST, changed)).toMatchObject({ code: 'SignatureDoesNotMatch' })
  expect(await at(`127.0.0.1:${port}`, target)).toMatchObject({ code: 'SignatureDoesNotMatch' })
})
