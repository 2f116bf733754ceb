import { randomBytes } from 'node:crypto'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import { AbortController, type AbortSignal } from '../../miniprogram/transfer/abort'
import type * as MultipartUpload from '../../miniprogram/transfer/multipart-upload'
import type { Progress } from '../../miniprogram/transfer/progress'
import { MAX_MULTIPART_BYTES } from '../../miniprogram/transfer/part-size'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import type * as UnfinishedUploads from '../../miniprogram/transfer/unfinished-uploads'
import { skipWaits } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { startTransferCloud, type TransferCloud } from './cloud'

const MB = 1024 * 1024
const HARD_KEY = '照片/a b+c (1)&.png'
const EIGHT_PARTS = randomBytes(7 * MB + 17)

let cloud: TransferCloud
let env: ReturnType<typeof installNodeWx>
let wx: NodeWx
let waits: number[]
let serial = 0
let key: string
let multipartUpload: typeof MultipartUpload.multipartUpload
let PAUSE: typeof MultipartUpload.PAUSE
let discardUpload: typeof UnfinishedUploads.discardUpload
let unfinishedUploads: typeof UnfinishedUploads.unfinishedUploads

/** A launch of the app: its modules are new, the storage of the phone is not. */
function launch(): void {
  jest.isolateModules(() => {
    ;({ multipartUpload, PAUSE } = require('../../miniprogram/transfer/multipart-upload'))
    ;({
      discardUpload,
      unfinishedUploads,
    } = require('../../miniprogram/transfer/unfinished-uploads'))
  })
}

beforeAll(async () => {
  cloud = await startTransferCloud()
})
afterAll(() => cloud.stop())
beforeEach(() => {
  env = installNodeWx()
  ;({ wx } = env)
  waits = skipWaits()
  key = `${HARD_KEY}${++serial}`
  launch()
})
afterEach(async () => {
  jest.restoreAllMocks()
  await cloud.control.clear()
  await env.restore()
})

interface Start extends Partial<MultipartUpload.MultipartUploadOptions> {
  bytes?: Uint8Array
}

function start({ bytes = EIGHT_PARTS, ...options }: Start = {}) {
  const { signRequest } = cloud
  const filePath = options.filePath ?? wx.addTempFile(bytes)
  return multipartUpload({ key, contentType: 'video/mp4', signRequest, ...options, filePath })
}

/** Starts an upload that can be aborted. */
function begin(options: Start = {}) {
  const controller = new AbortController()
  return { controller, transfer: start({ ...options, signal: controller.signal }) }
}

/** Numbers of the parts that were sent so far, in order. */
function sent(): number[] {
  return wx.calls
    .filter(({ option }) => option.method === 'PUT')
    .map(({ option }) => Number(new URL(String(option.url)).searchParams.get('partNumber')))
}

const sentTwice = () => sent().filter((number, index, all) => all.indexOf(number) !== index)

const calls = (method: string) => wx.calls.filter(({ option }) => option.method === method)

/** The object is there, whole, and nothing else is. */
async function expectObject(bytes: Uint8Array = EIGHT_PARTS) {
  expect((await cloud.read(key))?.equals(bytes)).toBe(true)
  await expectNothingLeft()
}

async function expectNothingLeft() {
  await until(async () => (await cloud.uploads(key)).length === 0, 'the end of all uploads')
  await until(() => unfinishedUploads().length === 0, 'an empty storage')
}

interface Controller {
  signal: AbortSignal
  abort(reason?: unknown): void
}

/** Starts an upload, and pauses it when so many parts are confirmed and none is under way. */
async function startAndPause(
  parts: number,
  options: Start = {},
  controller: Controller = new AbortController(),
): Promise<Controller> {
  const signRequest: SignRequest = (request) => {
    if (Number(request.query?.partNumber) > parts) controller.abort(PAUSE)
    return cloud.signRequest(request)
  }
  await expectCancelled(start({ parallel: 1, ...options, signRequest, signal: controller.signal }))
  expect(sent()).toHaveLength(parts)
  return controller
}

/** A signer whose nth signature waits for `release`. */
function holdSignature(nth: number) {
  let count = 0
  let tell = () => {}
  let release = () => {}
  const asked = new Promise<void>((resolve) => (tell = resolve))
  const released = new Promise<void>((resolve) => (release = resolve))
  const signRequest: SignRequest = async (request) => {
    if (++count === nth) {
      tell()
      await released
    }
    return cloud.signRequest(request)
  }
  return { signRequest, asked, release: () => release() }
}

/** The end of the next digest of a file. */
function whenDigested(): Promise<void> {
  const files = wx.getFileSystemManager()
  const { getFileInfo } = files
  return new Promise((resolve) => {
    files.getFileInfo = (option) => getFileInfo({ ...option, complete: () => resolve() })
  })
}

async function expectCancelled(transfer: Promise<unknown>) {
  await expect(transfer).rejects.toMatchObject({ code: 'CANCELLED' })
}

/** Lets a wx.request do what `on` says before it is sent. */
function beforeRequest(on: (option: WechatMiniprogram.RequestOption) => void | Promise<void>) {
  const { request } = wx
  wx.request = (option) => {
    let real: ReturnType<typeof request> | undefined
    let isAborted = false
    void Promise.resolve(on(option)).then(() => {
      real = request(option)
      if (isAborted) real.abort()
    })
    return { abort: () => ((isAborted = true), real?.abort()) } as typeof real & object
  }
}

describe('multipartUpload', () => {
  test.each([
    ['nothing', 0, 1],
    ['a byte', 1, 1],
    ['one whole part', MB, 1],
    ['one part and a byte', MB + 1, 2],
    ['eight parts', EIGHT_PARTS.length, 8],
  ])('brings a file of %s to COS', async (_what, size, parts) => {
    const bytes = EIGHT_PARTS.subarray(0, size)
    const uploaded = await start({ bytes })
    expect(uploaded).toMatchObject({ key, size })
    expect(uploaded.etag).toMatch(new RegExp(`^"[0-9a-f]{32}-${parts}"$`))
    expect(uploaded.requestId).not.toBe('')
    expect((await cloud.head(key)).get('content-type')).toBe('video/mp4')
    await expectObject(bytes)
  })

  test('reports bytes as they are confirmed, up to 100 percent', async () => {
    const seen: Progress[] = []
    await start({ onProgress: (progress) => seen.push(progress) })
    const loaded = seen.map((progress) => progress.loaded)
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b))
    expect(seen[0]).toMatchObject({ loaded: 0, percent: 0, total: EIGHT_PARTS.length })
    expect(seen.at(-1)).toMatchObject({ loaded: EIGHT_PARTS.length, percent: 100 })
  })

  test('shows the first part that it signs, as it leaves', async () => {
    const signed: string[] = []
    const onSigned = ({ url }: { url: string }) =>
      signed.push(new URL(url).searchParams.get('partNumber')!)
    await start({ parallel: 1, onSigned })
    expect(signed).toEqual(['1'])
  })

  test.each([
    [undefined, 3],
    [1, 1],
    [6, 6],
  ])('with parallel %s sends %d parts at once', async (parallel, expected) => {
    const { request } = wx
    let running = 0
    let most = 0
    wx.request = (option) => {
      const isPart = option.method === 'PUT'
      if (isPart) most = Math.max(most, ++running)
      const complete: typeof option.complete = (result) => {
        if (isPart) running--
        option.complete?.(result)
      }
      return request({ ...option, complete })
    }
    await start({ parallel })
    expect(most).toBe(expected)
  })

  test('takes a part size', async () => {
    await start({ partSize: 4 * MB })
    expect(sent().toSorted()).toEqual([1, 2])
    await expectObject()
  })

  test('gives a part time for a slow network, and says so to wx', async () => {
    await start({ partSize: 4 * MB, bytes: EIGHT_PARTS.subarray(0, 4 * MB) })
    const [part] = calls('PUT')
    expect(part?.option.timeout).toBe(60_000 + (4 * MB) / 65.536)
  })

  test('refuses a file that 10,000 parts do not hold', async () => {
    const size = MAX_MULTIPART_BYTES + 1
    const filePath = wx.addTempFile({
      size,
      fill: (_: number, length: number) => new Uint8Array(length),
    })
    await expect(start({ filePath })).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      limit: 10_000 * 16 * MB,
    })
    expect(wx.calls).toEqual([])
  })

  test('says that the file is gone', async () => {
    await expect(start({ filePath: 'wxfile://tmp_gone' })).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    })
  })

  test('hands a refusal of the signer on, and tries no more', async () => {
    let asked = 0
    const signRequest: SignRequest = async () => {
      asked++
      throw Object.assign(new Error('no'), { code: 'KEY_NOT_ALLOWED' })
    }
    await expect(start({ signRequest })).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' })
    expect(asked).toBe(1)
  })

  test.each([
    [{ parallel: 0 }, /^parallel must .* got 0$/],
    [{ parallel: 2.5 }, /^parallel/],
    [{ parallel: 11 }, /^parallel/],
    [{ partSize: 0 }, /^partSize must .* got 0$/],
    [{ partSize: MB - 1 }, /^partSize/],
    [{ partSize: 17 * MB }, /^partSize/],
  ])('refuses %j by name, before anything is sent', async (options, message) => {
    await expect(start(options)).rejects.toThrow(TypeError)
    await expect(start(options)).rejects.toThrow(message)
    expect(wx.calls).toEqual([])
  })

  test('follows the pages of a long list of parts', async () => {
    await startAndPause(6)
    const { request } = wx
    wx.request = (option) => {
      const url = new URL(option.url)
      const isList = option.method === 'GET' && url.searchParams.get('max-parts') === '1000'
      if (!isList) return request(option)
      const success: typeof option.success = (result) => {
        option.success?.({ ...result, data: firstParts(String(result.data), 2) })
      }
      return request({ ...option, success })
    }
    await start()
    expect(sentTwice()).toEqual([])
    await expectObject()
  })
})

describe('a paused upload', () => {
  test('goes on without sending confirmed parts again', async () => {
    await startAndPause(3)
    const before = sent().length
    await start()
    expect(calls('POST')).toHaveLength(2)
    expect(sent().length - before).toBe(8 - 3)
    await expectObject()
  })

  test('sends nothing while it is paused, whatever is aborted then', async () => {
    const controller = await startAndPause(3)
    const before = wx.calls.length
    controller.abort()
    controller.abort(PAUSE)
    await cloud.read(key)
    expect(wx.calls).toHaveLength(before)
    await start()
    expect(sentTwice()).toEqual([])
    await expectObject()
  })

  test('begins at what is confirmed, whatever the speed was', async () => {
    await startAndPause(4)
    const seen: Progress[] = []
    await start({ onProgress: (progress) => seen.push(progress) })
    expect(seen[0]).toMatchObject({ loaded: 4 * MB, speed: 0 })
  })

  test('that was about to begin is the one that goes on', async () => {
    const { signRequest, release, asked } = holdSignature(1)
    const { transfer, controller } = begin({ signRequest })
    await asked
    controller.abort(PAUSE)
    await expectCancelled(transfer)
    const digested = whenDigested()
    const resumed = start()
    await digested
    await cloud.read(key)
    release()
    await resumed
    expect(calls('POST')).toHaveLength(2)
    await expectObject()
  })

  test('that was about to begin is kept, once COS tells its id', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, match: { method: 'POST' } })
    const { transfer, controller } = begin()
    await until(() => calls('POST').length === 1, 'the first request')
    controller.abort(PAUSE)
    await expectCancelled(transfer)
    const upload = await until(() => unfinishedUploads()[0])
    expect(await cloud.uploads(key)).toEqual([upload.uploadId])
    expect(calls('DELETE')).toEqual([])
    await start()
    expect(calls('POST')).toHaveLength(2)
    await expectObject()
  })

  test('before it began leaves nothing', async () => {
    const digested = whenDigested()
    const { transfer, controller } = begin()
    controller.abort(PAUSE)
    await expectCancelled(transfer)
    await digested
    await cloud.read(key)
    expect(wx.calls).toEqual([])
    expect(unfinishedUploads()).toEqual([])
  })

  test('by a native AbortController goes on, too', async () => {
    await startAndPause(3, {}, new globalThis.AbortController())
    await start()
    expect(sentTwice()).toEqual([])
    await expectObject()
  })

  test('whose file was deleted says so, and loses nothing', async () => {
    const filePath = wx.addTempFile(EIGHT_PARTS)
    await startAndPause(3, { filePath })
    await remove(filePath)
    await expect(start({ filePath })).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    const before = sent().length
    await start()
    expect(sent().length - before).toBe(5)
    await expectObject()
  })

  test('whose file has changed is not resumed with other bytes, and loses nothing', async () => {
    const filePath = wx.addTempFile(EIGHT_PARTS)
    const other = randomBytes(EIGHT_PARTS.length)
    await startAndPause(3, { filePath })
    await write(filePath, other)
    await start({ filePath })
    expect((await cloud.read(key))?.equals(other)).toBe(true)

    const before = sent().length
    await start()
    expect(sent().length - before).toBe(5)
    await expectObject()
  })
})

/** A list of parts, cut after the first ones as COS cuts a long list. */
function firstParts(list: string, count: number): string {
  const [head = '', ...parts] = list.split('<Part>')
  if (parts.length <= count) return list
  const last = /<PartNumber>(\d+)/.exec(parts[count - 1]!)![1]!
  const cut = head
    .replace(/(<IsTruncated>)\w+/, '$1true')
    .replace(/(<NextPartNumberMarker>)\d+/, `$1${last}`)
  return `${[cut, ...parts.slice(0, count)].join('<Part>')}</ListPartsResult>`
}

function write(filePath: string, data: Buffer) {
  return new Promise((success, fail) => {
    const copy = data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer
    wx.getFileSystemManager().writeFile({ filePath, data: copy, success, fail })
  })
}

function remove(filePath: string) {
  return new Promise((success, fail) => {
    wx.getFileSystemManager().unlink({ filePath, success, fail })
  })
}

describe('after the app was closed', () => {
  test('the same file to the same key goes on', async () => {
    await startAndPause(5)
    launch()
    expect(unfinishedUploads()).toEqual([
      {
        key,
        size: EIGHT_PARTS.length,
        digest: expect.stringMatching(/^[0-9a-f]{32}$/),
        uploadId: expect.stringMatching(/./),
        partSize: MB,
      },
    ])
    const before = sent().length
    await start()
    expect(sent().length - before).toBe(3)
    await expectObject()
  })

  test('a part that was not verified makes the whole unverified', async () => {
    const files = wx.getFileSystemManager()
    const { writeFile } = files
    const errMsg = 'writeFile:fail the maximum size of the file storage limit is exceeded'
    files.writeFile = ({ fail }) => fail?.({ errMsg, errCode: 1300202 })
    await startAndPause(1)
    files.writeFile = writeFile
    launch()
    expect(await start()).toMatchObject({ verified: false })
    await expectObject()
  })

  test('it goes on with the parts that it began with', async () => {
    await startAndPause(2, { partSize: 2 * MB })
    launch()
    await start()
    expect(sentTwice()).toEqual([])
    await expectObject()
  })

  test.each([
    ['another file of the same size', () => randomBytes(EIGHT_PARTS.length)],
    ['a longer file', () => randomBytes(EIGHT_PARTS.length + 1)],
  ])('%s is another upload', async (_what, other) => {
    await startAndPause(3)
    launch()
    const bytes = other()
    const before = sent().length
    await start({ bytes })
    expect(sent().length - before).toBe(8)
    expect((await cloud.read(key))?.equals(bytes)).toBe(true)
    expect(unfinishedUploads()).toHaveLength(1)
    await discardUpload(unfinishedUploads()[0]!, cloud.signRequest)
    await expectNothingLeft()
  })

  test('an upload that was aborted elsewhere starts over', async () => {
    await startAndPause(3)
    launch()
    const uploadId = unfinishedUploads()[0]!.uploadId
    const { url } = await cloud.signRequest({ method: 'DELETE', key, query: { uploadId } })
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    const before = sent().length
    await start()
    expect(sent().length - before).toBe(8)
    await expectObject()
  })

  test('an upload that was complete is verified, and not sent again', async () => {
    const { transfer, controller } = begin()
    beforeRequest(async ({ method, url, header, data }) => {
      if (method !== 'POST' || !url.includes('uploadId=')) return
      const headers = header as Record<string, string>
      await fetch(url, { method: 'POST', headers, body: String(data) })
      controller.abort(PAUSE)
    })
    await expectCancelled(transfer)
    launch()
    const before = sent().length
    await expect(start()).resolves.toMatchObject({ key, size: EIGHT_PARTS.length })
    expect(sent()).toHaveLength(before)
    await expectObject()
  })

  test('a part of another size is not taken for confirmed', async () => {
    await startAndPause(2)
    launch()
    const uploadId = unfinishedUploads()[0]!.uploadId
    const query = { partNumber: '8', uploadId }
    const { url } = await cloud.signRequest({ method: 'PUT', key, query })
    expect((await fetch(url, { method: 'PUT', body: 'short' })).status).toBe(200)
    await start()
    await expectObject()
  })
})

describe('a file that changes while it is sent', () => {
  test('is no success, and nothing of it stays', async () => {
    const filePath = wx.addTempFile(EIGHT_PARTS)
    beforeRequest(async ({ method, url }) => {
      const part = new URL(url).searchParams.get('partNumber')
      if (method === 'PUT' && part === '4') await write(filePath, randomBytes(EIGHT_PARTS.length))
    })
    await expect(start({ filePath, parallel: 1 })).rejects.toMatchObject({
      code: 'FILE_CHANGED',
    })
    expect(await cloud.read(key)).toBeUndefined()
    await expectNothingLeft()
  })
})

test('a file that changes is called so, whatever the storage does', async () => {
  const filePath = wx.addTempFile(EIGHT_PARTS)
  wx.removeStorageSync = () => {
    throw Object.assign(new Error(), { errMsg: 'removeStorageSync:fail internal error' })
  }
  beforeRequest(async ({ method, url }) => {
    const part = new URL(url).searchParams.get('partNumber')
    if (method === 'PUT' && part === '4') await write(filePath, randomBytes(EIGHT_PARTS.length))
  })
  const reported: object[] = []
  const onResumeUnavailable = (failure: object) => reported.push(failure)
  await expect(start({ filePath, parallel: 1, onResumeUnavailable })).rejects.toMatchObject({
    code: 'FILE_CHANGED',
  })
  expect(reported).toEqual([expect.objectContaining({ code: 'STORAGE_REFUSED' })])
  expect(await cloud.uploads(key)).toEqual([])
})

describe('a discarded upload', () => {
  test('is kept until COS has aborted it, but offered no more', async () => {
    await startAndPause(3)
    const upload = unfinishedUploads()[0]!
    const seen: number[] = []
    beforeRequest(({ method }) => {
      if (method === 'DELETE') seen.push(wx.getStorageInfoSync().keys.length)
      if (method === 'DELETE') seen.push(unfinishedUploads().length)
    })
    await discardUpload(upload, cloud.signRequest)
    expect(seen).toEqual([1, 0])
    await expectNothingLeft()
  })

  test('says why COS keeps it, whatever the storage does', async () => {
    await startAndPause(3)
    const upload = unfinishedUploads()[0]!
    await cloud.control.order({ kind: '403', match: { method: 'DELETE' } })
    wx.limitStorage(0)
    await expect(discardUpload(upload, cloud.signRequest)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    })
    expect(unfinishedUploads()).toHaveLength(1)
  })
})

describe('a storage that fails', () => {
  test.each(['getStorageInfoSync', 'getStorageSync', 'removeStorageSync'] as const)(
    'in %s does not stop an upload',
    async (name) => {
      if (name === 'getStorageSync') await startAndPause(3)
      launch()
      Object.assign(wx, {
        [name]: () => {
          throw Object.assign(new Error(), { errMsg: `${name}:fail internal error` })
        },
      })
      const reported: object[] = []
      const uploaded = await start({ onResumeUnavailable: (failure) => reported.push(failure) })
      expect(uploaded).toMatchObject({ key })
      expect(reported).toEqual([expect.objectContaining({ code: 'STORAGE_REFUSED' })])
      expect((await cloud.read(key))?.equals(EIGHT_PARTS)).toBe(true)
    },
  )
})

describe('a storage that takes nothing', () => {
  test('is reported, and the upload goes on, also after a pause', async () => {
    wx.setStorageSync = () => {
      throw Object.assign(new Error(), { errMsg: 'setStorageSync:fail exceed max size' })
    }
    const reported: object[] = []
    await startAndPause(3, { onResumeUnavailable: (failure) => reported.push(failure) })
    expect(reported).toEqual([
      expect.objectContaining({
        code: 'STORAGE_REFUSED',
        errMsg: 'setStorageSync:fail exceed max size',
      }),
    ])
    await start()
    expect(calls('POST')).toHaveLength(2)
    await expectObject()
  })
})

describe('cancel', () => {
  test.each(['POST', 'PUT'])('at the first %s leaves nothing', async (method) => {
    const { transfer, controller } = begin()
    beforeRequest((option) => {
      if (option.method === method) controller.abort()
    })
    await expectCancelled(transfer)
    await expectNothingLeft()
    expect(await cloud.read(key)).toBeUndefined()
    expect(calls('DELETE')).toHaveLength(1)
  })

  test('at once, before anything was sent, sends nothing', async () => {
    const digested = whenDigested()
    const { transfer, controller } = begin()
    controller.abort()
    await expectCancelled(transfer)
    await digested
    await expectCancelled(start({ signal: controller.signal }))
    await cloud.read(key)
    expect(wx.calls).toEqual([])
  })

  test.each([1, 2])('ends at once while signature %d hangs, and leaves nothing', async (nth) => {
    const { signRequest, release, asked } = holdSignature(nth)
    const { transfer, controller } = begin({ signRequest })
    await asked
    controller.abort()
    await expectCancelled(transfer)
    release()
    await expectNothingLeft()
    expect(sent()).toEqual([])
  })

  test.each([
    ['our AbortController', () => new AbortController()],
    ['a native one', () => new globalThis.AbortController()],
  ])('in the middle, by %s, leaves nothing, and reports nothing more', async (_name, create) => {
    const controller = create()
    let isOver = false
    const transfer = start({
      signal: controller.signal,
      onProgress: ({ loaded }) => {
        expect(isOver).toBe(false)
        if (loaded < 3 * MB) return
        isOver = true
        controller.abort()
        controller.abort()
      },
    })
    await expectCancelled(transfer)
    await expectNothingLeft()
  })

  test('while it begins reports nothing of the storage any more', async () => {
    wx.setStorageSync = () => {
      throw Object.assign(new Error(), { errMsg: 'setStorageSync:fail exceed max size' })
    }
    const reported: object[] = []
    const { transfer, controller } = begin({
      onResumeUnavailable: (failure) => reported.push(failure),
    })
    beforeRequest(() => controller.abort())
    await expectCancelled(transfer)
    await until(() => calls('DELETE').length === 1)
    await expectNothingLeft()
    expect(reported).toEqual([])
  })

  test('during Complete leaves the object or nothing', async () => {
    const { transfer, controller } = begin()
    beforeRequest(({ method, url }) => {
      if (method === 'POST' && url.includes('uploadId=')) controller.abort()
    })
    await expectCancelled(transfer)
    await expectNothingLeft()
    expect((await cloud.read(key))?.equals(EIGHT_PARTS) ?? true).toBe(true)
  })

  test('after a failure changes nothing: the upload stays, to be resumed or discarded', async () => {
    await cloud.control.order({ kind: '403', match: { method: 'PUT' } })
    const { transfer, controller } = begin({ parallel: 1 })
    await expect(transfer).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    const before = wx.calls.length
    controller.abort()
    await cloud.read(key)
    expect(wx.calls).toHaveLength(before)
    await discardUpload(unfinishedUploads()[0]!, cloud.signRequest)
    await expectNothingLeft()
  })

  test('after the end does nothing', async () => {
    const { transfer, controller } = begin()
    await transfer
    controller.abort()
    await expectObject()
    expect(calls('DELETE')).toEqual([])
  })

  test('that does not reach COS keeps the upload, to be discarded later', async () => {
    await cloud.control.order({ kind: 'drop-before', times: 6, match: { method: 'DELETE' } })
    const { transfer, controller } = begin({
      onProgress: ({ loaded }) => {
        if (loaded >= 3 * MB) controller.abort()
      },
    })
    await expectCancelled(transfer)
    await until(() => calls('DELETE').length === 6 && unfinishedUploads().length === 1, 'the end')
    await discardUpload(unfinishedUploads()[0]!, cloud.signRequest)
    await expectNothingLeft()
  })
})

describe('a part that fails', () => {
  test('ends the parts beside it, and the upload', async () => {
    await cloud.control.order({ kind: 'slow', rate: 100_000, times: 2, match: { method: 'PUT' } })
    await cloud.control.order({ kind: '403', match: { method: 'PUT' } })
    await expect(start()).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    const slow = async () => (await cloud.control.list()).filter(({ fault }) => fault === 'slow')
    await until(async () => (await slow()).length === 2, 'the end of both requests')
    expect(sent().toSorted()).toEqual([1, 2, 3])
    await start()
    await expectObject()
  })
})

describe('a request that fails', () => {
  test('is tried again, with pauses that double', async () => {
    await cloud.control.order({ kind: '503', times: 3, match: { method: 'PUT' } })
    await start({ parallel: 1 })
    const pauses = waits.filter((wait) => !Number.isInteger(wait)) // the others watch for a stall
    expect(pauses).toHaveLength(3)
    pauses.forEach((pause, index) => {
      expect(pause).toBeGreaterThanOrEqual(750 * 2 ** index)
      expect(pause).toBeLessThanOrEqual(1250 * 2 ** index)
    })
    await expectObject()
  })

  test('is given up after six times, and what is confirmed stays', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, times: 2, match: { method: 'PUT' } })
    await cloud.control.order({ kind: '503', times: 6, match: { method: 'PUT' } })
    await expect(start({ parallel: 1 })).rejects.toMatchObject({
      code: 'COS_UNAVAILABLE',
      statusCode: 503,
      errorCode: 'ServiceUnavailable',
      requestId: expect.stringMatching(/./),
    })
    expect(sent()).toEqual([1, 2, 3, 3, 3, 3, 3, 3])
    await start()
    expect(sent()).toHaveLength(8 + 6)
    await expectObject()
  })

  test.each([
    ['403', 'ACCESS_DENIED', 'name/cos:UploadPart'],
    ['404', 'NO_SUCH_KEY', 'name/cos:UploadPart'],
  ] as const)('with %s is not tried again', async (kind, code, action) => {
    await cloud.control.order({ kind, match: { method: 'PUT' } })
    await expect(start({ parallel: 1 })).rejects.toMatchObject({ code, action })
    expect(sent()).toEqual([1])
  })

  test.each(['expired', 'skew'] as const)('as %s is signed again, once', async (kind) => {
    const renewals: unknown[] = []
    const signRequest: SignRequest = (request) => {
      if (request.renew) renewals.push(request.renew)
      return cloud.signRequest(request)
    }
    await cloud.control.order({ kind, match: { method: 'PUT' } })
    await start({ parallel: 1, signRequest })
    expect(sent()).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(renewals).toEqual([{ serverTime: expect.any(Number) }])
    await expectObject()

    await cloud.control.order({ kind, times: 2, match: { method: 'PUT' } })
    key += ' again'
    await expect(start({ parallel: 1 })).rejects.toMatchObject({
      code: kind === 'skew' ? 'CLOCK_SKEW' : 'URL_EXPIRED',
    })
  })

  test('but did its work is not sent again', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, times: 2, match: { method: 'PUT' } })
    await cloud.control.order({ kind: 'drop-after', match: { method: 'PUT' } })
    await start({ parallel: 1 })
    expect(sent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await expectObject()
  })

  test('as the last one, and did its work, is verified', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, times: 1, match: { method: 'POST' } })
    await cloud.control.order({ kind: 'drop-after', match: { method: 'POST' } })
    await start()
    expect(sentTwice()).toEqual([])
    await expectObject()
  })
})

describe('COS says', () => {
  /** Gives these bodies, with status 200, in place of the first answers to POST of the upload id. */
  function answerComplete(...bodies: string[]) {
    const { request } = wx
    wx.request = (option) => {
      const isComplete = option.method === 'POST' && option.url.includes('uploadId=')
      const data = isComplete ? bodies.shift() : undefined
      if (data === undefined) return request(option)
      const result = {
        data,
        statusCode: 200,
        header: { 'x-cos-request-id': 'id' },
        errMsg: 'request:ok',
        cookies: [],
      }
      setImmediate(() => {
        option.success?.(result as never)
        option.complete?.(result)
      })
      return { abort() {} } as never
    }
  }

  test.each(['<Error><Code>InternalError</Code></Error>', '   ', '<CompleteMultipartUploadRes'])(
    '200 with %j, and is asked again',
    async (body) => {
      answerComplete(body)
      await start()
      await expectObject()
    },
  )

  test('200 with a refusal in the body', async () => {
    answerComplete('<Error><Code>InvalidPart</Code><Message>no</Message></Error>')
    await expect(start()).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      errorCode: 'InvalidPart',
    })
    expect(await cloud.read(key)).toBeUndefined()
  })

  test('that the upload was aborted by somebody else', async () => {
    beforeRequest(async (option) => {
      const { searchParams } = new URL(option.url)
      if (option.method !== 'PUT' || searchParams.get('partNumber') !== '5') return
      const query = { uploadId: searchParams.get('uploadId')! }
      await fetch((await cloud.signRequest({ method: 'DELETE', key, query })).url, {
        method: 'DELETE',
      })
    })
    await expect(start()).rejects.toMatchObject({ code: 'NO_SUCH_UPLOAD' })
    await expectNothingLeft()
  })
})

describe('two uploads of one key at once', () => {
  test('of the same file both end well', async () => {
    await Promise.all([start(), start()])
    await expectObject()
  })

  test('of the same file are kept apart, and the end of one leaves the other', async () => {
    const controllers = [begin({ partSize: 2 * MB }), begin({ partSize: 2 * MB })]
    await until(() => unfinishedUploads().length === 2, 'both ids')
    for (const { controller } of controllers) controller.abort(PAUSE)
    for (const { transfer } of controllers) await expectCancelled(transfer)
    await start()
    const [left] = unfinishedUploads()
    expect(await cloud.uploads(key)).toEqual([left!.uploadId])
    await discardUpload(left!, cloud.signRequest)
    await expectObject()
  })

  test('of two files leave one of them whole, and claim no other', async () => {
    const files = [EIGHT_PARTS, randomBytes(5 * MB)]
    const ends = await Promise.allSettled(files.map((bytes) => start({ bytes })))
    const object = await cloud.read(key)
    const stored = files.findIndex((bytes) => object?.equals(bytes))
    expect(ends[stored]).toMatchObject({ status: 'fulfilled' })
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? end.reason : []))
    expect(refused.filter(({ code }) => code !== 'NOT_VERIFIED')).toEqual([])
    await expectNothingLeft()
  })
})
