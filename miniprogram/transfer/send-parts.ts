import { throwIfAborted } from './abort'
import { failure } from './failure'
import { readRange } from './file'
import { md5OfData } from './md5'
import type { ConfirmedPart, MultipartCalls } from './multipart-calls'
import type { ProgressMeter } from './progress'
import { retry } from './retry'
import type { SignedRequest } from './signing'
import type { Running } from './transfer'
import type { UnfinishedUpload } from './unfinished-uploads'

/** What the parts of an upload need. */
export interface PartsJob {
  calls: MultipartCalls
  upload: UnfinishedUpload
  filePath: string
  /** Parts at once. */
  parallel: number
  progress: ProgressMeter
  /** COS does not confirm the bytes of a part. */
  onUnverified: () => void
}

/** The ETag of each part by its number. */
export type Etags = Map<number, string>

/** The parts that COS has already. Those of another size are sent again. */
export async function listParts(
  { signal }: Running<SignedRequest>,
  { calls, upload, progress }: PartsJob,
): Promise<Etags> {
  const sizes = new Map(partRanges(upload).map(({ number, length }) => [number, length]))
  const parts: ConfirmedPart[] = []
  // Stops at the last part of the file, whatever else a list may hold.
  for (let after: number | undefined = 0; after !== undefined && after < sizes.size;) {
    const from: number = after
    const page = await retry(
      signal,
      () => calls.listParts(upload.uploadId, from),
      progress.setRetry,
    )
    progress.setRetry(0)
    parts.push(...page.parts)
    after = page.next
  }
  const usable = parts.filter(({ number, size, etag }) => etag && sizes.get(number) === size)
  return new Map(usable.map(({ number, etag }) => [number, etag]))
}

/** Sends the parts that COS does not have yet, and adds their ETags. */
export async function sendParts(
  running: Running<SignedRequest>,
  job: PartsJob,
  etags: Etags,
): Promise<void> {
  const { upload, parallel, progress } = job
  const { size, partSize } = upload
  const queue = partRanges(upload).filter(({ number }) => !etags.has(number))
  let loaded = queue.reduce((rest, { length }) => rest - length, size)
  progress.begin(loaded)
  let isFirst = true
  const onSigned = (signed: SignedRequest) => {
    if (isFirst) running.onSigned(signed)
    isFirst = false
  }
  const worker = async () => {
    const buffer = new ArrayBuffer(Math.min(partSize, size))
    for (let range = queue.shift(); range; range = queue.shift()) {
      etags.set(range.number, await sendPart(running, job, range, buffer, onSigned))
      loaded += range.length
      progress.update(loaded, size)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, worker))
}

/** Where a part is in the file, in bytes. */
interface PartRange {
  number: number
  position: number
  length: number
}

/** An empty file has one part, too. */
function partRanges({ size, partSize }: UnfinishedUpload): PartRange[] {
  return Array.from({ length: Math.max(1, Math.ceil(size / partSize)) }, (_, index) => {
    const position = index * partSize
    return { number: index + 1, position, length: Math.min(partSize, size - position) }
  })
}

/**
 * Sends one part and gives its ETag. After a failure it first asks whether COS has the part: the
 * response may be lost.
 */
async function sendPart(
  { signal }: Running<SignedRequest>,
  { calls, upload, filePath, progress, onUnverified }: PartsJob,
  { number, position, length }: PartRange,
  buffer: ArrayBuffer,
  onSigned: (signed: SignedRequest) => void,
): Promise<string> {
  const { uploadId } = upload
  const data = await readRange(filePath, position, length, buffer)
  throwIfAborted(signal)
  const md5 = await md5OfData(data)
  if (md5 === undefined) onUnverified() // before COS has it: the app may be closed at any time
  const send = async (previousError: unknown) => {
    if (previousError && md5 !== undefined) {
      const [listed] = (await calls.listParts(uploadId, number - 1, 1)).parts
      if (listed?.number === number && listed.etag.includes(md5)) return listed.etag
    }
    const { etag, verified } = await calls.uploadPart(uploadId, { number, data, md5 }, onSigned)
    if (!verified) onUnverified()
    return etag
  }
  const etag = await retry(signal, send, (retries) => progress.setRetry(retries, number))
  progress.setRetry(0, number)
  if (etag) return etag
  throw failure('NOT_FROM_COS', { errorMessage: 'a part without an ETag' })
}
