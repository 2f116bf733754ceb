import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { SignRequest } from '../../miniprogram/cos/types'
import {
  multipartUpload,
  type MultipartUploadOptions,
} from '../../miniprogram/transfer/multipart-upload'
import type { Progress } from '../../miniprogram/transfer/progress'
import { MULTIPART_LIMIT } from '../../miniprogram/transfer/send-parts'
import { discardUpload, unfinishedUploads } from '../../miniprogram/transfer/unfinished-uploads'
import { hastyClock } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { startTransferCloud, type TransferCloud } from './cloud'

const MB = 1024 * 1024
const HARD_KEY = '照片/a b+c (1)&.png'
const EIGHT_PARTS = randomBytes(7 * MB + 17)

let cloud: TransferCloud
let env: ReturnType<typeof installNodeWx>
let wx: NodeWx
let serial = 0
let key: string

beforeAll(async () => {
  cloud = await startTransferCloud()
})
afterAll(() => cloud.stop())
beforeEach(() => {
  env = installNodeWx()
  ;({ wx } = env)
  key = `${HARD_KEY}${++serial}`
})
afterEach(async () => {
  await cloud.control.clear()
  await env.restore()
})

interface Start extends MultipartUploadOptions {
  bytes?: Uint8Array
  filePath?: string
  signRequest?: SignRequest
}

function start({ bytes = EIGHT_PARTS, filePath, signRequest, ...options }: Start = {}) {
  return multipartUpload(
    {
      key,
      filePath: filePath ?? wx.addTempFile(bytes),
      contentType: 'video/mp4',
      signRequest: signRequest ?? cloud.signRequest,
    },
    { clock: hastyClock(), ...options },
  )
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

/** Starts, and pauses when so many bytes are confirmed. */
async function startAndPause(bytes: number, options: Start = {}) {
  let task!: ReturnType<typeof start>
  let isPaused = false
  await new Promise<void>((resolve) => {
    task = start({
      parallel: 1,
      ...options,
      onProgress({ loaded }) {
        if (loaded < bytes || isPaused) return
        isPaused = true
        task.pause()
        resolve()
      },
    })
  })
  return task
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
    const uploaded = await start({ bytes }).result
    expect(uploaded).toMatchObject({ key, size })
    expect(uploaded.etag).toMatch(new RegExp(`^"[0-9a-f]{32}-${parts}"$`))
    expect(uploaded.requestId).not.toBe('')
    expect(uploaded.elapsed).toBeGreaterThan(0)
    const { url } = await cloud.signRequest({ method: 'GET', key })
    expect((await fetch(url)).headers.get('content-type')).toBe('video/mp4')
    await expectObject(bytes)
  })

  test('reports bytes as they are confirmed, up to 100 percent', async () => {
    const seen: Progress[] = []
    await start({ onProgress: (progress) => seen.push(progress) }).result
    const loaded = seen.map((progress) => progress.loaded)
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b))
    expect(seen[0]).toMatchObject({ loaded: 0, percent: 0, total: EIGHT_PARTS.length })
    expect(seen.at(-1)).toMatchObject({ loaded: EIGHT_PARTS.length, percent: 100 })
  })

  test('shows the first part that it signs, as it leaves', async () => {
    const signed: string[] = []
    const onStart = ({ url }: { url: string }) =>
      signed.push(new URL(url).searchParams.get('partNumber')!)
    await start({ parallel: 1, onStart }).result
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
    await start({ parallel }).result
    expect(most).toBe(expected)
  })

  test('takes a part size', async () => {
    await start({ partSize: 4 * MB }).result
    expect(sent().toSorted()).toEqual([1, 2])
    await expectObject()
  })

  test('gives a part time for a slow network, and says so to wx', async () => {
    await start({ partSize: 4 * MB, bytes: EIGHT_PARTS.subarray(0, 4 * MB) }).result
    const [part] = calls('PUT')
    expect(part?.option.timeout).toBe(60_000 + (4 * MB) / 65.536)
  })

  test('refuses a file that 10,000 parts do not hold', async () => {
    const size = MULTIPART_LIMIT + 1
    const info = ({ success }: { success: (info: object) => void }) => success({ size, digest: '' })
    Object.assign(wx.getFileSystemManager(), { getFileInfo: info })
    await expect(start().result).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      limit: 10_000 * 16 * MB,
    })
    expect(wx.calls).toEqual([])
  })

  test('says that the file is gone', async () => {
    const { result } = start({ filePath: 'wxfile://tmp_gone' })
    await expect(result).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test('hands a refusal of the signer on, and tries no more', async () => {
    let asked = 0
    const signRequest: SignRequest = async () => {
      asked++
      throw Object.assign(new Error('no'), { code: 'KEY_NOT_ALLOWED' })
    }
    await expect(start({ signRequest }).result).rejects.toMatchObject({ code: 'KEY_NOT_ALLOWED' })
    expect(asked).toBe(1)
  })

  test.each([
    [{ parallel: 0 }, /^parallel: .* not 0$/],
    [{ parallel: 2.5 }, /^parallel/],
    [{ parallel: 11 }, /^parallel/],
    [{ partSize: 0 }, /^partSize: .* not 0$/],
    [{ partSize: MB - 1 }, /^partSize/],
    [{ partSize: 17 * MB }, /^partSize/],
  ])('refuses %j by name, before anything is sent', (options, message) => {
    expect(() => start(options)).toThrow(TypeError)
    expect(() => start(options)).toThrow(message)
    expect(wx.calls).toEqual([])
  })

  test('follows the pages of a long list of parts', async () => {
    await startAndPause(6 * MB)
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
    await start().result
    expect(sentTwice()).toEqual([])
    await expectObject()
  })
})

describe('a paused upload', () => {
  test('goes on without sending confirmed parts again', async () => {
    const task = await startAndPause(3 * MB)
    const before = sent().length
    task.resume()
    await task.result
    expect(calls('POST')).toHaveLength(2)
    expect(sent().length - before).toBe(8 - 3)
    await expectObject()
  })

  test('sends nothing while it is paused, and takes the time of the pause for none of its own', async () => {
    const task = await startAndPause(3 * MB)
    const before = wx.calls.length
    task.pause()
    await cloud.read(key)
    expect(wx.calls).toHaveLength(before)
    task.resume()
    task.resume()
    await task.result
    expect(calls('HEAD')).toHaveLength(1)
  })

  test('begins at what is confirmed, whatever the speed was', async () => {
    await startAndPause(4 * MB)
    const seen: Progress[] = []
    await start({ onProgress: (progress) => seen.push(progress) }).result
    expect(seen[0]).toMatchObject({ loaded: 4 * MB, speed: 0 })
  })

  test('keeps the upload that it was about to begin', async () => {
    const task = start()
    await until(() => calls('POST').length === 1, 'the first request')
    task.pause()
    task.resume()
    await task.result
    expect(calls('POST')).toHaveLength(2)
    await expectObject()
  })

  test.each([
    ['changed', 'FILE_CHANGED', (path: string) => write(path, randomBytes(EIGHT_PARTS.length))],
    ['deleted', 'FILE_UNREADABLE', remove],
  ])('whose file was %s says so, and loses nothing', async (_what, code, spoil) => {
    const filePath = wx.addTempFile(EIGHT_PARTS)
    const task = await startAndPause(3 * MB, { filePath })
    await spoil(filePath)
    task.resume()
    await expect(task.result).rejects.toMatchObject({ code })

    const before = sent().length
    await start().result
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
    await startAndPause(5 * MB)
    expect(unfinishedUploads()).toEqual([
      {
        key,
        size: EIGHT_PARTS.length,
        digest: expect.stringMatching(/^[0-9a-f]{40}$/),
        uploadId: expect.stringMatching(/./),
        partSize: MB,
      },
    ])
    const before = sent().length
    await start().result
    expect(sent().length - before).toBe(3)
    await expectObject()
  })

  test('it goes on with the parts that it began with', async () => {
    await startAndPause(4 * MB, { partSize: 2 * MB })
    await start().result
    expect(sentTwice()).toEqual([])
    await expectObject()
  })

  test.each([
    ['another file of the same size', () => randomBytes(EIGHT_PARTS.length)],
    ['a longer file', () => randomBytes(EIGHT_PARTS.length + 1)],
  ])('%s is another upload', async (_what, other) => {
    await startAndPause(3 * MB)
    const bytes = other()
    const before = sent().length
    await start({ bytes }).result
    expect(sent().length - before).toBe(8)
    expect((await cloud.read(key))?.equals(bytes)).toBe(true)
    expect(unfinishedUploads()).toHaveLength(1)
    await discardUpload(unfinishedUploads()[0]!, cloud.signRequest)
    await expectNothingLeft()
  })

  test('an upload that was aborted elsewhere begins anew', async () => {
    await startAndPause(3 * MB)
    const uploadId = unfinishedUploads()[0]!.uploadId
    const { url } = await cloud.signRequest({ method: 'DELETE', key, query: { uploadId } })
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    const before = sent().length
    await start().result
    expect(sent().length - before).toBe(8)
    await expectObject()
  })

  test('an upload that was complete is verified, and not sent again', async () => {
    const task = start()
    beforeRequest(({ method }) => {
      if (method === 'HEAD') task.pause()
    })
    await until(() => calls('HEAD').length === 1, 'the verification')
    const before = sent().length
    await expect(start().result).resolves.toMatchObject({ key, size: EIGHT_PARTS.length })
    expect(sent()).toHaveLength(before)
    await expectObject()
  })

  test('a part of another size is not taken for confirmed', async () => {
    await startAndPause(2 * MB)
    const uploadId = unfinishedUploads()[0]!.uploadId
    const query = { partNumber: '8', uploadId }
    const { url } = await cloud.signRequest({ method: 'PUT', key, query })
    expect((await fetch(url, { method: 'PUT', body: 'short' })).status).toBe(200)
    await start().result
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
    await expect(start({ filePath, parallel: 1 }).result).rejects.toMatchObject({
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
  const notKept: object[] = []
  const onNotKept = (failure: object) => notKept.push(failure)
  const { result } = start({ filePath, parallel: 1, onNotKept })
  await expect(result).rejects.toMatchObject({ code: 'FILE_CHANGED' })
  expect(notKept).toEqual([expect.objectContaining({ code: 'STORAGE_REFUSED' })])
  expect(await cloud.uploads(key)).toEqual([])
})

describe('a discarded upload', () => {
  test('is kept until COS has aborted it, but offered no more', async () => {
    await startAndPause(3 * MB)
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
    await startAndPause(3 * MB)
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
      if (name === 'getStorageSync') await startAndPause(3 * MB)
      Object.assign(wx, {
        [name]: () => {
          throw Object.assign(new Error(), { errMsg: `${name}:fail internal error` })
        },
      })
      const notKept: object[] = []
      const uploaded = await start({ onNotKept: (failure) => notKept.push(failure) }).result
      expect(uploaded).toMatchObject({ key })
      expect(notKept).toEqual([expect.objectContaining({ code: 'STORAGE_REFUSED' })])
      expect((await cloud.read(key))?.equals(EIGHT_PARTS)).toBe(true)
    },
  )
})

describe('a storage that takes nothing', () => {
  test('is reported, and the upload goes on, also after a pause', async () => {
    wx.setStorageSync = () => {
      throw Object.assign(new Error(), { errMsg: 'setStorageSync:fail exceed max size' })
    }
    const notKept: object[] = []
    const task = await startAndPause(3 * MB, { onNotKept: (failure) => notKept.push(failure) })
    expect(notKept).toEqual([
      expect.objectContaining({
        code: 'STORAGE_REFUSED',
        errMsg: 'setStorageSync:fail exceed max size',
      }),
    ])
    task.resume()
    await task.result
    expect(calls('POST')).toHaveLength(2)
    await expectObject()
  })
})

describe('cancel', () => {
  test.each(['POST', 'GET', 'PUT'])('at the first %s leaves nothing', async (method) => {
    const task = start()
    beforeRequest((option) => {
      if (option.method === method) task.cancel()
    })
    await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
    await expectNothingLeft()
    expect(await cloud.read(key)).toBeUndefined()
  })

  test('at once, before anything was sent, sends nothing', async () => {
    const task = start()
    task.cancel()
    await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(wx.calls).toEqual([])
  })

  test('in the middle leaves nothing, and reports nothing more', async () => {
    let isOver = false
    const task = start({
      onProgress: ({ loaded }) => {
        expect(isOver).toBe(false)
        if (loaded < 3 * MB) return
        isOver = true
        task.cancel()
        task.cancel()
      },
    })
    await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
    await expectNothingLeft()
  })

  test('of a paused upload leaves nothing', async () => {
    const task = await startAndPause(3 * MB)
    task.cancel()
    task.resume()
    await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
    await expectNothingLeft()
  })

  test('of a failed upload leaves nothing', async () => {
    await cloud.control.order({ kind: '403', match: { method: 'PUT' } })
    const task = start()
    await expect(task.result).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    expect(unfinishedUploads()).toHaveLength(1)
    task.cancel()
    await expectNothingLeft()
  })

  test.each(['complete', 'verification'])(
    'during the %s leaves the object or nothing',
    async (at) => {
      const task = start()
      beforeRequest(({ method, url }) => {
        const isComplete = method === 'POST' && url.includes('uploadId=')
        if (at === 'complete' ? isComplete : method === 'HEAD') task.cancel()
      })
      await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
      await expectNothingLeft()
      expect((await cloud.read(key))?.equals(EIGHT_PARTS) ?? true).toBe(true)
    },
  )

  test('is the end: neither pause nor resume brings a failed upload back', async () => {
    await cloud.control.order({ kind: '403', match: { method: 'PUT' } })
    const task = start({ parallel: 1 })
    await expect(task.result).rejects.toMatchObject({ code: 'ACCESS_DENIED' })
    const before = wx.calls.length
    task.pause()
    task.resume()
    await cloud.read(key)
    expect(wx.calls).toHaveLength(before)
  })

  test('after the end does nothing', async () => {
    const task = start()
    await task.result
    task.cancel()
    task.pause()
    task.resume()
    await expectObject()
    expect(calls('DELETE')).toEqual([])
  })

  test('that does not reach COS keeps the upload, to be discarded later', async () => {
    const task = await startAndPause(3 * MB)
    await cloud.control.order({ kind: 'drop-before', times: 6, match: { method: 'DELETE' } })
    task.cancel()
    await expect(task.result).rejects.toMatchObject({ code: 'CANCELLED' })
    await until(() => calls('DELETE').length === 6 && unfinishedUploads().length === 1, 'the end')
    await discardUpload(unfinishedUploads()[0]!, cloud.signRequest)
    await expectNothingLeft()
  })
})

describe('a request that fails', () => {
  test('is tried again, with pauses that double', async () => {
    const clock = hastyClock()
    await cloud.control.order({ kind: '503', times: 3, match: { method: 'PUT' } })
    await start({ clock, parallel: 1 }).result
    const pauses = clock.waits.filter((wait) => wait > 200)
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
    await expect(start({ parallel: 1 }).result).rejects.toMatchObject({
      code: 'COS_UNAVAILABLE',
      statusCode: 503,
      errorCode: 'ServiceUnavailable',
      requestId: expect.stringMatching(/./),
    })
    expect(sent()).toEqual([1, 2, 3, 3, 3, 3, 3, 3])
    await start().result
    expect(sent()).toHaveLength(8 + 6)
    await expectObject()
  })

  test.each([
    ['403', 'ACCESS_DENIED', 'name/cos:UploadPart'],
    ['404', 'NO_SUCH_KEY', 'name/cos:UploadPart'],
  ] as const)('with %s is not tried again', async (kind, code, action) => {
    await cloud.control.order({ kind, match: { method: 'PUT' } })
    await expect(start({ parallel: 1 }).result).rejects.toMatchObject({ code, action })
    expect(sent()).toEqual([1])
  })

  test.each(['expired', 'skew'] as const)('as %s is signed again, once', async (kind) => {
    const renewals: unknown[] = []
    const signRequest: SignRequest = (request) => {
      if (request.renew) renewals.push(request.renew)
      return cloud.signRequest(request)
    }
    await cloud.control.order({ kind, match: { method: 'PUT' } })
    await start({ parallel: 1, signRequest }).result
    expect(sent()).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(renewals).toEqual([{ serverTime: expect.any(Number) }])
    await expectObject()

    await cloud.control.order({ kind, times: 2, match: { method: 'PUT' } })
    key += ' again'
    await expect(start({ parallel: 1 }).result).rejects.toMatchObject({
      code: kind === 'skew' ? 'CLOCK_SKEW' : 'URL_EXPIRED',
    })
  })

  test('but did its work is not sent again', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, times: 2, match: { method: 'PUT' } })
    await cloud.control.order({ kind: 'drop-after', match: { method: 'PUT' } })
    await start({ parallel: 1 }).result
    expect(sent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await expectObject()
  })

  test('as the last one, and did its work, is verified', async () => {
    await cloud.control.order({ kind: 'slow', delay: 0, times: 1, match: { method: 'POST' } })
    await cloud.control.order({ kind: 'drop-after', match: { method: 'POST' } })
    await start().result
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
      const result = { data, statusCode: 200, header: {}, errMsg: 'request:ok', cookies: [] }
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
      await start().result
      await expectObject()
    },
  )

  test('200 with a refusal in the body', async () => {
    answerComplete('<Error><Code>InvalidPart</Code><Message>no</Message></Error>')
    await expect(start().result).rejects.toMatchObject({
      code: 'UNEXPECTED_STATUS',
      errorCode: 'InvalidPart',
    })
    expect(await cloud.read(key)).toBeUndefined()
  })

  test('that the object is another one', async () => {
    beforeRequest(async ({ method }) => {
      if (method !== 'HEAD') return
      const { url } = await cloud.signRequest({ method: 'PUT', key })
      await fetch(url, { method: 'PUT', body: new Uint8Array(EIGHT_PARTS.length) })
    })
    await expect(start().result).rejects.toMatchObject({ code: 'NOT_VERIFIED' })
    await expectNothingLeft()
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
    await expect(start().result).rejects.toMatchObject({ code: 'NO_SUCH_UPLOAD' })
    await expectNothingLeft()
  })
})

describe('two uploads of one key at once', () => {
  test('of the same file are both kept, and the end of one leaves the other', async () => {
    const [task] = await Promise.all([startAndPause(2 * MB), startAndPause(2 * MB)])
    expect(unfinishedUploads()).toHaveLength(2)
    task.resume()
    await task.result
    const [left] = unfinishedUploads()
    expect(await cloud.uploads(key)).toEqual([left!.uploadId])
    await discardUpload(left!, cloud.signRequest)
    await expectObject()
  })

  test('of the same file both end well', async () => {
    await Promise.all([start().result, start().result])
    await expectObject()
  })

  test('of two files leave one of them whole, and claim no other', async () => {
    const files = [EIGHT_PARTS, randomBytes(5 * MB)]
    const ends = await Promise.allSettled(files.map((bytes) => start({ bytes }).result))
    const object = await cloud.read(key)
    const stored = files.findIndex((bytes) => object?.equals(bytes))
    expect(ends[stored]).toMatchObject({ status: 'fulfilled' })
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? end.reason : []))
    expect(refused.filter(({ code }) => code !== 'NOT_VERIFIED')).toEqual([])
    await expectNothingLeft()
  })
})
