import { createHash, randomBytes } from 'node:crypto'
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
import COS from '../../miniprogram/cos/index'
import { serverSigning } from '../../miniprogram/signing/server-signed'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { AbortController, type AbortSignal } from '../../miniprogram/transfer/abort'
import { downloadObject, type Downloaded } from '../../miniprogram/transfer/download-object'
import { asFailure } from '../../miniprogram/transfer/failure'
import { createMultipartCalls } from '../../miniprogram/transfer/multipart-calls'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import type { SignPostForm, SignRequest } from '../../miniprogram/transfer/signing'
import type { Uploaded } from '../../miniprogram/transfer/transfer'
import { expectTable } from '../helpers/docs-table'
import { skipWaits } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { ACCOUNT, startTransferCloud, type TransferCloud } from './cloud'
import { startHostileCos, type HostileCos } from './hostile-cos'
import {
  operationOf,
  outcomeRows,
  SITUATIONS,
  WAYS,
  type Situation,
  type Way,
} from './hostile-situations'

const MB = 2 ** 20
const TYPE = 'video/mp4'
const BYTES = randomBytes(MB + 17)
const PART = BYTES.buffer.slice(BYTES.byteOffset, BYTES.byteOffset + MB) as ArrayBuffer
const md5 = (data: Uint8Array) => createHash('md5').update(data).digest('hex')

/** Milliseconds, in place of a minute and more, for requests that get no answer. */
const TIMEOUT = 250

const CARRIERS = {
  PUT: 'PutObject',
  'POST form': 'PostObject',
  multipart: 'UploadPart',
  download: 'GetObject',
} as const

let cloud: TransferCloud
let hostile: HostileCos
let env: ReturnType<typeof installNodeWx>
let wx: NodeWx
let serial = 0

beforeAll(async () => {
  cloud = await startTransferCloud()
  hostile = await startHostileCos(cloud.host)
})
afterAll(async () => {
  await hostile.stop()
  await cloud.stop()
})
beforeEach(() => {
  env = installNodeWx({ storage: { 'server-url': `http://${hostile.host}` } })
  ;({ wx } = env)
  skipWaits()
})
afterEach(async () => {
  hostile.calm()
  jest.restoreAllMocks()
  await env.restore()
})

interface Phone {
  /** Files that the transfer wrote, and those that it received. */
  files: string[]
  /** Timeouts in milliseconds, as the transfer gave them. */
  timeouts: (number | undefined)[]
  /** wx calls that have not ended. */
  underWay: number
}

/** Watches the phone, and has some requests time out soon. */
function watchPhone(isUnanswered: (request: { method: string; url: string }) => boolean): Phone {
  const phone: Phone = { files: [], timeouts: [], underWay: 0 }
  const watched =
    <Option extends { url: string; timeout?: number; complete?: unknown; success?: unknown }, Task>(
      call: (option: Option) => Task,
      fixedMethod?: string,
    ) =>
    (option: Option): Task => {
      phone.underWay++
      phone.timeouts.push(option.timeout)
      const method = fixedMethod ?? (option as { method?: string }).method ?? 'GET'
      const timeout = isUnanswered({ method, url: option.url }) ? TIMEOUT : option.timeout
      return call({
        ...option,
        timeout,
        success(result: { tempFilePath?: string }) {
          if (result.tempFilePath) phone.files.push(result.tempFilePath)
          ;(option.success as (result: unknown) => void)(result)
        },
        complete: () => phone.underWay--,
      })
    }
  wx.request = watched(wx.request)
  wx.uploadFile = watched(wx.uploadFile, 'POST')
  wx.downloadFile = watched(wx.downloadFile, 'GET')
  const files = wx.getFileSystemManager()
  const { writeFile } = files
  files.writeFile = (option) => {
    if (option.filePath.startsWith(wx.env.USER_DATA_PATH)) phone.files.push(option.filePath)
    return writeFile(option)
  }
  return phone
}

const exists = (path: string) =>
  new Promise<boolean>((resolve) => {
    const [success, fail] = [() => resolve(true), () => resolve(false)]
    wx.getFileSystemManager().access({ path, success, fail })
  })

const readLocal = (filePath: string) =>
  new Promise<Buffer>((resolve, reject) => {
    const success = ({ data }: { data: string | ArrayBuffer }) =>
      resolve(Buffer.from(data as ArrayBuffer))
    wx.getFileSystemManager().readFile({ filePath, success, fail: reject })
  })

interface Signers {
  signRequest: SignRequest
  signPostForm: SignPostForm
}

function signersFor({ signer, server }: Situation): Signers {
  if (server) {
    const signing = server['/credentials'] ? temporaryKeySigning : serverSigning
    return signing(createSession())
  }
  const right = new COS({ ...ACCOUNT, Domain: hostile.host })
  if (!signer) return right
  return {
    signRequest: async (request) => signer(await right.signRequest(request)) as never,
    signPostForm: async (form) => signer(await right.signPostForm(form)) as never,
  }
}

/** Begins an upload of this file, sends its first part, and keeps its entry. */
async function storeUnfinished(key: string, stored: NonNullable<Situation['stored']>) {
  const digest = md5(BYTES)
  const calls = createMultipartCalls({ key, signRequest: cloud.signRequest })
  const uploadId = await calls.initiate({ 'Content-Type': TYPE }, digest)
  await calls.uploadPart(uploadId, { number: 1, data: PART, md5: md5(new Uint8Array(PART)) })
  const entry = { key, size: BYTES.length, digest, uploadId, partSize: MB }
  wx.setStorageSync(`unfinished-upload:${uploadId}`, stored(entry))
}

async function storeObject(key: string) {
  const { url, method, headers } = await cloud.signRequest({ method: 'PUT', key })
  expect((await fetch(url, { method, headers, body: BYTES })).status).toBe(200)
}

function start(
  way: Way,
  { key, filePath, signal }: { key: string; filePath: string; signal: AbortSignal },
  { signRequest, signPostForm }: Signers,
): Promise<Uploaded | Downloaded> {
  const file = { key, filePath, signal, contentType: TYPE }
  if (way === 'PUT') return putObject({ ...file, signRequest })
  if (way === 'POST form') return postObject({ ...file, signPostForm })
  if (way === 'multipart') return multipartUpload({ ...file, signRequest })
  return downloadObject({ key, signal, signRequest })
}

/** Attacks, and gives whether the first attack has begun. */
function attack(way: Way, { attack, on, times = Infinity, server }: Situation) {
  let attacks = 0
  const isTarget = (request: { method: string; url: string }) =>
    on === 'all' || operationOf(request) === (on ?? CARRIERS[way])
  if (attack) hostile.attack(attack, (request) => isTarget(request) && attacks++ < times)
  if (server)
    hostile.attack(
      ({ url }) => server[url] ?? 'drop',
      () => true,
    )
  return { isTarget: attack ? isTarget : () => false, hasBegun: () => attacks > 0 }
}

async function expectOutcome(way: Way, situation: Situation): Promise<void> {
  const key = `situation ${++serial}`
  if (way === 'download') await storeObject(key)
  if (situation.stored) await storeUnfinished(key, situation.stored)
  const filePath = wx.addTempFile(BYTES)
  const { isTarget, hasBegun } = attack(way, situation)
  situation.phone?.(wx)
  const isTimeout = situation.outcomes[way] === 'TIMEOUT'
  const phone = watchPhone((request) => isTimeout && isTarget(request))
  const controller = new AbortController()
  const transfer = start(way, { key, filePath, signal: controller.signal }, signersFor(situation))
  if (situation.isCancelled) void until(hasBegun).then(() => controller.abort())
  const end = await transfer.catch(asFailure)
  const isSuccess = !('code' in end)

  const outcome = !isSuccess ? end.code : end.verified ? 'verified' : 'not verified'
  expect(outcome).toBe(situation.outcomes[way])
  if (isSuccess) await expectRightBytes(end)
  const isReceived = isSuccess && 'tempFilePath' in end
  const remains = phone.files.filter((path) => !isReceived || path !== end.tempFilePath)
  await until(() => phone.underWay === 0, 'the end of every call')
  for (const path of remains) await until(async () => !(await exists(path)), `no ${path}`)
  for (const timeout of phone.timeouts) expect(timeout).toBeGreaterThan(0)
}

async function expectRightBytes(end: Uploaded | Downloaded): Promise<void> {
  const bytes =
    'tempFilePath' in end ? await readLocal(end.tempFilePath) : await cloud.read(end.key)
  expect(bytes?.equals(BYTES)).toBe(true)
  expect(end.size).toBe(BYTES.length)
}

describe.each(WAYS)('%s', (way) => {
  const situations = SITUATIONS.filter(({ outcomes }) => outcomes[way] !== undefined)
  test.each(situations.map((situation) => [situation.name, situation] as const))(
    '%s',
    (_, situation) => expectOutcome(way, situation),
  )
})

describe('the situations', () => {
  test('are many, and each is told from the others', () => {
    const names = SITUATIONS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(60)
  })

  test('stand with their outcomes in the README', () => {
    expectTable('miniprogram/transfer/README.md', 'test/transfer/hostile', outcomeRows())
  })
})
