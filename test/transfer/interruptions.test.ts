import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { FaultKind } from '../../local-cloud/control/faults'
import { AbortController } from '../../miniprogram/transfer/abort'
import { downloadObject, MAX_DOWNLOAD_BYTES } from '../../miniprogram/transfer/download-object'
import type { Progress } from '../../miniprogram/transfer/progress'
import { stopClock, tick } from '../helpers/fake-clock'
import { until } from '../helpers/until'
import {
  type Signer,
  type Way,
  KEY,
  MB,
  OLD,
  PUT,
  POST,
  DOWNLOAD,
  WAYS,
  UPLOADS,
  cloud,
  wx,
  signer,
  filePath,
  servers,
  isQuiet,
  store,
  sent,
  order,
  readTemp,
  expectObject,
  expectDone,
  expectSecondTry,
} from './fault-steps'

/** A server that is not the local cloud, and a signer for it. */
async function serve(listener: RequestListener): Promise<Signer> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    signRequest: async ({ method }) => ({ url, method, headers: {}, expiresAt: 0 }),
    signPostForm: async () => ({ url, fields: {}, expiresAt: 0 }),
  }
}

describe('downloadObject', () => {
  test('refuses more than 200 MB at the head, and closes the connection', async () => {
    let closed: Promise<unknown> | undefined
    const elsewhere = await serve((_request, response) => {
      closed = once(response, 'close')
      response.writeHead(200, { 'content-length': MAX_DOWNLOAD_BYTES + 1 })
      response.write(Buffer.alloc(64 * 1024))
    })
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    const task = DOWNLOAD.start(elsewhere, '', { onProgress })
    await expect(task).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      limit: 200 * 1024 * 1024,
    })
    await closed
    expect(seen).toEqual([])
    expect(sent(DOWNLOAD)).toHaveLength(1)
  })

  test('takes 200 MB', async () => {
    const elsewhere = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': MAX_DOWNLOAD_BYTES })
      response.write('a', () => response.destroy())
    })
    await expect(DOWNLOAD.start(elsewhere, '')).rejects.toMatchObject({ code: 'NETWORK' })
  })

  test.each([1, 2, 5 * MB])('never takes a half of %d bytes for the whole', async (size) => {
    const bytes = randomBytes(size)
    await store(bytes)
    await order(DOWNLOAD, 'truncate')
    const { signRequest } = signer
    const task = downloadObject({ key: KEY, signRequest })
    await expect(task).rejects.toMatchObject({ code: 'NETWORK' })
    const { tempFilePath } = await downloadObject({ key: KEY, signRequest })
    expect((await readTemp(tempFilePath)).equals(bytes)).toBe(true)
  })

  test.each([200, 404])('nor a half without a length, with status %d', async (status) => {
    const elsewhere = await serve((_request, response) => {
      response.writeHead(status)
      response.write('<Error><Code>NoSuchKey</Code>', () => response.destroy())
    })
    await expect(DOWNLOAD.start(elsewhere, '')).rejects.toMatchObject({ code: 'NETWORK' })
  })

  test('reads why there is no object from the temp file', async () => {
    const { signRequest } = signer
    const error: unknown = await downloadObject({ key: 'never', signRequest }).catch(
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({
      code: 'NO_SUCH_KEY',
      statusCode: 404,
      errorCode: 'NoSuchKey',
      errorMessage: 'The specified key does not exist.',
      requestId: (await cloud.control.recordOf({ path: '/never' })).requestId,
    })
  })
})

describe('cancel', () => {
  beforeEach(stopClock)

  /** A transfer, and whatever it tells. */
  function begin(way: Way, from: Signer = signer, path = filePath) {
    const told: string[] = []
    const controller = new AbortController()
    const transfer = way.start(from, path, {
      signal: controller.signal,
      onSigned: () => void told.push('signed'),
      onProgress: () => void told.push('progress'),
    })
    return { transfer, told, controller }
  }

  /** Aborts twice. It has ended before anything else happens, and from then on it tells nothing. */
  async function expectCancelled({ transfer, told, controller }: ReturnType<typeof begin>) {
    const before = [...told]
    controller.abort()
    tick(20_000)
    controller.abort()
    const outcome = transfer.then(
      () => 'success',
      ({ code }: { code: string }) => code,
    )
    expect(await Promise.race([outcome, setImmediate('nothing yet')])).toBe('CANCELLED')
    return async () => {
      await isQuiet()
      tick(20_000)
      expect(told).toEqual(before)
    }
  }

  const hasEnded = (fault: FaultKind) =>
    until(async () => (await cloud.control.list()).find((record) => record.fault === fault))
  const isStruck = () => until(async () => (await cloud.control.pending()).length === 0)

  test.each(WAYS)('%s: as it begins, while the size is asked', async (_name, way) => {
    const run = begin(way)
    const checkSilence = await expectCancelled(run)
    await cloud.read(KEY)
    await checkSilence()
    expect(run.told).toEqual([])
    expect(sent(way)).toEqual([])
    expect(signer.asked).toHaveLength(way === DOWNLOAD ? 1 : 0)
  })

  test.each(WAYS)('%s: while it is signed', async (_name, way) => {
    let release = () => {}
    let isAsked = false
    const released = new Promise<void>((resolve) => (release = resolve))
    const wait = () => {
      isAsked = true
      return released
    }
    const run = begin(way, {
      signRequest: (request) => wait().then(() => signer.signRequest(request)),
      signPostForm: (form) => wait().then(() => signer.signPostForm(form)),
    })
    await until(() => isAsked, 'the signer')
    const checkSilence = await expectCancelled(run)
    release()
    await cloud.read(KEY)
    await checkSilence()
    expect(signer.asked).toHaveLength(1)
    expect(sent(way)).toEqual([])
  })

  test.each(WAYS)('%s: before it begins', async (_name, way) => {
    const controller = new AbortController()
    controller.abort()
    const { signal } = controller
    await expect(way.start(signer, filePath, { signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    await cloud.read(KEY)
    expect(signer.asked).toEqual([])
    expect(wx.calls).toEqual([])
  })

  test.each(WAYS)('%s: by a native AbortController', async (_name, way) => {
    await order(way, 'slow')
    const small = wx.addTempFile('small')
    const native = new globalThis.AbortController()
    const transfer = way.start(signer, small, { signal: native.signal })
    await isStruck()
    native.abort()
    await expect(transfer).rejects.toMatchObject({ code: 'CANCELLED' })
    await hasEnded('slow')
    await isQuiet()
    await expectObject(OLD)
    const again = way.start(signer, small, { signal: native.signal })
    await expect(again).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(sent(way)).toHaveLength(1)
  })

  test.each(WAYS)('%s: as it is signed', async (_name, way) => {
    const controller = new AbortController()
    const { signal } = controller
    const transfer = way.start(signer, filePath, { signal, onSigned: () => controller.abort() })
    await expect(transfer).rejects.toMatchObject({ code: 'CANCELLED' })
    await isQuiet()
    await expectObject(OLD)
    const records = await until(async () => {
      const all = await cloud.control.list()
      return all.length > 1 ? all : undefined
    })
    expect(records.map(({ method }) => method)).toEqual(['GET', 'PUT']) // those of this test
  })

  test.each(UPLOADS)('%s: while the body is sent', async (_name, way) => {
    await order(way, 'slow', { rate: 20 * MB }) // its end would take two seconds
    const run = begin(way, signer, wx.addTempFile(randomBytes(40 * MB)))
    await isStruck()
    await until(() => way === PUT || run.told.includes('progress'))
    const checkSilence = await expectCancelled(run)
    expect((await hasEnded('slow')).bytesIn).toBeLessThan(40 * MB)
    await checkSilence()
    await expectObject(OLD)
    expect(sent(way)).toHaveLength(1)
    await expectSecondTry(way)
  })

  test.each(WAYS)('%s: while the answer is awaited', async (_name, way) => {
    await order(way, 'slow')
    const run = begin(way, signer, wx.addTempFile('small'))
    await isStruck()
    const checkSilence = await expectCancelled(run)
    await hasEnded('slow')
    await checkSilence()
    await expectObject(OLD)
    expect(sent(way)).toHaveLength(1)
    await expectSecondTry(way)
  })

  test('downloadObject: while the body comes', async () => {
    await order(DOWNLOAD, 'slow', { rate: 2 * MB })
    const run = begin(DOWNLOAD)
    await until(() => run.told.includes('progress'))
    const checkSilence = await expectCancelled(run)
    expect((await hasEnded('slow')).bytesOut).toBeLessThan(OLD.length)
    await checkSilence()
    await expectSecondTry(DOWNLOAD)
  })

  test.each(WAYS)('%s: while it is signed again', async (_name, way) => {
    await order(way, 'expired')
    let isAsked = () => {}
    const again = new Promise<void>((resolve) => (isAsked = resolve))
    const never = new Promise<never>(() => {})
    const run = begin(way, {
      signRequest: (request) => (request.renew ? (isAsked(), never) : signer.signRequest(request)),
      signPostForm: (form) => (form.renew ? (isAsked(), never) : signer.signPostForm(form)),
    })
    await again
    const checkSilence = await expectCancelled(run)
    await checkSilence()
    expect(sent(way)).toHaveLength(1)
    await expectObject(OLD)
  })

  test.each(WAYS)('%s: after its end, it changes nothing', async (_name, way) => {
    const { transfer, told, controller } = begin(way)
    await transfer
    const before = [...told]
    controller.abort()
    tick(20_000)
    await expectDone(way, transfer)
    expect(told).toEqual(before)
  })

  test.each(WAYS)('%s: after it failed, the failure stays', async (_name, way) => {
    await order(way, '503')
    const { transfer, told, controller } = begin(way)
    await expect(transfer).rejects.toMatchObject({ code: 'COS_UNAVAILABLE' })
    const before = [...told]
    controller.abort()
    tick(20_000)
    await expect(transfer).rejects.toMatchObject({ code: 'COS_UNAVAILABLE' })
    expect(told).toEqual(before)
  })
})

describe('a server that stops in the middle', () => {
  beforeEach(stopClock)

  /** Moves the clock in small steps until there is a report like this. */
  const tickUntil = (isThere: () => boolean) =>
    until(() => {
      tick(100)
      return isThere()
    })

  test('downloadObject is stalled after 10 s, until bytes flow again', async () => {
    let goOn = (_bytes: number) => {}
    const elsewhere = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 3 * MB, 'x-cos-request-id': 'id' })
      response.write(Buffer.alloc(MB))
      goOn = (bytes) => void response.write(Buffer.alloc(bytes))
    })
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    const task = DOWNLOAD.start(elsewhere, '', { onProgress })
    await tickUntil(() => seen.at(-1)?.loaded === MB)
    tick(9000)
    expect(seen.map(({ stalled }) => stalled)).not.toContain(true)

    tick(1000)
    const stalledAt = seen.length - 1
    expect(seen.at(-1)).toEqual({
      loaded: MB,
      total: 3 * MB,
      percent: 33,
      speed: 0,
      secondsLeft: undefined,
      stalled: true,
      retry: 0,
    })
    tick(60_000)
    expect(seen).toHaveLength(stalledAt + 1)

    goOn(MB)
    await tickUntil(() => (seen.at(-1)?.loaded ?? 0) > MB)
    expect(seen.at(-1)).toMatchObject({ total: 3 * MB, stalled: false })
    expect(seen.at(-1)?.speed).toBeGreaterThan(0)
    goOn(MB)
    expect(await task).toMatchObject({ size: 3 * MB })
    expect(seen.at(-1)).toMatchObject({ percent: 100, stalled: false })
  })

  test('postObject is stalled after 10 s, until bytes flow again', async () => {
    let goOn = () => {}
    const elsewhere = await serve((request, response) => {
      request.once('data', () => request.pause())
      goOn = () => request.resume()
      request.on('end', () =>
        response.writeHead(204, { 'x-cos-request-id': 'id', etag: '"none"' }).end(),
      )
    })
    const seen: Progress[] = []
    const onProgress = (progress: Progress) => seen.push(progress)
    const path = wx.addTempFile(Buffer.alloc(40 * MB))
    const task = POST.start(elsewhere, path, { onProgress })
    await tickUntil(() => seen.length > 1)
    tick(10_000)
    expect(seen.at(-1)).toMatchObject({ speed: 0, stalled: true })
    expect(seen.at(-1)?.percent).toBeLessThan(100)
    const before = seen.length

    goOn()
    await tickUntil(() => seen.at(-1)?.stalled === false)
    expect(seen.at(-1)?.loaded).toBeGreaterThan(seen[before - 1]?.loaded ?? Infinity)
    expect(await task).toMatchObject({ size: 40 * MB, requestId: 'id' })
    expect(seen.at(-1)).toMatchObject({ percent: 100, stalled: false })
  })
})

describe('progress', () => {
  /** Each event of wx is 10 ms after the one before. */
  function spaced(): void {
    const { uploadFile, downloadFile } = wx
    wx.uploadFile = (option) => {
      const task = uploadFile(option)
      task.onProgressUpdate(() => tick(10))
      return task
    }
    wx.downloadFile = (option) => {
      const task = downloadFile(option)
      task.onProgressUpdate(() => tick(10))
      return task
    }
  }

  test.each([POST, DOWNLOAD].map((way) => [way.name, way] as const))(
    '%s reports at most ten times in a second, and the end',
    async (_name, way) => {
      const bytes = randomBytes(16 * MB)
      await store(bytes)
      stopClock()
      spaced()
      const times: number[] = []
      const seen: Progress[] = []
      const onProgress = (progress: Progress) => {
        times.push(Date.now())
        seen.push(progress)
      }
      await way.start(signer, wx.addTempFile(bytes), { onProgress })
      const gaps = times.slice(1, -1).map((time, index) => time - (times[index] ?? 0))
      expect(gaps.length).toBeGreaterThan(5)
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100)
      expect(seen.at(-1)).toMatchObject({ percent: 100 })
      const loaded = seen.map((progress) => progress.loaded)
      expect(loaded).toEqual(loaded.toSorted((a, b) => a - b))
      expect(seen.map(({ stalled }) => stalled)).not.toContain(true)
    },
  )
})
