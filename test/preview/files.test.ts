import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { createPreview } from '../../preview/preview'
import { closeBrowser, openPreview, type OpenPreview } from '../helpers/browser'
import { FIVE_BYTES, fileOutcomes } from '../helpers/wx-outcomes'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

type FileApi = 'access' | 'close' | 'getFileInfo' | 'open' | 'readFile' | 'stat' | 'unlink'
type Outcome = { errMsg: string; errno?: number; [name: string]: unknown }

const megabyte = 1024 * 1024
const dir = tempDir()
const preview = createPreview({ port: 0, source: path.join(__dirname, 'fixture') })
let opened: OpenPreview

beforeAll(async () => {
  opened = await openPreview((await preview.start()).url)
})
afterAll(async () => {
  await closeBrowser()
  await preview.stop()
  dir.remove()
})
afterEach(() => {
  const errors = opened.errors.splice(0)
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

/** Makes a file in the page, and returns its path. */
const write = (bytes: Uint8Array) =>
  opened.page.evaluate(
    (base64) =>
      new Promise<string>((resolve, fail) => {
        const filePath = `${wx.env.USER_DATA_PATH}/${Math.random()}.bin`
        const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer
        const success = () => resolve(filePath)
        wx.getFileSystemManager().writeFile({ filePath, data, success, fail })
      }),
    Buffer.from(bytes).toString('base64'),
  )

/** Chooses a file of the disk, and returns its path in the page. */
async function choose(file: string): Promise<string> {
  const [chooser, chosen] = await Promise.all([
    opened.page.waitForEvent('filechooser'),
    opened.page.evaluateHandle(() => ({ files: wx.chooseMessageFile({ count: 1 }) })),
  ])
  await chooser.setFiles(file)
  return chosen.evaluate(async ({ files }) => (await files).tempFiles[0]?.path ?? '')
}

/** What an API of the FileSystemManager ends with, in whichever callback. */
const call = (name: FileApi, option: object) =>
  opened.page.evaluate(
    (given) =>
      new Promise<Outcome>((resolve) => {
        const files = wx.getFileSystemManager() as unknown as Record<string, (o: object) => void>
        files[given.name]?.({ ...given.option, success: resolve, fail: resolve })
      }),
    { name, option },
  )

/** Reads into a buffer of `size` bytes, and gives the whole buffer. */
const read = ({ size, ...option }: { fd: string; size: number; [name: string]: unknown }) =>
  opened.page.evaluate(
    (given) =>
      new Promise<Outcome & { bytes?: number[] }>((resolve) => {
        const arrayBuffer = new ArrayBuffer(given.size)
        wx.getFileSystemManager().read({
          ...(given.option as { fd: string }),
          arrayBuffer,
          success: ({ bytesRead, arrayBuffer: filled, errMsg }) => {
            const bytes = [...new Uint8Array(arrayBuffer)]
            resolve({ errMsg, bytesRead, bytes, isSame: filled === arrayBuffer })
          },
          fail: (error) => resolve(error as unknown as Outcome),
        })
      }),
    { size, option },
  )

async function open(bytes: Uint8Array): Promise<string> {
  return String((await call('open', { filePath: await write(bytes), flag: 'r' })).fd)
}

describe('open, read and close', () => {
  const bytes = Uint8Array.from([1, 2, 3, 4, 5])

  test('read fills the given buffer from offset on, up to the end of the file', async () => {
    const fd = await open(bytes)
    expect(await read({ fd, size: 4, offset: 1, length: 3, position: 3 })).toEqual({
      errMsg: 'read:ok',
      bytesRead: 2,
      bytes: [0, 4, 5, 0],
      isSame: true,
    })
    expect(await call('close', { fd })).toEqual({ errMsg: 'close:ok' })
  })

  test('only a positive position leaves the pointer alone', async () => {
    const fd = await open(bytes)
    const next = async (option: { position?: number | null }) =>
      (await read({ fd, size: 2, length: 2, ...option })).bytes
    expect(await next({ position: 0 })).toEqual([1, 2])
    expect(await next({ position: 3 })).toEqual([4, 5])
    expect(await next({ position: 0 })).toEqual([3, 4])
    expect(await next({})).toEqual([5, 0])
    expect(await read({ fd, size: 2, length: 2 })).toMatchObject({ bytesRead: 0 })
    expect(await read({ fd, size: 2, position: 1 })).toMatchObject({ bytesRead: 0 })
  })

  test('reads that overlap in time each get their own part', async () => {
    const fd = await open(bytes)
    const parts = await Promise.all([
      read({ fd, size: 2, length: 2 }),
      read({ fd, size: 2, length: 2 }),
    ])
    expect(parts.map((part) => part.bytes)).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  test('an open file is read to its end after it was removed', async () => {
    const filePath = await write(bytes)
    const fd = String((await call('open', { filePath })).fd)
    await call('unlink', { filePath })
    expect((await read({ fd, size: 5, length: 5 })).bytes).toEqual([...bytes])
    expect(await call('open', { filePath })).toEqual({
      errMsg: `open:fail no such file or directory, open ${filePath}`,
      errno: 1300002,
    })
  })

  test.each([
    [{ length: 5 }, 'length', 1301006],
    [{ length: 2, offset: 3 }, 'length', 1301006],
    [{ length: -1 }, 'length', 1301006],
    [{ offset: 5 }, 'offset', 1301007],
  ])('refuses %j of a buffer of 4 bytes', async (range, name, errno) => {
    expect(await read({ fd: await open(bytes), size: 4, ...range })).toEqual({
      errMsg: `read:fail the value of "${name}" is out of range`,
      errno,
    })
  })

  test('a closed descriptor is refused', async () => {
    const fd = await open(bytes)
    await call('close', { fd })
    const reason = 'bad file descriptor'
    expect(await read({ fd, size: 1, length: 1 })).toEqual({
      errMsg: `read:fail ${reason}`,
      errno: 1300009,
    })
    expect(await call('close', { fd })).toEqual({ errMsg: `close:fail ${reason}`, errno: 1300009 })
  })

  test('reads go on while the garbage collector works', async () => {
    const count = 32
    const file = path.join(dir.path, 'large.bin')
    writeFileSync(file, Buffer.alloc(count * megabyte, 7))
    const fd = String((await call('open', { filePath: await choose(file) })).fd)
    const reads = Promise.all(
      Array.from({ length: count }, (_, part) =>
        read({ fd, size: 4, length: 4, position: part * megabyte + 1 }),
      ),
    )
    const digest = call('getFileInfo', { filePath: await choose(file), digestAlgorithm: 'sha1' })
    let isDone = false
    void Promise.all([reads, digest]).finally(() => (isDone = true))
    await until(async () => {
      await opened.page.requestGC()
      return isDone
    }, 'the end of all reads')
    for (const { bytes } of await reads) expect(bytes).toEqual([7, 7, 7, 7])
  })

  test('a file is opened for reading only', async () => {
    expect(await call('open', { filePath: await write(bytes), flag: 'w' })).toEqual({
      errMsg: 'open:fail flag "w" is not in the preview',
    })
  })
})

test.each(fileOutcomes('http://usr/none.bin'))(
  '%s with %j ends as WeChat ends it',
  async (api, option, outcome) => {
    expect(await call(api, { filePath: await write(FIVE_BYTES), ...option })).toEqual(outcome)
  },
)

test('readFile gives an empty file', async () => {
  const filePath = await write(new Uint8Array())
  expect(await call('readFile', { filePath, encoding: 'utf8' })).toMatchObject({ data: '' })
})

test.each(['md5', 'sha1', 'sha256'])('getFileInfo gives the %s', async (digestAlgorithm) => {
  for (const bytes of [Buffer.alloc(0), randomBytes(3 * megabyte + 1)]) {
    const filePath = await write(bytes)
    expect(await call('getFileInfo', { filePath, digestAlgorithm })).toEqual({
      errMsg: 'getFileInfo:ok',
      size: bytes.length,
      digest: createHash(digestAlgorithm).update(bytes).digest('hex'),
    })
  }
})
