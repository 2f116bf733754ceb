import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { FaultKind } from '../../local-cloud/control/faults'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import COS from '../../miniprogram/cos/index'
import { AbortController } from '../../miniprogram/transfer/abort'
import {
  downloadObject,
  MAX_DOWNLOAD_BYTES,
  type Downloaded,
} from '../../miniprogram/transfer/download-object'
import { postObject } from '../../miniprogram/transfer/post-object'
import type { Progress } from '../../miniprogram/transfer/progress'
import { putObject } from '../../miniprogram/transfer/put-object'
import type { Renewal, SignedForm, SignedRequest } from '../../miniprogram/transfer/signing'
import type { TransferOptions, Uploaded } from '../../miniprogram/transfer/transfer'
import { stopClock, tick } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { ACCOUNT, startTransferCloud, type TransferCloud } from './cloud'

type Signer = Pick<TransferCloud, 'signRequest' | 'signPostForm'>
type Options = Omit<TransferOptions<SignedForm | SignedRequest>, 'key'>
type Transfer = Promise<Uploaded | Downloaded>

interface Way {
  name: string
  method: 'PUT' | 'POST' | 'GET'
  /** The wx API that it takes. */
  api: string
  action: string
  start(signer: Signer, filePath: string, options?: Options): Transfer
}

const KEY = '照片/a b+c (1)&.png'
const TYPE = 'image/png'
const MB = 1024 * 1024
const OLD = randomBytes(MB)
const NEW = randomBytes(MB + 17)
const TWENTY_MINUTES = 20 * 60_000

const PUT: Way = {
  name: 'putObject',
  method: 'PUT',
  api: 'request',
  action: 'name/cos:PutObject',
  start: ({ signRequest }, filePath, options) =>
    putObject({ key: KEY, filePath, contentType: TYPE, signRequest, ...options }),
}
const POST: Way = {
  name: 'postObject',
  method: 'POST',
  api: 'uploadFile',
  action: 'name/cos:PostObject',
  start: ({ signPostForm }, filePath, options) =>
    postObject({ key: KEY, filePath, contentType: TYPE, signPostForm, ...options }),
}
const DOWNLOAD: Way = {
  name: 'downloadObject',
  method: 'GET',
  api: 'downloadFile',
  action: 'name/cos:GetObject',
  start: ({ signRequest }, _filePath, options) =>
    downloadObject({ key: KEY, signRequest, ...options }),
}
const WAYS = [PUT, POST, DOWNLOAD].map((way) => [way.name, way] as const)
const UPLOADS = WAYS.filter(([, way]) => way !== DOWNLOAD)

let cloud: TransferCloud
let env: ReturnType<typeof installNodeWx>
let wx: NodeWx
let signer: ReturnType<typeof createSigner>
let filePath: string
let servers: Server[]
let underWay: number

beforeEach(async () => {
  env = installNodeWx()
  ;({ wx } = env)
  countCalls()
  filePath = wx.addTempFile(NEW)
  servers = []
  await startCloud()
})
afterEach(async () => {
  for (const server of servers) server.closeAllConnections()
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  await cloud.stop()
  await isQuiet()
  await env.restore()
  jest.useRealTimers()
})

/** Counts the network calls of wx that have not ended. */
function countCalls(): void {
  underWay = 0
  const counted =
    <Option extends { complete?: unknown }, Task>(call: (option: Option) => Task) =>
    (option: Option): Task => {
      underWay++
      const complete = (result: unknown) => {
        underWay--
        ;(option.complete as ((result: unknown) => void) | undefined)?.(result)
      }
      return call({ ...option, complete })
    }
  wx.request = counted(wx.request)
  wx.uploadFile = counted(wx.uploadFile)
  wx.downloadFile = counted(wx.downloadFile)
}

/** A transfer that was cancelled has ended before what it started. */
const isQuiet = () => until(() => underWay === 0, 'the end of every wx call')

/** Starts a cloud that is ahead of the phone by so many milliseconds, and has the old object. */
async function startCloud(ahead = 0): Promise<void> {
  cloud = await startTransferCloud(() => Date.now() + ahead)
  signer = createSigner()
  await store(OLD)
}

/**
 * Signs by the phone's clock. A renewal gets another lifetime, too, so that its signature differs
 * within the same second.
 */
function createSigner(SecretId = ACCOUNT.SecretId) {
  const { signRequest, signPostForm } = new COS({ ...ACCOUNT, SecretId, Domain: cloud.host })
  const asked: (Renewal | undefined)[] = []
  const noted = <Request extends { renew?: Renewal; expires?: number }>(request: Request) => {
    asked.push(request.renew)
    return { ...request, expires: request.renew ? 600 : 900 }
  }
  return {
    /** What was said about the signature before, for each one that was asked for. */
    asked,
    signRequest: async (request) => signRequest(noted(request)),
    signPostForm: async (form) => signPostForm(noted(form)),
  } satisfies Signer & { asked: unknown }
}

async function store(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'Content-Type': TYPE }
  const { url } = await cloud.signRequest({ method: 'PUT', key: KEY, headers })
  expect((await fetch(url, { method: 'PUT', headers, body: bytes })).status).toBe(200)
}

/** Signatures that were sent to COS in this way so far, in order. */
function sent({ api }: Way): string[] {
  return wx.calls
    .filter((call) => call.api === api)
    .map(({ option: { url, formData } }) => {
      const form = formData as Record<string, string> | undefined
      return form?.['q-signature'] ?? new URL(String(url)).searchParams.get('q-signature') ?? ''
    })
}

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

async function order(way: Way, kind: FaultKind, more: { times?: number; rate?: number } = {}) {
  const delay = kind === 'slow' && more.rate === undefined ? { delay: 100_000 } : {}
  await cloud.control.order({ kind, match: { method: way.method }, ...delay, ...more })
}

async function readTemp(path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const success = ({ data }: { data: string | ArrayBuffer }) =>
      resolve(Buffer.from(data as ArrayBuffer))
    wx.getFileSystemManager().readFile({ filePath: path, success, fail: reject })
  })
}

async function readObject(): Promise<Buffer> {
  const response = await fetch((await cloud.signRequest({ method: 'GET', key: KEY })).url)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

async function expectObject(bytes: Uint8Array): Promise<void> {
  expect((await readObject()).equals(bytes)).toBe(true)
}

/** It ended well: every byte is where it belongs. */
async function expectDone(way: Way, transfer: Transfer): Promise<void> {
  const done = await transfer
  const bytes = way === DOWNLOAD ? OLD : NEW
  expect(done).toMatchObject({ key: KEY, size: bytes.length })
  expect(done.etag).toMatch(/^"[0-9a-f]{32}"$/)
  expect(done.requestId).not.toBe('')
  const arrived = 'tempFilePath' in done ? readTemp(done.tempFilePath) : readObject()
  expect((await arrived).equals(bytes)).toBe(true)
}

/** The chosen file is still there. */
const expectSecondTry = (way: Way) => expectDone(way, way.start(signer, filePath))

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
      requestId: (await cloud.control.recordOf('/never')).requestId,
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
