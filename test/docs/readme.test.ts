/** The lines that matter, as they stand in README.md, sent to a local cloud. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { transformSync } from 'esbuild'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import COS, { type SignRequest } from '../../miniprogram/cos/index'
import { createNodeWx } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { blocks, read } from './documents'

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

type Upload = (cos: COS, Key: string, filePath: string) => Promise<void>

/** What the first block of README.md exports, run with a wx whose network is real. */
function lines(file: Uint8Array): Upload {
  const wx = {
    request: nodeWx.request,
    getFileSystemManager: () => ({ readFileSync: () => file.buffer }),
  }
  return exportsOf<{ upload: Upload }>('upload', wx).upload
}

/** What the block of README.md exports that has this function. It imports types alone. */
function exportsOf<Exports>(name: string, wx: object = {}): Exports {
  const source = blocks(read('README.md'), 'ts').find((block) =>
    block.includes(`function ${name}(`),
  )
  const { code } = transformSync(source ?? '', { loader: 'ts', format: 'cjs' })
  const module = { exports: {} }
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own README
  new Function('module', 'wx', code)(module, wx)
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

test('a signer for transfers, made of new COS, signs method, key, query and headers', async () => {
  const cos = new COS({ SecretId: 'local-secret-id', SecretKey: 'local-secret-key', ...address })
  type Exports = { signRequestWith(cos: COS): SignRequest }
  const signRequest = exportsOf<Exports>('signRequestWith').signRequestWith(cos)
  const key = '照片/signed.txt'
  const put = await signRequest({ method: 'PUT', key, headers: { 'Content-Type': 'text/plain' } })
  const stored = await fetch(put.url, { method: put.method, headers: put.headers, body: 'a' })
  expect(stored.status).toBe(200)
  const get = await signRequest({ method: 'GET', key, query: { 'response-expires': 'soon' } })
  const answer = await fetch(get.url, { headers: get.headers })
  expect(answer.headers.get('content-type')).toBe('text/plain')
  expect(answer.headers.get('expires')).toBe('soon')
  expect(get.expiresAt).toBeGreaterThan(Date.now() / 1000)
})
