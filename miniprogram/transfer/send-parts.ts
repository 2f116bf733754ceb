import type { SignedRequest } from '../cos/types'
import { failure } from './failure'
import { readRange } from './file'
import type { ConfirmedPart, MultipartCalls } from './multipart-calls'
import { createProgress } from './progress'
import { retry } from './retry'
import type { Steps, TransferOptions } from './task'
import type { UnfinishedUpload } from './unfinished-uploads'

const MB = 1024 * 1024
/** COS takes parts numbered 1 to 10,000, each of at least 1 MB but for the last (436/7750). */
export const MOST_PARTS = 10_000
export const SMALLEST_PART = MB
/** Bytes: `parallel` parts are in memory at once. */
export const LARGEST_PART = 16 * MB
/** Bytes: what 10,000 parts of 16 MB hold, 156 GB. */
export const MULTIPART_LIMIT = MOST_PARTS * LARGEST_PART
/** Parts aimed at: fine steps of progress, little to send again, not too many requests. */
const WANTED_PARTS = 200
/** Milliseconds. Only whole parts are seen, and on a weak network one takes its time. */
const STALL_AFTER = 120_000

/** Bytes of each part but the last: whole megabytes, 1 to 16. */
export function partSizeFor(size: number): number {
  const wanted = Math.ceil(size / WANTED_PARTS / MB) * MB
  return Math.min(LARGEST_PART, Math.max(SMALLEST_PART, wanted))
}

/** What is sent, and how. */
export interface Sending extends Pick<TransferOptions, 'onStart' | 'onProgress'> {
  upload: UnfinishedUpload
  filePath: string
  parallel?: number
}

/** Sends the parts that COS does not have yet, and gives all parts as COS lists them. */
export async function sendParts(
  steps: Steps,
  calls: MultipartCalls,
  sending: Sending,
): Promise<ConfirmedPart[]> {
  const ranges = rangesOf(sending.upload)
  const isRight = ({ number, size }: ConfirmedPart) => ranges[number - 1]?.length === size
  const list = async () => (await listAll(steps, calls, sending.upload.uploadId)).filter(isRight)
  let parts = await list()
  for (let tries = 0; tries < 2 && parts.length < ranges.length; tries++) {
    const confirmed = new Set(parts.map(({ number }) => number))
    await sendRanges(steps, calls, sending, ranges, confirmed)
    parts = await list()
  }
  if (parts.length < ranges.length) throw failure('NOT_VERIFIED')
  return parts
}

/** Where a part lies in the file, in bytes. */
interface PartRange {
  number: number
  position: number
  length: number
}

/** An empty file has one part, too. */
function rangesOf({ size, partSize }: UnfinishedUpload): PartRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / partSize)) }, (_, index) => {
    const position = index * partSize
    return { number: index + 1, position, length: Math.min(partSize, size - position) }
  })
}

async function sendRanges(
  steps: Steps,
  calls: MultipartCalls,
  { upload, filePath, parallel = 3, onStart, onProgress }: Sending,
  ranges: PartRange[],
  confirmed: Set<number>,
): Promise<void> {
  const { size, uploadId } = upload
  const queue = ranges.filter(({ number }) => !confirmed.has(number))
  let loaded = queue.reduce((rest, { length }) => rest - length, size)
  const progress = createProgress(onProgress, {
    clock: steps.clock,
    loaded,
    total: size,
    stallAfter: STALL_AFTER,
  })
  const ended = steps.running({ abort: progress.end })
  progress.update(loaded, size)
  let start = onStart
  const onSigned = (signed: SignedRequest) => {
    start?.(signed)
    start = undefined
  }
  const worker = async () => {
    const buffer = new ArrayBuffer(Math.min(upload.partSize, size))
    for (let range = queue.shift(); range; range = queue.shift()) {
      await sendRange(steps, calls, { ...range, uploadId, filePath, buffer, onSigned })
      loaded += range.length
      progress.update(loaded, size)
    }
  }
  try {
    await Promise.all(Array.from({ length: parallel }, worker))
  } finally {
    progress.end()
    ended()
  }
}

/** Sends one part. Where an answer was lost, it asks first whether COS has the part all the same. */
function sendRange(
  steps: Steps,
  calls: MultipartCalls,
  part: PartRange & {
    uploadId: string
    filePath: string
    buffer: ArrayBuffer
    onSigned: (signed: SignedRequest) => void
  },
): Promise<void> {
  const { uploadId, filePath, number, position, length, buffer, onSigned } = part
  return retry(steps, async (before) => {
    if (before) {
      const { parts } = await calls.listParts(uploadId, number - 1, 1)
      const [listed] = parts
      if (listed?.number === number && listed.size === length) return
    }
    const data = await steps.step(readRange(filePath, position, length, buffer))
    await calls.uploadPart(uploadId, { number, data }, onSigned)
  })
}

async function listAll(
  steps: Steps,
  calls: MultipartCalls,
  uploadId: string,
): Promise<ConfirmedPart[]> {
  const all: ConfirmedPart[] = []
  let after = 0
  for (;;) {
    const { parts, next } = await retry(steps, () => calls.listParts(uploadId, after))
    all.push(...parts)
    if (next === undefined) return all
    after = next
  }
}
