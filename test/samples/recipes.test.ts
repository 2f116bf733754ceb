/**
 * The recipe of each way, pasted into a project that has the copied folders: its placeholders are
 * filled in, and it moves a file to a local cloud and back.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { build } from 'esbuild'
import { installNodeWx } from '../helpers/node-wx'
import { tempDir } from '../helpers/temp-dir'
import { startCloud } from '../local-cloud/cloud'
import { temporaryKey } from '../local-cloud/sts-client'

const ROOT = path.join(__dirname, '../../miniprogram')
const project = tempDir()
let cloud: string
let env: ReturnType<typeof installNodeWx>

/** A backend as Tencent's samples have it: it asks STS, and hands its answer on. */
const backend = createServer((_request, response) => {
  const port = Number(new URL(cloud).port)
  const statement = { effect: 'allow', action: ['name/cos:*'], resource: ['*'] }
  void temporaryKey(port, statement).then(({ secretId, secretKey, token, expiredTime }) => {
    const credentials = { tmpSecretId: secretId, tmpSecretKey: secretKey, sessionToken: token }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ credentials, expiredTime, startTime: expiredTime - 1800 }))
  })
})

beforeAll(async () => {
  cloud = `http://127.0.0.1:${(await startCloud()).port}`
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
  for (const folder of ['cos', 'transfer']) {
    fs.cpSync(path.join(ROOT, folder), path.join(project.path, folder), { recursive: true })
  }
  fs.mkdirSync(path.join(project.path, 'pages'))
})
afterAll(async () => {
  await new Promise((resolve) => backend.close(resolve))
  project.remove()
})
beforeEach(() => {
  env = installNodeWx()
})
afterEach(() => env.restore())

/** The functions of a recipe, compiled with the copied folders alone. */
async function recipe<Exports>(name: string): Promise<Exports> {
  const { port } = backend.address() as AddressInfo
  const source = fs.readFileSync(path.join(ROOT, 'samples', `${name}.ts`), 'utf8')
  const local = `Region: 'ap-guangzhou', Protocol: 'http:', Domain: '${new URL(cloud).host}',`
  const filled = source
    .replace("Region: 'ap-guangzhou',", local)
    .replace('https://example.com/credentials', `http://127.0.0.1:${port}/credentials`)
  expect(filled).not.toBe(source)
  const entry = path.join(project.path, 'pages', `${name}.ts`)
  fs.writeFileSync(entry, filled)
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
  })
  const module = { exports: {} }
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own code
  new Function('module', 'exports', outputFiles[0]!.text)(module, module.exports)
  return module.exports as Exports
}

async function download(key: string): Promise<Buffer> {
  const get = await recipe<{ download(key: string): Promise<string> }>('download-object')
  const filePath = await get.download(key)
  const { data } = await new Promise<{ data: string | ArrayBuffer }>((success, fail) => {
    env.wx.getFileSystemManager().readFile({ filePath, success, fail })
  })
  return Buffer.from(data as ArrayBuffer)
}

type Percent = (percent: number) => void

test('put-object and download-object move a file', async () => {
  const { uploadWithPut } = await recipe<{
    uploadWithPut(filePath: string, key: string): Promise<void>
  }>('put-object')
  const bytes = randomBytes(100_000)
  await uploadWithPut(env.wx.addTempFile(bytes, 'a.png'), '照片/a b.png')
  expect((await download('照片/a b.png')).equals(bytes)).toBe(true)
})

test('post-object moves a file and reports percent', async () => {
  const { uploadWithForm } = await recipe<{
    uploadWithForm(filePath: string, key: string, onPercent: Percent): Promise<void>
  }>('post-object')
  const bytes = randomBytes(100_000)
  const seen: number[] = []
  await uploadWithForm(env.wx.addTempFile(bytes, 'a.png'), 'form.png', (percent) =>
    seen.push(percent),
  )
  expect(seen.at(-1)).toBe(100)
  expect((await download('form.png')).equals(bytes)).toBe(true)
})

test('multipart-upload moves a large file, pauses, and resumes', async () => {
  const { uploadInParts } = await recipe<{
    uploadInParts(
      filePath: string,
      key: string,
      signal: AbortSignal,
      onPercent: Percent,
    ): Promise<void>
  }>('multipart-upload')
  const bytes = randomBytes(6_000_000)
  const filePath = env.wx.addTempFile(bytes, 'a.bin')
  const { request } = env.wx
  // The parts behind the second one do not arrive before the pause.
  env.wx.request = (option) => {
    const isHeld = Number(/partNumber=(\d+)/.exec(option.url)?.[1]) > 2
    return isHeld ? ({ abort() {} } as ReturnType<typeof request>) : request(option)
  }
  const pause = new AbortController()
  const paused = uploadInParts(filePath, 'large.bin', pause.signal, (percent) => {
    if (percent > 0) pause.abort('pause')
  })
  await expect(paused).rejects.toMatchObject({ code: 'CANCELLED' })
  env.wx.request = request
  const seen: number[] = []
  await uploadInParts(filePath, 'large.bin', new AbortController().signal, (percent) =>
    seen.push(percent),
  )
  expect(seen[0]).toBeGreaterThan(0)
  expect(seen.at(-1)).toBe(100)
  expect((await download('large.bin')).equals(bytes)).toBe(true)
})

describe("the functions of the SDK's demo", () => {
  interface File {
    path: string
    name: string
    size: number
  }
  type Upload = (
    file: File,
    onProgress?: (progress: { percent: number }) => void,
  ) => Promise<object>
  interface Demo {
    postFile: Upload
    putFile: Upload
    sliceUploadFile: Upload
    uploadFile: Upload
    putBody(key: string, data: string | ArrayBuffer): Promise<object>
    uploadFiles(
      files: File[],
      onFileFinish: (error: unknown, uploaded: object | undefined, file: File) => void,
    ): Promise<void>
    getObject(key: string): Promise<string>
    deleteObject(key: string): Promise<void>
    cancelTask(): void
    pauseTask(): void
  }
  const demo = () => recipe<Demo>('from-cos-wx-sdk')
  const file = (name: string, size = 1000) => {
    const bytes = randomBytes(size)
    return { bytes, chosen: { path: env.wx.addTempFile(bytes, name), name, size } }
  }
  const isStored = async (name: string, bytes: Buffer) => (await download(name)).equals(bytes)

  test.each(['postFile', 'putFile', 'sliceUploadFile', 'uploadFile'] as const)(
    '%s moves a file',
    async (name) => {
      const { bytes, chosen } = file(`${name}.png`, 1_200_000)
      await (await demo())[name](chosen)
      expect(await isStored(chosen.name, bytes)).toBe(true)
    },
  )

  test('putBody takes a text or an ArrayBuffer, getObject fetches, deleteObject removes', async () => {
    const { putBody, getObject, deleteObject } = await demo()
    await putBody('1.txt', 'hello world')
    expect(await isStored('1.txt', Buffer.from('hello world'))).toBe(true)
    await putBody('2.txt', new Uint8Array([1, 2]).buffer)
    expect(await isStored('2.txt', Buffer.from([1, 2]))).toBe(true)
    await deleteObject('1.txt')
    await expect(getObject('1.txt')).rejects.toMatchObject({ code: 'NO_SUCH_KEY' })
  })

  test('uploadFiles tells how each ended', async () => {
    const { uploadFiles } = await demo()
    const files = [
      file('a.bin').chosen,
      { path: 'wxfile://gone', name: 'b.bin', size: 1 },
      file('c.bin', 1_100_000).chosen,
    ]
    const ended: [string, string | undefined][] = []
    await uploadFiles(files, (error, _, { name }) => {
      ended.push([name, error ? (error as { code: string }).code : undefined])
    })
    expect(ended).toEqual([
      ['a.bin', undefined],
      ['b.bin', 'FILE_UNREADABLE'],
      ['c.bin', undefined],
    ])
  })

  test('a task is paused, restarted and canceled', async () => {
    const { sliceUploadFile, pauseTask, cancelTask } = await demo()
    const { bytes, chosen } = file('large.bin', 6_000_000)
    await expect(sliceUploadFile(chosen, pauseTask)).rejects.toMatchObject({ code: 'CANCELLED' })
    await sliceUploadFile(chosen)
    expect(await isStored(chosen.name, bytes)).toBe(true)
    const another = file('another.bin', 6_000_000)
    await expect(sliceUploadFile(another.chosen, cancelTask)).rejects.toMatchObject({
      code: 'CANCELLED',
    })
  })
})
