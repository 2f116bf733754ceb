import type { SignRequest } from '../cos/types'
import { systemClock } from './clock'
import { asFailure, failure, type Failure } from './failure'
import { fileInfo } from './file'
import { createMultipartCalls, type MultipartCalls, type StoredObject } from './multipart-calls'
import { retry } from './retry'
import {
  LARGEST_PART,
  MOST_PARTS,
  MULTIPART_LIMIT,
  partSizeFor,
  sendParts,
  SMALLEST_PART,
  type Sending,
} from './send-parts'
import {
  startTask,
  type Steps,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
} from './task'
import {
  discardUpload,
  findUpload,
  forgetUpload,
  keepUpload,
  type FileToResume,
  type UnfinishedUpload,
} from './unfinished-uploads'

export interface MultipartUploadRequest {
  /** Object key, decoded. */
  key: string
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and signed. */
  contentType: string
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

function checkOptions({ partSize = SMALLEST_PART, parallel = 1 }: MultipartUploadOptions): void {
  const isWithin = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most
  if (!isWithin(partSize, SMALLEST_PART, LARGEST_PART)) {
    throw new TypeError(`partSize: ${SMALLEST_PART} to ${LARGEST_PART} bytes, not ${partSize}`)
  }
  if (!isWithin(parallel, 1, MOST_PARALLEL)) {
    throw new TypeError(`parallel: a whole number from 1 to ${MOST_PARALLEL}, not ${parallel}`)
  }
}

/** What outlives a pause. */
interface Session {
  file?: FileToResume
  /** It was found in the storage: should COS no longer know it, another one is begun. */
  isFound?: boolean
  upload?: Promise<UnfinishedUpload> | undefined
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
  checkOptions(options)
  const { clock = systemClock } = options
  const session: Session = {}
  let state: 'running' | 'paused' | 'cancelled' | 'failed' | 'done' = 'running'
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
    const current = startTask((steps) => sendFile(steps, request, options, session), clock)
    pass = current
    current.result.then(
      ({ etag, requestId, size }) => {
        state = 'done'
        elapsed += clock.now() - begun
        settle.resolve({ key: request.key, etag, requestId, size, elapsed })
      },
      (error: unknown) => {
        if (pass !== current || state !== 'running') return
        state = 'failed'
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
      if (state === 'cancelled' || state === 'done') return
      state = 'cancelled'
      pass.cancel()
      settle.reject(failure('CANCELLED'))
      const discard = (upload: UnfinishedUpload) =>
        discardUpload(upload, request.signRequest, clock)
      // An upload that could not be aborted is kept, and so listed by unfinishedUploads().
      session.upload?.then(discard).catch(() => {})
    },
  }
}

/** From the file to the verified object, or from wherever the last pass has come to. */
async function sendFile(
  steps: Steps,
  { key, filePath, contentType, signRequest }: MultipartUploadRequest,
  options: MultipartUploadOptions,
  session: Session,
): Promise<StoredObject> {
  const file = { key, ...(await steps.step(fileInfo(filePath, 'sha1'))) }
  const limit = options.partSize ? options.partSize * MOST_PARTS : MULTIPART_LIMIT
  if (file.size > limit) throw failure('FILE_TOO_LARGE', { limit })
  session.file ??= file
  if (file.digest !== session.file.digest) throw failure('FILE_CHANGED')
  const calls = createMultipartCalls(steps, key, signRequest)

  /** A task of its own, not a step of this one: no pause or cancel may lose the id of an upload. */
  const initiate = () => {
    const { result } = startTask((free) => {
      const freeCalls = createMultipartCalls(free, key, signRequest)
      return initiateUpload(freeCalls, file, contentType, options)
    }, steps.clock)
    session.upload = result
    result.catch(() => {
      session.upload = undefined
    })
    return result
  }

  /** Nothing where the upload has ended without becoming this object. */
  const attempt = async (): Promise<StoredObject | undefined> => {
    const upload = await retry(steps, () => session.upload ?? initiate())
    const isComplete = await completeUpload(steps, signRequest, { upload, filePath, ...options })
    const object = await retry(steps, () => headOf(calls))
    optional(options, () => forgetUpload(upload))
    session.upload = undefined
    if (object?.size === file.size && object.digest === file.digest) return object
    if (isComplete) throw failure('NOT_VERIFIED')
    return undefined
  }

  const found = session.upload ? undefined : optional(options, () => findUpload(file))
  if (found) Object.assign(session, { upload: Promise.resolve(found), isFound: true })
  const object = (await attempt()) ?? (session.isFound ? await attempt() : undefined)
  if (!object) throw failure('NO_SUCH_UPLOAD')
  return object
}

/** Does something in the storage, which an upload can do without. */
function optional<T>({ onNotKept }: MultipartUploadOptions, action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    onNotKept?.(asFailure(error))
    return undefined
  }
}

async function initiateUpload(
  calls: MultipartCalls,
  file: FileToResume,
  contentType: string,
  options: MultipartUploadOptions,
): Promise<UnfinishedUpload> {
  const { partSize = partSizeFor(file.size) } = options
  const uploadId = await calls.initiate(contentType, file.digest)
  const upload = { key: file.key, size: file.size, digest: file.digest, uploadId, partSize }
  optional(options, () => keepUpload(upload))
  return upload
}

/** False where COS no longer knows the upload: it was aborted, or completed and the answer was lost. */
async function completeUpload(
  steps: Steps,
  signRequest: SignRequest,
  sending: Sending,
): Promise<boolean> {
  const { upload, filePath } = sending
  // A task of its own: where one part fails, all others end with it.
  const { result, cancel } = startTask(async (own) => {
    const calls = createMultipartCalls(own, upload.key, signRequest)
    const parts = await sendParts(own, calls, sending)
    const { digest } = await own.step(fileInfo(filePath, 'sha1'))
    if (digest !== upload.digest) throw failure('FILE_CHANGED')
    await retry(own, () => calls.complete(upload.uploadId, parts))
  }, steps.clock)
  const ended = steps.running({ abort: cancel })
  try {
    await steps.step(result)
    return true
  } catch (error) {
    const { code } = asFailure(error)
    if (code === 'NO_SUCH_UPLOAD') return false
    if (code === 'FILE_CHANGED') {
      // Rather parts at COS that nobody knows than parts of which nobody knows the file.
      const forget = () => forgetUpload(upload)
      await discardUpload(upload, signRequest, steps.clock).catch(forget)
    }
    throw error
  } finally {
    ended()
  }
}

/** The object under the key, if any. */
async function headOf(calls: MultipartCalls): Promise<StoredObject | undefined> {
  try {
    return await calls.head()
  } catch (error) {
    if (asFailure(error).code === 'NO_SUCH_KEY') return undefined
    throw error
  }
}
