import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { AbortController } from '../../miniprogram/transfer/abort'
import type { Progress } from '../../miniprogram/transfer/progress'
import { putObject } from '../../miniprogram/transfer/put-object'
import { stopClock, tick } from '../helpers/fake-clock'
import { until } from '../helpers/until'
import {
  type Way,
  KEY,
  OLD,
  NEW,
  PUT,
  POST,
  DOWNLOAD,
  WAYS,
  UPLOADS,
  cloud,
  wx,
  signer,
  filePath,
  startCloud,
  createSigner,
  sent,
  order,
  expectObject,
  expectDone,
  expectSecondTry,
} from './fault-steps'

const TWENTY_MINUTES = 20 * 60_000

/** The record of the first request that was struck by a fault. */
const struck = () =>
  until(async () => (await cloud.control.list()).findLast(({ fault }) => fault !== undefined))

/** The first records of this way, oldest first. What reads and stores for a test is not among them. */
const recordsOf = (way: Way, count: number): Promise<RequestRecord[]> =>
  until(async () => {
    const all = (await cloud.control.list()).filter(({ method }) => method === way.method)
    const own = all.toReversed().slice(way === PUT ? 1 : 0, (way === PUT ? 1 : 0) + count)
    return own.length === count ? own : undefined
  })

describe('a connection that is dropped', () => {
  describe.each(WAYS)('%s', (_name, way) => {
    test.each([
      ['before', 'drop-before', OLD],
      ['during', 'drop-during', OLD],
      ['after', 'drop-after', NEW],
    ] as const)('%s the request', async (_when, kind, stored) => {
      await order(way, kind)
      const error = await way.start(signer, filePath).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'NETWORK',
        api: way.api,
        origin: `http://${cloud.host}`,
        errMsg: expect.stringMatching(new RegExp(`^${way.api}:fail .`)),
      })
      expect(error).not.toHaveProperty('statusCode')
      expect(error).not.toHaveProperty('requestId')
      expect(sent(way)).toHaveLength(1)
      await expectObject(way === DOWNLOAD ? OLD : stored)
      await expectSecondTry(way)
    })
  })

  test.each(UPLOADS)('%s leaves no object where there was none', async (_name, way) => {
    const { url } = await cloud.signRequest({ method: 'DELETE', key: KEY })
    await fetch(url, { method: 'DELETE' })
    for (const kind of ['drop-before', 'drop-during'] as const) {
      await order(way, kind)
      await expect(way.start(signer, filePath)).rejects.toMatchObject({ code: 'NETWORK' })
      expect(await cloud.read(KEY)).toBeUndefined()
    }
    await expectSecondTry(way)
  })
})

describe('a refusal', () => {
  describe.each(WAYS)('%s', (_name, way) => {
    test.each([
      ['503', 'COS_UNAVAILABLE', 'ServiceUnavailable'],
      ['403', 'ACCESS_DENIED', 'AccessDenied'],
      ['404', 'NO_SUCH_KEY', 'NoSuchKey'],
    ] as const)('%s is %s, at the first request', async (kind, code, errorCode) => {
      await order(way, kind)
      const task = way.start(signer, filePath)
      const error: unknown = await task.catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code,
        errorCode,
        errorMessage: expect.stringMatching(/./),
        statusCode: Number(kind),
        requestId: (await struck()).requestId,
        action: way.action,
      })
      expect(sent(way)).toHaveLength(1)
      expect(signer.asked).toEqual([undefined])
      await expectObject(OLD)
      await expectSecondTry(way)
    })
  })
})

describe('a signature that COS refuses for its time', () => {
  const KINDS = [
    ['expired', 'URL_EXPIRED', 'AccessDenied'],
    ['skew', 'CLOCK_SKEW', 'RequestTimeTooSkewed'],
  ] as const

  describe.each(WAYS)('%s', (_name, way) => {
    test.each(KINDS)('%s once: is made again, by the time of COS', async (kind, ..._refusal) => {
      await order(way, kind)
      const seen: unknown[] = []
      await expectDone(
        way,
        way.start(signer, filePath, { onSigned: (signed) => seen.push(signed) }),
      )
      expect(signer.asked).toEqual([undefined, { serverTime: expect.any(Number) }])
      const { serverTime = 0 } = signer.asked[1] ?? {}
      expect(Math.abs(serverTime - Date.now() / 1000)).toBeLessThan(60)
      const [first, second] = sent(way)
      expect(second).not.toBe(first)
      expect(sent(way)).toHaveLength(2)
      expect(seen).toHaveLength(2)
      expect(await recordsOf(way, 2)).toMatchObject([
        { status: 403, fault: kind },
        { status: way === POST ? 204 : 200 },
      ])
    })

    test.each(KINDS)('%s twice: is %s', async (kind, code, errorCode) => {
      await order(way, kind, { times: 2 })
      const task = way.start(signer, filePath)
      const error: unknown = await task.catch((reason: unknown) => reason)
      const [, second] = await recordsOf(way, 2)
      expect(error).toMatchObject({
        code,
        errorCode,
        statusCode: 403,
        requestId: second?.requestId,
      })
      expect(sent(way)).toHaveLength(2)
      await expectObject(OLD)
      await expectSecondTry(way)
    })

    test.each([
      ['slow', TWENTY_MINUTES, 'AccessDenied'],
      ['fast', -TWENTY_MINUTES, 'RequestTimeTooSkewed'],
    ])('a phone that is 20 minutes %s is corrected once', async (_how, ahead, code) => {
      await cloud.stop()
      await startCloud(ahead)
      await expectDone(way, way.start(signer, filePath))
      expect(signer.asked).toHaveLength(2)
      expect(sent(way)).toHaveLength(2)
      const [first] = await recordsOf(way, 2)
      expect(first).toMatchObject({ status: 403, code })

      await expectDone(way, way.start(signer, filePath))
      expect(sent(way)).toHaveLength(3)
    })

    test('a key that COS does not know is requested again, once', async () => {
      const unknown = createSigner('nobody')
      await expect(way.start(unknown, filePath)).rejects.toMatchObject({
        code: 'INVALID_KEY_ID',
        statusCode: 403,
        errorCode: 'InvalidAccessKeyId',
        requestId: expect.stringMatching(/./),
      })
      expect(unknown.asked).toEqual([undefined, { serverTime: expect.any(Number) }])
      expect(sent(way)).toHaveLength(2)
      await expectObject(OLD)
    })
  })
})

describe('what a transfer rejects with', () => {
  test.each(WAYS)('%s: a Failure, whatever the signer throws', async (_name, way) => {
    const thrown = new TypeError('boom')
    const broken = async () => Promise.reject(thrown)
    const transfer = way.start({ signRequest: broken, signPostForm: broken }, filePath)
    await expect(transfer).rejects.toMatchObject({
      code: 'UNEXPECTED',
      errorMessage: 'boom',
      cause: thrown,
    })
  })

  test.each(
    WAYS.flatMap(([name, way]) => [
      { name, way, when: 'at once', inTurn: (tell: () => void) => tell() },
      { name, way, when: 'later', inTurn: (tell: () => void) => void setImmediate().then(tell) },
    ]),
  )('$name: what wx says, when it refuses without a task, $when', async ({ way, inTurn }) => {
    const errMsg = `${way.api}:fail invalid url`
    Object.assign(wx, {
      [way.api]({ fail }: { fail(error: object): void }) {
        inTurn(() => fail({ errMsg }))
      },
    })
    stopClock()
    const controller = new AbortController()
    const { signal } = controller
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    const task = way.start(cloud, filePath, { signal, onProgress })
    await expect(task).rejects.toMatchObject({ code: 'INVALID_REQUEST', errMsg })
    tick(20_000)
    expect(seen).toEqual([])
    expect(() => controller.abort()).not.toThrow()
  })

  test.each(WAYS)('%s: a cancel that comes as the request begins ends it, too', async (_, way) => {
    let aborted = 0
    const controller = new AbortController()
    Object.assign(wx, {
      [way.api]() {
        controller.abort()
        return { abort: () => aborted++, onHeadersReceived() {}, onProgressUpdate() {} }
      },
    })
    const { signal } = controller
    await expect(way.start(cloud, filePath, { signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(aborted).toBe(1)
  })

  test('a refusal without headers, such as that of a proxy', async () => {
    Object.assign(wx, {
      request({ success }: { success(answer: object): void }) {
        success({ statusCode: 502, data: '' })
      },
    })
    const transfer = putObject({ ...cloud, key: 'a', filePath, contentType: 'text/plain' })
    await expect(transfer).rejects.toMatchObject({ code: 'COS_UNAVAILABLE', statusCode: 502 })
  })
})
