import type { SignedRequest } from '../cos/types'
import { failure } from './failure'
import { readRange } from './file'
import type { ConfirmedPart, MultipartCalls } from './multipart-calls'
import { createProgress } from './progress'
import { retry } from './retry'
import type { Steps } from './task'
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

/** Sends the parts that COS does not have yet, and gives all parts as COS lists them. */
export async function sendParts(
  steps: Steps,
  calls: MultipartCalls,
  upload: UnfinishedUpload,
  file: FileInParts,
): Promise<ConfirmedPart[]> {
  const ranges = rangesOf(upload)
  for (let tries = 2; ; tries--) {
    const parts = await listAll(steps, calls, upload.uploadId)
    const missing = missingOf(ranges, parts)
    if (missing.length === 0) return parts.slice(0, ranges.length)
    if (tries === 0) throw failure('NOT_VERIFIED')
    await sendRanges(steps, calls, upload, file, missing)
  }
}

/** What is sent, and how. */
export interface FileInParts {
  filePath: string
  /** Parts at once. Default 3. */
  parallel?: number
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

/** The ranges of which there is no part, or one of another size. */
function missingOf(ranges: PartRange[], parts: ConfirmedPart[]): PartRange[] {
  const sizes = new Map(parts.map(({ number, size }) => [number, size]))
  return ranges.filter(({ number, length }) => sizes.get(number) !== length)
}

function sendRanges(
  steps: Steps,
  calls: MultipartCalls,
  { size, partSize, uploadId }: UnfinishedUpload,
  { filePath, parallel = 3 }: FileInParts,
  queue: PartRange[],
): Promise<unknown> {
  let loaded = queue.reduce((rest, { length }) => rest - length, size)
  const progress = createProgress(steps.onProgress, {
    clock: steps.clock,
    loaded,
    total: size,
    stallAfter: STALL_AFTER,
  })
  progress.update(loaded, size)
  let isStarted = false
  const onSigned = (signed: SignedRequest) => {
    if (!isStarted) steps.onStart(signed)
    isStarted = true
  }
  const worker = async () => {
    const buffer = new ArrayBuffer(Math.min(partSize, size))
    for (let range = queue.shift(); range; range = queue.shift()) {
      await sendRange(steps, calls, { ...range, uploadId, filePath, buffer, onSigned })
      loaded += range.length
      progress.update(loaded, size)
    }
  }
  const sent = Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, worker))
  sent.then(progress.end, progress.end)
  return sent
}

interface PartSending extends PartRange {
  uploadId: string
  filePath: string
  /** Parts of its length are read into it. */
  buffer: ArrayBuffer
  onSigned(signed: SignedRequest): void
}

/** Sends one part. Where an answer was lost, it asks first whether COS has the part all the same. */
function sendRange(
  steps: Steps,
  calls: MultipartCalls,
  { uploadId, filePath, buffer, number, position, length, onSigned }: PartSending,
): Promise<void> {
  return retry(steps, async (before) => {
    if (before) {
      const [listed] = (await calls.listParts(uploadId, number - 1, 1)).parts
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
  after = 0,
): Promise<ConfirmedPart[]> {
  const { parts, next } = await retry(steps, () => calls.listParts(uploadId, after))
  if (next === undefined) return parts
  return parts.concat(await listAll(steps, calls, uploadId, next))
}
