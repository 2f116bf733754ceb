import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import { until } from '../helpers/until'
import {
  MB,
  EIGHT_PARTS,
  cloud,
  wx,
  waits,
  key,
  PAUSE,
  discardUpload,
  unfinishedUploads,
  start,
  begin,
  sent,
  sentTwice,
  expectObject,
  expectNothingLeft,
  expectCancelled,
  beforeRequest,
} from './multipart-steps'

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
    await expect(start({ parallel: 1, key: `${key} again` })).rejects.toMatchObject({
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
    // Neither can find the other and resume it, and neither sends a part.
    let asked = 0
    let release = () => {}
    const bothAsked = new Promise<void>((resolve) => (release = resolve))
    const signRequest: SignRequest = async (request) => {
      if (request.method === 'PUT') return new Promise(() => {})
      if (++asked === 2) release()
      await bothAsked
      return cloud.signRequest(request)
    }
    const both = [begin({ signRequest }), begin({ signRequest })]
    await until(() => unfinishedUploads().length === 2, 'both ids')
    for (const { controller } of both) controller.abort(PAUSE)
    for (const { transfer } of both) await expectCancelled(transfer)
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
