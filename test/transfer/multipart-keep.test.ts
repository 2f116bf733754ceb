import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { AbortController } from '../../miniprogram/transfer/abort'
import { until } from '../helpers/until'
import {
  MB,
  EIGHT_PARTS,
  cloud,
  wx,
  key,
  discardUpload,
  unfinishedUploads,
  launch,
  start,
  begin,
  sent,
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
      throw Object.assign(new Error(), {
        errMsg: 'setStorageSync:fail exceed storage max size 10Mb',
      })
    }
    const reported: object[] = []
    await startAndPause(3, { onResumeUnavailable: (failure) => reported.push(failure) })
    expect(reported).toEqual([
      expect.objectContaining({
        code: 'STORAGE_REFUSED',
        errMsg: 'setStorageSync:fail exceed storage max size 10Mb',
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
    await until(() => calls('DELETE').length > 0, 'the abort of what COS has begun')
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
      throw Object.assign(new Error(), {
        errMsg: 'setStorageSync:fail exceed storage max size 10Mb',
      })
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
