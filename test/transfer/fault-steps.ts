import { randomBytes } from 'node:crypto'
import { type Server } from 'node:http'
import { afterEach, beforeEach, expect, jest } from '@jest/globals'
import type { FaultKind } from '../../local-cloud/control/faults'
import COS from '../../miniprogram/cos/index'
import { downloadObject, type Downloaded } from '../../miniprogram/transfer/download-object'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import type { Renewal, SignedForm, SignedRequest } from '../../miniprogram/transfer/signing'
import type { TransferOptions, Uploaded } from '../../miniprogram/transfer/transfer'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { ACCOUNT, startTransferCloud, type TransferCloud } from './cloud'

export type Signer = Pick<TransferCloud, 'signRequest' | 'signPostForm'>

type Options = Omit<TransferOptions<SignedForm | SignedRequest>, 'key'>

type Transfer = Promise<Uploaded | Downloaded>

export interface Way {
  name: string
  method: 'PUT' | 'POST' | 'GET'
  /** The wx API that it takes. */
  api: string
  action: string
  start(signer: Signer, filePath: string, options?: Options): Transfer
}

export const KEY = '照片/a b+c (1)&.png'

const TYPE = 'image/png'

export const MB = 1024 * 1024

export const OLD = randomBytes(MB)

export const NEW = randomBytes(MB + 17)

export const PUT: Way = {
  name: 'putObject',
  method: 'PUT',
  api: 'request',
  action: 'name/cos:PutObject',
  start: ({ signRequest }, filePath, options) =>
    putObject({ key: KEY, filePath, contentType: TYPE, signRequest, ...options }),
}

export const POST: Way = {
  name: 'postObject',
  method: 'POST',
  api: 'uploadFile',
  action: 'name/cos:PostObject',
  start: ({ signPostForm }, filePath, options) =>
    postObject({ key: KEY, filePath, contentType: TYPE, signPostForm, ...options }),
}

export const DOWNLOAD: Way = {
  name: 'downloadObject',
  method: 'GET',
  api: 'downloadFile',
  action: 'name/cos:GetObject',
  start: ({ signRequest }, _filePath, options) =>
    downloadObject({ key: KEY, signRequest, ...options }),
}

export const WAYS = [PUT, POST, DOWNLOAD].map((way) => [way.name, way] as const)

export const UPLOADS = WAYS.filter(([, way]) => way !== DOWNLOAD)

export let cloud: TransferCloud

let env: ReturnType<typeof installNodeWx>

export let wx: NodeWx

export let signer: ReturnType<typeof createSigner>

export let filePath: string

export let servers: Server[]

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

/** A transfer that was canceled has ended before what it started. */
export const isQuiet = () => until(() => underWay === 0, 'the end of every wx call')

/** Starts a cloud that is ahead of the phone by so many milliseconds, and has the old object. */
export async function startCloud(ahead = 0): Promise<void> {
  cloud = await startTransferCloud(() => Date.now() + ahead)
  signer = createSigner()
  await store(OLD)
}

/**
 * Signs by the phone's clock. A renewal gets another lifetime, too, so that its signature differs
 * within the same second.
 */
export function createSigner(SecretId = ACCOUNT.SecretId) {
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

export async function store(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'Content-Type': TYPE }
  const { url } = await cloud.signRequest({ method: 'PUT', key: KEY, headers })
  expect((await fetch(url, { method: 'PUT', headers, body: bytes })).status).toBe(200)
}

/** Signatures that were sent to COS in this way so far, in order. */
export function sent({ api }: Way): string[] {
  return wx.calls
    .filter((call) => call.api === api)
    .map(({ option: { url, formData } }) => {
      const form = formData as Record<string, string> | undefined
      return form?.['q-signature'] ?? new URL(String(url)).searchParams.get('q-signature') ?? ''
    })
}

export async function order(
  way: Way,
  kind: FaultKind,
  more: { times?: number; rate?: number } = {},
) {
  const delay = kind === 'slow' && more.rate === undefined ? { delay: 100_000 } : {}
  await cloud.control.order({ kind, match: { method: way.method }, ...delay, ...more })
}

export async function readTemp(path: string): Promise<Buffer> {
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

export async function expectObject(bytes: Uint8Array): Promise<void> {
  expect((await readObject()).equals(bytes)).toBe(true)
}

/** It ended well: every byte is where it belongs. */
export async function expectDone(way: Way, transfer: Transfer): Promise<void> {
  const done = await transfer
  const bytes = way === DOWNLOAD ? OLD : NEW
  expect(done).toMatchObject({ key: KEY, size: bytes.length })
  expect(done.etag).toMatch(/^"[0-9a-f]{32}"$/)
  expect(done.requestId).not.toBe('')
  const arrived = 'tempFilePath' in done ? readTemp(done.tempFilePath) : readObject()
  expect((await arrived).equals(bytes)).toBe(true)
}

/** The chosen file is still there. */
export const expectSecondTry = (way: Way) => expectDone(way, way.start(signer, filePath))
