import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Progress } from '../../miniprogram/transfer/progress'
import { MAX_MULTIPART_BYTES } from '../../miniprogram/transfer/part-size'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import { until } from '../helpers/until'
import {
  MB,
  EIGHT_PARTS,
  cloud,
  wx,
  key,
  PAUSE,
  discardUpload,
  unfinishedUploads,
  launch,
  start,
  begin,
  sent,
  sentTwice,
  calls,
  expectObject,
  expectNothingLeft,
  startAndPause,
  holdSignature,
  whenDigested,
  expectCancelled,
  beforeRequest,
  write,
} from './multipart-steps'

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

function remove(filePath: string) {
  return new Promise((success, fail) => {
    wx.getFileSystemManager().unlink({ filePath, success, fail })
  })
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
