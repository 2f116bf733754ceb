import type { SignRequest } from '../cos/types'
import { systemClock } from './clock'
import { asFailure, failure, type Failure } from './failure'
import { fileInfo } from './file'
import { createMultipartCalls, type StoredObject } from './multipart-calls'
import { retry } from './retry'
import { LARGEST_PART, MOST_PARTS, partSizeFor, sendParts, SMALLEST_PART } from './send-parts'
import {
  startTask,
  together,
  type Steps,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
  type UploadRequest,
} from './task'
import {
  discardUpload,
  findUpload,
  forgetUpload,
  keepUpload,
  type FileToResume,
  type UnfinishedUpload,
} from './unfinished-uploads'

export interface MultipartUploadRequest extends UploadRequest {
  signRequest: SignRequest
}

export interface MultipartUploadOptions extends TransferOptions {
  /** Bytes of each part but the last: 1 MB to 16 MB. Default: by the size of the file. */
  partSize?: number
  /** Parts that are sent at once: WeChat allows ten requests. Default 3. */
  parallel?: number
  /** The storage failed: the upload goes on, but cannot be resumed after the app was closed. */
  onNotKept?: (failure: Failure) => void
}

/**
 * A running multipart upload. `cancel` also aborts at COS what it has begun or gone on with, even when
 * it is paused or has failed. An object that COS was just completing may be there all the same.
 */
export interface MultipartUploadTask extends TransferTask<Uploaded> {
  /** Stops sending, at once: confirmed parts stay, those under way are sent again later. */
  pause(): void
  /** Goes on after a pause. */
  resume(): void
}

/** WeChat allows so many requests at once. */
const MOST_PARALLEL = 10

function checkOption(name: string, least: number, most: number, value = least): void {
  if (Number.isInteger(value) && value >= least && value <= most) return
  throw new TypeError(`${name}: a whole number from ${least} to ${most}, not ${value}`)
}

type Job = MultipartUploadRequest & MultipartUploadOptions

/** What outlives a pause. */
interface Session {
  /** SHA-1 of the file when the upload began. */
  digest?: string
  upload?: Promise<UnfinishedUpload>
  /** The upload was found in the storage: should COS no longer know it, another one is begun. */
  isFound?: boolean
}

/**
 * Uploads a file of any size part by part (Multipart Upload, manual page 436/14112), with at most
 * `parallel` parts in memory. A part is tried again while that can help. What COS has confirmed is
 * not sent again: not after a pause, nor when the app was closed and the same file is uploaded to the
 * same key once more. The file is digested before and after, and the object is known in the end by
 * its size and by the SHA-1 that is stored with it.
 * @throws TypeError for an option that cannot be; Failure by its `code`, `FILE_CHANGED` when the file
 * does not stay the same
 */
export function multipartUpload(
  request: MultipartUploadRequest,
  options: MultipartUploadOptions = {},
): MultipartUploadTask {
  const { clock = systemClock, partSize, parallel } = options
  checkOption('partSize', SMALLEST_PART, LARGEST_PART, partSize)
  checkOption('parallel', 1, MOST_PARALLEL, parallel)
  const job: Job = { ...options, ...request }
  const session: Session = {}
  let state: 'running' | 'paused' | 'over'
  let elapsed = 0
  let begun: number
  let pass: TransferTask<StoredObject>
  let settle: { resolve(uploaded: Uploaded): void; reject(reason: unknown): void }
  const result = new Promise<Uploaded>((resolve, reject) => {
    settle = { resolve, reject }
  })

  function start() {
    state = 'running'
    begun = clock.now()
    const current = startTask((steps) => sendFile(steps, job, session), options)
    pass = current
    current.result.then(
      ({ etag, requestId, size }) => {
        state = 'over'
        elapsed += clock.now() - begun
        settle.resolve({ key: request.key, etag, requestId, size, elapsed })
      },
      (error: unknown) => {
        if (pass !== current || state !== 'running') return
        state = 'over'
        settle.reject(error)
      },
    )
  }

  start()
  return {
    result,
    pause() {
      if (state !== 'running') return
      state = 'paused'
      elapsed += clock.now() - begun
      pass.cancel()
    },
    resume() {
      if (state === 'paused') start()
    },
    cancel() {
      state = 'over'
      pass.cancel()
      settle.reject(failure('CANCELLED'))
      const { upload } = session
      session.upload = undefined
      // An upload that could not be aborted is kept, and so listed by unfinishedUploads().
      upload?.then((begun) => discardUpload(begun, request.signRequest, clock)).catch(() => {})
    },
  }
}

/** From the file to the verified object, or from wherever the last pass has come to. */
async function sendFile(steps: Steps, job: Job, session: Session): Promise<StoredObject> {
  const { key, filePath, partSize = LARGEST_PART } = job
  const { size, digest } = await steps.step(fileInfo(filePath, 'sha1'))
  const limit = partSize * MOST_PARTS
  if (size > limit) throw failure('FILE_TOO_LARGE', { limit })
  session.digest ??= digest
  if (digest !== session.digest) throw failure('FILE_CHANGED')
  const file = { key, size, digest }
  if (!session.upload) {
    const found = optional(job, () => findUpload(file))
    session.isFound = found !== undefined
    session.upload = found && Promise.resolve(found)
  }
  let object = await sendUpload(steps, job, session, file)
  if (!object && session.isFound) object = await sendUpload(steps, job, session, file)
  if (!object) throw failure('NO_SUCH_UPLOAD')
  return object
}

/** Begins the upload or goes on with it. Nothing where it has ended without becoming this object. */
async function sendUpload(
  steps: Steps,
  job: Job,
  session: Session,
  file: FileToResume,
): Promise<StoredObject | undefined> {
  const upload = await retry(steps, () => session.upload ?? begin(job, session, file))
  const isComplete = await complete(steps, job, upload)
  const object = await retry(steps, createMultipartCalls(steps, job).head)
  optional(job, () => forgetUpload(upload))
  session.upload = undefined
  if (object?.size === file.size && object.digest === file.digest) return object
  if (isComplete) throw failure('NOT_VERIFIED')
  return undefined
}

/** A task of its own, not a step of the pass: no pause or cancel may lose the id of an upload. */
function begin(job: Job, session: Session, file: FileToResume): Promise<UnfinishedUpload> {
  const { clock, contentType, partSize = partSizeFor(file.size) } = job
  const initiate = (steps: Steps) =>
    createMultipartCalls(steps, job).initiate(contentType, file.digest)
  const upload = startTask(initiate, { clock }).result.then((uploadId) => {
    const begun = { ...file, uploadId, partSize }
    optional(job, () => keepUpload(begun))
    return begun
  })
  session.upload = upload
  upload.catch(() => {
    session.upload = undefined
  })
  return upload
}

/** Does something in the storage, which an upload can do without. */
function optional<T>({ onNotKept }: Job, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    onNotKept?.(asFailure(error))
    return undefined
  }
}

/** False where COS no longer knows the upload: it was aborted, or completed and the answer was lost. */
async function complete(steps: Steps, job: Job, upload: UnfinishedUpload): Promise<boolean> {
  try {
    await together(steps, async (own) => {
      const calls = createMultipartCalls(own, job)
      const parts = await sendParts(own, calls, upload, job)
      const { digest } = await own.step(fileInfo(job.filePath, 'sha1'))
      if (digest !== upload.digest) throw failure('FILE_CHANGED')
      await retry(own, () => calls.complete(upload.uploadId, parts))
    })
    return true
  } catch (error) {
    const { code } = asFailure(error)
    if (code === 'NO_SUCH_UPLOAD') return false
    if (code === 'FILE_CHANGED') {
      // Rather parts at COS that nobody knows than parts of which nobody knows the file.
      const forget = () => optional(job, () => forgetUpload(upload))
      await discardUpload(upload, job.signRequest, steps.clock).catch(forget)
    }
    throw error
  }
}
