import { throwIfAborted, withChildSignal } from './abort'
import { asFailure, failure, type Failure } from './failure'
import { fileStat } from './file'
import { md5OfFile } from './md5'
import { createMultipartCalls, type MultipartCalls } from './multipart-calls'
import { createProgress, type ProgressMeter } from './progress'
import { retry } from './retry'
import { MAX_PART_SIZE, MAX_PARTS, MIN_PART_SIZE, partSizeFor } from './part-size'
import { listParts, sendParts, type Etags } from './send-parts'
import type { SignedRequest, SignRequest } from './signing'
import { runTransfer, type Running, type Uploaded, type UploadOptions } from './transfer'
import {
  discardUpload,
  findUpload,
  removeUpload,
  saveUpload,
  type FileToResume,
  type UnfinishedUpload,
} from './unfinished-uploads'

export interface MultipartUploadOptions extends UploadOptions {
  /** Further headers to store with the object, such as `Cache-Control` or `x-cos-meta-*`. All are signed. */
  headers?: Record<string, string> | undefined
  signRequest: SignRequest
  /** Bytes of each part but the last: 1 MB to 16 MB. Default: by the size of the file. */
  partSize?: number | undefined
  /** Parts that are sent at once: WeChat allows ten requests. Default 3. */
  parallel?: number | undefined
  /** The storage failed: the upload continues, but cannot be resumed after a restart of the app. */
  onResumeUnavailable?: ((failure: Failure) => void) | undefined
}

/** The reason of an abort that keeps what COS has: `controller.abort(PAUSE)`. */
export const PAUSE = 'pause'

/** WeChat allows this many requests at once. */
const MAX_PARALLEL = 10

function checkOption(name: string, min: number, max: number, value = min): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new TypeError(`${name} must be a whole number from ${min} to ${max}, got ${value}`)
}

/**
 * Uploads a large file part by part (Multipart Upload, manual page 436/14112), with up to
 * `parallel` parts in memory. A part is retried while that can help.
 *
 * Any abort of the signal ends the upload. With the reason `PAUSE` COS keeps the confirmed parts:
 * the same call resumes the upload, also after a restart of the app. Any other abort removes them.
 *
 * COS verifies each part by a signed Content-MD5, and puts together exactly the parts whose ETags
 * it confirmed. The file is digested once, to find the upload to resume.
 * @throws TypeError for an option out of its range; Failure by its `code`, `FILE_CHANGED` when the
 * size or the time of the file changes
 */
export async function multipartUpload(options: MultipartUploadOptions): Promise<Uploaded> {
  const { signal, signRequest, partSize, parallel } = options
  checkOption('partSize', MIN_PART_SIZE, MAX_PART_SIZE, partSize)
  checkOption('parallel', 1, MAX_PARALLEL, parallel)
  const begun: Begun = {}
  const discard = () => {
    if (signal?.reason === PAUSE) return
    // An upload that cannot be discarded now stays in `unfinishedUploads()`.
    begun.upload?.then((upload) => discardUpload(upload, signRequest)).catch(() => {})
  }
  signal?.addEventListener('abort', discard)
  return runTransfer(options, (running) => sendFile(running, options, begun)).finally(() =>
    signal?.removeEventListener('abort', discard),
  )
}

/** The upload at COS, once it has begun. */
interface Begun {
  upload?: Promise<UnfinishedUpload> | undefined
}

async function sendFile(
  running: Running<SignedRequest>,
  options: MultipartUploadOptions,
  begun: Begun,
): Promise<Uploaded> {
  const { key, filePath, partSize = MAX_PART_SIZE, parallel = 3 } = options
  const { size, changedAt } = await fileStat(filePath)
  const limit = partSize * MAX_PARTS
  if (size > limit) throw failure('FILE_TOO_LARGE', { limit })
  const digestedAt = Date.now() / 1000
  const { md5: digest } = await md5OfFile(filePath)
  const file: SourceFile = { key, size, digest, changedAt, digestedAt }
  const inFlight = parallel * Math.min(size, options.partSize ?? partSizeFor(size))
  const progress = createProgress(running.onProgress, { total: size, inFlight })
  const job: Job = { ...options, running, begun, file, progress }
  try {
    const found = pausedEarly.get(idOf(file)) ?? optional(job, () => findUpload(file))
    const uploaded = found && (await resume(job, found))
    return uploaded ?? (await beginUpload(job))
  } finally {
    progress.end()
  }
}

/** Times in unix seconds. */
interface SourceFile extends FileToResume {
  changedAt: number
  digestedAt: number
}

interface Job extends MultipartUploadOptions {
  running: Running<SignedRequest>
  begun: Begun
  file: SourceFile
  progress: ProgressMeter
}

/** Resumes an upload. Undefined if COS no longer knows it, and the object is not this file. */
async function resume(
  job: Job,
  found: UnfinishedUpload | Promise<UnfinishedUpload>,
): Promise<Uploaded | undefined> {
  const { running, begun } = job
  begun.upload = Promise.resolve(found)
  const upload = await begun.upload
  try {
    const etags = await listParts(running, partsJobOf(job, upload))
    return await sendUpload(job, upload, etags)
  } catch (error) {
    if (asFailure(error).code !== 'NO_SUCH_UPLOAD') throw error
    begun.upload = undefined
    optional(job, () => removeUpload(upload))
    const stored = await findObject(job).catch(() => undefined)
    return stored && { ...stored, verified: !upload.isUnverified }
  }
}

async function beginUpload(job: Job): Promise<Uploaded> {
  const { running, begun, progress } = job
  const begin = async () => {
    throwIfAborted(running.signal)
    begun.upload ??= initiate(job)
    return begun.upload.catch((error: unknown) => {
      begun.upload = undefined
      throw error
    })
  }
  const upload = await retry(running.signal, begin, progress.setRetry)
  progress.setRetry(0)
  return sendUpload(job, upload, new Map())
}

/** Paused uploads whose id COS has not told yet, by their file. */
const pausedEarly = new Map<string, Promise<UnfinishedUpload>>()

const idOf = ({ key, size, digest }: FileToResume) => [digest, size, key].join(' ')

/** Has no signal: an abort must not lose the id of an upload that COS has begun. */
function initiate(job: Job): Promise<UnfinishedUpload> {
  const { running, key, signRequest, contentType, headers, file } = job
  const { size, digest } = file
  const { partSize = partSizeFor(size) } = job
  const onAbort = () => {
    if (running.signal.reason === PAUSE) pausedEarly.set(idOf(file), upload)
  }
  const upload = createMultipartCalls({ key, signRequest })
    .initiate({ ...headers, 'Content-Type': contentType }, digest)
    .then((uploadId) => {
      const begun = { key, size, digest, uploadId, partSize }
      optional(job, () => saveUpload(begun))
      return begun
    })
    .finally(() => {
      running.signal.removeEventListener('abort', onAbort)
      pausedEarly.delete(idOf(file))
    })
  running.signal.addEventListener('abort', onAbort)
  return upload
}

/** Runs an action in the storage. The upload does without it. */
function optional<T>({ running, onResumeUnavailable }: Job, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (!running.signal.aborted) onResumeUnavailable?.(asFailure(error))
    return undefined
  }
}

function partsJobOf(job: Job, upload: UnfinishedUpload, signal = job.running.signal) {
  const { key, signRequest, filePath, parallel = 3, progress } = job
  const calls = createMultipartCalls({ key, signRequest, signal })
  const onUnverified = () => {
    if (upload.isUnverified) return
    upload.isUnverified = true
    optional(job, () => saveUpload(upload))
  }
  return { calls, upload, filePath, parallel, progress, onUnverified }
}

/** Sends the missing parts, and has COS put all parts together. */
async function sendUpload(job: Job, upload: UnfinishedUpload, etags: Etags): Promise<Uploaded> {
  const { running, filePath, signRequest, file, begun } = job
  try {
    const stored = await withChildSignal(running.signal, async (signal) => {
      const partsJob = partsJobOf(job, upload, signal)
      await sendParts({ ...running, signal }, partsJob, etags)
      await checkUnchanged(filePath, file)
      return complete(job, partsJob.calls, upload, etags)
    })
    optional(job, () => removeUpload(upload))
    begun.upload = undefined
    const verified = !upload.isUnverified && stored.etag !== ''
    return { ...stored, key: file.key, size: file.size, verified }
  } catch (error) {
    const { code } = asFailure(error)
    if (code === 'NO_SUCH_UPLOAD') optional(job, () => removeUpload(upload))
    if (code === 'FILE_CHANGED') {
      // Forget it: leaked parts are better than resuming with another file.
      const forget = () => optional(job, () => removeUpload(upload))
      await discardUpload(upload, signRequest).catch(forget)
    }
    throw error
  }
}

/**
 * Compares size and time. A change within the second of the digest does not show in the time, so a
 * file that was just written is digested again.
 * @throws Failure `FILE_CHANGED`
 */
async function checkUnchanged(filePath: string, file: SourceFile): Promise<void> {
  const { size, changedAt } = await fileStat(filePath)
  const isSame = size === file.size && changedAt === file.changedAt
  const isOld = changedAt < file.digestedAt - 2
  if (isSame && (isOld || (await md5OfFile(filePath)).md5 === file.digest)) return
  throw failure('FILE_CHANGED')
}

type Stored = Pick<Uploaded, 'etag' | 'requestId'>

/**
 * Completes the upload. When the response is lost and COS no longer knows the upload, it has
 * succeeded, unless the object is another one. A key that may not HEAD the object cannot tell.
 */
async function complete(
  job: Job,
  calls: MultipartCalls,
  { uploadId }: UnfinishedUpload,
  etags: Etags,
): Promise<Stored> {
  const { running, progress } = job
  const parts = [...etags].map(([number, etag]) => ({ number, etag }))
  parts.sort((a, b) => a.number - b.number)
  let isLost = false
  const send = (previousError: unknown) => {
    isLost = previousError !== undefined
    return calls.complete(uploadId, parts)
  }
  try {
    return await retry(running.signal, send, progress.setRetry)
  } catch (error) {
    if (!isLost || asFailure(error).code !== 'NO_SUCH_UPLOAD') throw error
    const stored = await findObject(job).catch(() => ({ etag: '', requestId: '' }))
    if (stored) return stored
    throw error
  } finally {
    progress.setRetry(0)
  }
}

/** The object, if it is this file; undefined if it is another one, or none. */
async function findObject(job: Job): Promise<Uploaded | undefined> {
  const { key, signRequest, file, running } = job
  const { head } = createMultipartCalls({ key, signRequest, signal: running.signal })
  const object = await retry(running.signal, head)
  const { size } = file
  if (object?.size !== size || object.digest !== file.digest) return undefined
  const { etag, requestId } = object
  return { key, size, etag, requestId, verified: true }
}
