/** The lines that matter, as they stand in README.md, sent to a local cloud. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { transformSync } from 'esbuild'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import COS from '../../miniprogram/cos/index'
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

/** What the first block of README.md exports, run with a wx whose network is real. */
function lines(file: Uint8Array): (cos: COS, Key: string, filePath: string) => Promise<void> {
  const [source = ''] = blocks(read('README.md'), 'ts')
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' })
  const wx = {
    request: nodeWx.request,
    getFileSystemManager: () => ({ readFileSync: () => file.buffer }),
  }
  const module = { exports: {} as { upload: ReturnType<typeof lines> } }
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own README
  new Function('module', 'wx', code)(module, wx)
  return module.exports.upload
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
