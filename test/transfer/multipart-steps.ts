import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest } from '@jest/globals'
import { AbortController, type AbortSignal } from '../../miniprogram/transfer/abort'
import type * as MultipartUpload from '../../miniprogram/transfer/multipart-upload'
import type { SignRequest } from '../../miniprogram/transfer/signing'
import type * as UnfinishedUploads from '../../miniprogram/transfer/unfinished-uploads'
import { skipWaits } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { startTransferCloud, type TransferCloud } from './cloud'

export const MB = 1024 * 1024

const HARD_KEY = '照片/a b+c (1)&.png'

export const EIGHT_PARTS = randomBytes(7 * MB + 17)

export let cloud: TransferCloud

let env: ReturnType<typeof installNodeWx>

export let wx: NodeWx

export let waits: number[]

let serial = 0

export let key: string

export let multipartUpload: typeof MultipartUpload.multipartUpload

export let PAUSE: typeof MultipartUpload.PAUSE

export let discardUpload: typeof UnfinishedUploads.discardUpload

export let unfinishedUploads: typeof UnfinishedUploads.unfinishedUploads

/** A launch of the app: its modules are new, the storage of the phone is not. */
export function launch(): void {
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

export function start({ bytes = EIGHT_PARTS, ...options }: Start = {}) {
  const { signRequest } = cloud
  const filePath = options.filePath ?? wx.addTempFile(bytes)
  return multipartUpload({ key, contentType: 'video/mp4', signRequest, ...options, filePath })
}

/** Starts an upload that can be aborted. */
export function begin(options: Start = {}) {
  const controller = new AbortController()
  return { controller, transfer: start({ ...options, signal: controller.signal }) }
}

/** Numbers of the parts that were sent so far, in order. */
export function sent(): number[] {
  return wx.calls
    .filter(({ option }) => option.method === 'PUT')
    .map(({ option }) => Number(new URL(String(option.url)).searchParams.get('partNumber')))
}

export const sentTwice = () => sent().filter((number, index, all) => all.indexOf(number) !== index)

export const calls = (method: string) => wx.calls.filter(({ option }) => option.method === method)

/** The object is there, whole, and nothing else is. */
export async function expectObject(bytes: Uint8Array = EIGHT_PARTS) {
  expect((await cloud.read(key))?.equals(bytes)).toBe(true)
  await expectNothingLeft()
}

export async function expectNothingLeft() {
  await until(async () => (await cloud.uploads(key)).length === 0, 'the end of all uploads')
  await until(() => unfinishedUploads().length === 0, 'an empty storage')
}

interface Controller {
  signal: AbortSignal
  abort(reason?: unknown): void
}

/** Starts an upload, and pauses it when so many parts are confirmed and none is under way. */
export async function startAndPause(
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
export function holdSignature(nth: number) {
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
export function whenDigested(): Promise<void> {
  const files = wx.getFileSystemManager()
  const { getFileInfo } = files
  return new Promise((resolve) => {
    files.getFileInfo = (option) => getFileInfo({ ...option, complete: () => resolve() })
  })
}

export async function expectCancelled(transfer: Promise<unknown>) {
  await expect(transfer).rejects.toMatchObject({ code: 'CANCELLED' })
}

/** Lets a wx.request do what `on` says before it is sent. */
export function beforeRequest(
  on: (option: WechatMiniprogram.RequestOption) => void | Promise<void>,
) {
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

export function write(filePath: string, data: Buffer) {
  return new Promise((success, fail) => {
    const copy = data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer
    wx.getFileSystemManager().writeFile({ filePath, data: copy, success, fail })
  })
}
