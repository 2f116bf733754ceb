/** The lines that matter, as they stand in README.md, sent to a local cloud. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { transformSync } from 'esbuild'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import * as signer from '../../miniprogram/cos/index'
import type { COSOptions, SignRequest } from '../../miniprogram/cos/index'
import { createNodeWx } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { blocks, read } from './documents'

const COS = signer.default
const OBJECT = { Bucket: 'examplebucket-1250000000', Region: 'ap-beijing', Key: '照片/a b+c.jpg' }
const data = tempDir()
const cloud = createLocalCloud({ data: data.path, port: 0, controlPort: 0 })
const nodeWx = createNodeWx()
let address: { Protocol: string; Domain: string }

beforeAll(async () => {
  const { url } = await cloud.start()
  address = { Protocol: 'http:', Domain: new URL(url).host }
})

afterAll(async () => {
  await nodeWx.dispose()
  await cloud.stop()
  data.remove()
})

type Upload = (cos: signer.default, Key: string, filePath: string) => Promise<void>

/** What the first block of README.md exports, run with a wx whose network is real. */
function lines(file: Uint8Array): Upload {
  const wx = {
    request: nodeWx.request,
    getFileSystemManager: () => ({ readFileSync: () => file.buffer }),
  }
  return exportsOf<{ upload: Upload }>('upload', wx).upload
}

/** What the block of README.md exports that has this function. It imports the signer alone. */
function exportsOf<Exports>(name: string, wx: object = {}): Exports {
  const source = blocks(read('README.md'), 'ts').find((block) =>
    block.includes(`function ${name}(`),
  )
  const { code } = transformSync(source ?? '', { loader: 'ts', format: 'cjs' })
  const module = { exports: {} }
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own README
  new Function('module', 'require', 'wx', code)(module, () => signer, wx)
  return module.exports as Exports
}

test('they store the file, with its type', async () => {
  const cos = new COS({ SecretId: 'local-secret-id', SecretKey: 'local-secret-key', ...address })
  await lines(new Uint8Array([1, 2, 3]))(cos, OBJECT.Key, 'wxfile://tmp/a.jpg')
  const answer = await until(async () => {
    const { Url } = await cos.presign(OBJECT)
    const response = await fetch(Url)
    return response.ok ? response : undefined
  }, 'the object')
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2, 3])
})

test('they tell a 403, which WeChat calls a success', async () => {
  const told = jest.spyOn(console, 'error').mockImplementation(() => {})
  const cos = new COS({ SecretId: 'local-secret-id', SecretKey: 'another', ...address })
  await lines(new Uint8Array([1]))(cos, 'refused.jpg', 'wxfile://tmp/a.jpg')
  const [xml] = await until(() => told.mock.calls[0], 'what is told')
  told.mockRestore()
  expect(xml).toContain('<Code>SignatureDoesNotMatch</Code>')
})

describe('a signer for transfers, made of new COS', () => {
  type Exports = { signRequestWith(options: COSOptions): SignRequest }
  const { signRequestWith } = exportsOf<Exports>('signRequestWith')
  const keys = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key' }
  const key = '照片/signed.txt'

  test('signs method, key, query and headers', async () => {
    const signRequest = signRequestWith({ ...keys, ...address })
    const headers = { 'Content-Type': 'text/plain' }
    const put = await signRequest({ method: 'PUT', key, headers })
    const stored = await fetch(put.url, { method: put.method, headers: put.headers, body: 'a' })
    expect(stored.status).toBe(200)
    const get = await signRequest({ method: 'GET', key, query: { 'response-expires': 'soon' } })
    const answer = await fetch(get.url, { headers: get.headers })
    expect(answer.headers.get('content-type')).toBe('text/plain')
    expect(answer.headers.get('expires')).toBe('soon')
    expect(get.expiresAt).toBeGreaterThan(Date.now() / 1000)
  })

  test('signs anew with another key, and by the time of COS', async () => {
    const now = Math.floor(Date.now() / 1000)
    let asked = 0
    const signRequest = signRequestWith({
      getAuthorization: (_, callback) =>
        callback({
          TmpSecretId: `key-${++asked}`,
          TmpSecretKey: 'secret',
          SecurityToken: 'token',
          StartTime: now,
          ExpiredTime: now + 36_000,
        }),
    })
    const keyAndTime = async (renew?: { serverTime?: number }) => {
      const { url, expiresAt } = await signRequest({ method: 'GET', key, renew })
      return { key: new URL(url).searchParams.get('q-ak'), expiresIn: expiresAt - now }
    }
    const hour = 3600
    expect(await keyAndTime()).toMatchObject({ key: 'key-1' })
    expect(await keyAndTime()).toMatchObject({ key: 'key-1' })
    const renewed = await keyAndTime({ serverTime: now + hour })
    expect(renewed).toEqual({ key: 'key-2', expiresIn: expect.any(Number) })
    expect(renewed.expiresIn).toBeGreaterThan(hour + 890)
    expect(await keyAndTime({})).toMatchObject({ key: 'key-3' })
  })
})
