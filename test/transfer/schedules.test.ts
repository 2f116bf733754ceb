import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { FaultOrder } from '../../local-cloud/control/faults'
import { randomFrom } from '../../local-cloud/control/random-from'
import { AbortController } from '../../miniprogram/transfer/abort'
import { asFailure } from '../../miniprogram/transfer/failure'
import { multipartUpload, PAUSE } from '../../miniprogram/transfer/multipart-upload'
import type { Uploaded } from '../../miniprogram/transfer/transfer'
import { discardUpload, unfinishedUploads } from '../../miniprogram/transfer/unfinished-uploads'
import { skipWaits } from '../helpers/fake-clock'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { startTransferCloud, type TransferCloud } from './cloud'

/**
 * Random faults and a random person: 100 uploads of 4 parts, or as many as SCHEDULES says. What
 * happens depends on the seed. Every other schedule has damaged bytes, too.
 */
const SCHEDULES = Number(process.env['SCHEDULES'] ?? 100)
const BATCH = 10
const BYTES = randomBytes(3 * 1024 * 1024 + 1234)

let cloud: TransferCloud

beforeAll(async () => {
  skipWaits()
  cloud = await startTransferCloud()
})
afterAll(() => {
  jest.restoreAllMocks()
  return cloud.stop()
})

/** The largest share of all requests that a fault takes: the last ones end an upload. */
const FAULTS = [
  ['503', 0.25],
  ['drop-before', 0.25],
  ['drop-during', 0.25],
  ['drop-after', 0.25],
  ['truncate', 0.25],
  ['expired', 0.1],
  ['skew', 0.1],
  ['403', 0.01],
] as const

/** One to three kinds of faults, each for a share of all requests. */
function randomFaults(random: () => number): FaultOrder[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const [kind, most] = FAULTS[Math.floor(random() * FAULTS.length)] ?? FAULTS[0]
    return { kind, share: 0.001 + random() * most, seed: Math.floor(random() * 2 ** 31) }
  })
}

interface Person {
  /** What they do, once, when so many bytes are confirmed. */
  deed: 'pause' | 'close the app' | 'cancel' | 'wait'
  at: number
  parallel: number
}

function randomPerson(random: () => number): Person {
  const deeds = ['pause', 'pause', 'close the app', 'close the app', 'cancel'] as const
  return {
    deed: deeds[Math.floor(random() * 10)] ?? 'wait',
    at: Math.floor(random() * BYTES.length),
    parallel: 1 + Math.floor(random() * 6),
  }
}

/** Uploads until the end, whatever comes in between. */
async function upload(wx: NodeWx, key: string, { deed, at, parallel }: Person): Promise<Uploaded> {
  const { signRequest } = cloud
  const options = { key, contentType: 'video/mp4', signRequest, parallel }
  const filePath = wx.addTempFile(BYTES)
  const controller = new AbortController()
  let resumed: Promise<Uploaded> | undefined
  const first = multipartUpload({
    ...options,
    filePath,
    signal: controller.signal,
    onProgress({ loaded }) {
      if (deed === 'wait' || loaded < at) return
      controller.abort(deed === 'cancel' ? undefined : PAUSE)
      if (deed === 'pause') resumed = multipartUpload({ ...options, filePath })
    },
  })
  await first.catch(() => undefined)
  const isClosed = deed === 'close the app' && controller.signal.aborted
  if (isClosed) return multipartUpload({ ...options, filePath: wx.addTempFile(BYTES) })
  return resumed ?? first
}

/** Parts that were sent although their 200 had come before. */
function watchParts(wx: NodeWx): string[] {
  const { request } = wx
  const confirmed = new Set<string>()
  const again: string[] = []
  wx.request = (option) => {
    if (option.method !== 'PUT') return request(option)
    const { searchParams } = new URL(option.url)
    const part = `${searchParams.get('partNumber')} of ${searchParams.get('uploadId')}`
    if (confirmed.has(part)) again.push(part)
    const success: typeof option.success = (result) => {
      if (result.statusCode === 200) confirmed.add(part)
      option.success?.(result)
    }
    return request({ ...option, success })
  }
  return again
}

const flipBit = (byte: number, random: () => number) => byte ^ (1 << Math.floor(random() * 7))

/** One bit flips. Text remains text. */
function damagedText(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length)
  const flipped = flipBit(text.charCodeAt(at), random)
  return text.slice(0, at) + String.fromCharCode(flipped) + text.slice(at + 1)
}

function damaged<Data>(data: Data, random: () => number): Data | string | ArrayBuffer {
  if (typeof data === 'string' && data !== '') return damagedText(data, random)
  if (!(data instanceof ArrayBuffer)) return data
  const bytes = new Uint8Array(data.slice(0))
  const at = Math.floor(random() * bytes.length)
  bytes[at] = flipBit(bytes[at] ?? 0, random)
  return bytes.buffer
}

/**
 * A network that flips bits: of bodies on their way to COS, of bodies and ETags on the way back. Gives how to
 * end that.
 */
function damageBytes(wx: NodeWx, random: () => number): () => void {
  const { request } = wx
  let share = random() * 0.1
  const isHit = () => random() < share
  wx.request = (option) => {
    const success: typeof option.success = (result) => {
      const header = { ...result.header }
      const etag = Object.keys(header).find((name) => name.toLowerCase() === 'etag')
      if (etag && isHit()) header[etag] = damagedText(header[etag], random)
      const data = isHit() ? damaged(result.data, random) : result.data
      option.success?.({ ...result, header, data })
    }
    const data = isHit() ? damaged(option.data, random) : option.data
    return request({ ...option, data, success } as typeof option)
  }
  return () => {
    share = 0
  }
}

async function discardAll(): Promise<void> {
  for (const upload of unfinishedUploads()) await discardUpload(upload, cloud.signRequest)
}

/**
 * Parts at COS that belong to no object. An upload without parts can remain: when the response to
 * Initiate was lost, its UploadId is unknown.
 */
async function partsLeft(key: string): Promise<number> {
  const ids = await cloud.uploads(key)
  const lists = ids.map(async (uploadId) => {
    const { url } = await cloud.signRequest({ method: 'GET', key, query: { uploadId } })
    return (await (await fetch(url)).text()).split('<Part>').length - 1
  })
  return (await Promise.all(lists)).reduce((sum, parts) => sum + parts, 0)
}

/** Damaged answers may say anything. */
const DAMAGED = /^(done|(?!UNEXPECTED$)[A-Z_]+)$/
const CLEAR = /^(done|CANCELLED|NETWORK|COS_UNAVAILABLE|URL_EXPIRED|CLOCK_SKEW|ACCESS_DENIED)$/

async function expectGoodEnd(seed: number): Promise<string> {
  const { wx, restore } = installNodeWx()
  const random = randomFrom(seed)
  const key = `schedule ${seed}`
  try {
    const person = randomPerson(random)
    for (const fault of randomFaults(random)) await cloud.control.order(fault)
    const isDamaged = seed % 2 === 0
    const calmNetwork = isDamaged ? damageBytes(wx, randomFrom(seed + 2 ** 16)) : () => {}
    const sentAgain = watchParts(wx)
    const end = await upload(wx, key, person).catch(asFailure)
    await cloud.control.clear()
    calmNetwork()
    const outcome = 'etag' in end ? 'done' : end.code
    expect(outcome).toMatch(isDamaged ? DAMAGED : CLEAR)
    // A canceled upload is discarded without the help of anybody, one that failed may be resumed.
    if (outcome !== 'CANCELLED') await discardAll()
    await until(() => unfinishedUploads().length === 0, 'an empty storage')
    await until(async () => (await partsLeft(key)) === 0, 'no part left')
    const object = await cloud.read(key)
    // A last answer may be lost so often that a failure is told of an upload that is complete.
    const isWhole = object?.equals(BYTES) ?? outcome !== 'done'
    expect(isWhole).toBe(true)
    // What a damaged answer has confirmed, the app may not have seen.
    expect(isDamaged ? [] : sentAgain).toEqual([])
    return outcome
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error })
  } finally {
    await cloud.control.clear()
    await restore()
  }
}

describe('every schedule ends in the identical object, or in a clear failure without remains', () => {
  const outcomes: string[] = []

  test.each(Array.from({ length: SCHEDULES / BATCH }, (_, index) => index * BATCH + 1))(
    `${BATCH} from seed %d on`,
    async (first) => {
      for (let seed = first; seed < first + BATCH; seed++) outcomes.push(await expectGoodEnd(seed))
    },
  )

  test('most of them well, some not', () => {
    const done = outcomes.filter((outcome) => outcome === 'done').length
    expect(outcomes).toHaveLength(SCHEDULES)
    expect(done).toBeGreaterThan(SCHEDULES / 2)
    expect(new Set(outcomes).size).toBeGreaterThan(3)
  })
})
