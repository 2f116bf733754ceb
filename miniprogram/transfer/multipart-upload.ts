import type { SignRequest } from '../cos/types'
import { systemClock } from './clock'
import { asFailure, failure, type Failure } from './failure'
import { fileInfo } from './file'
import { createMultipartCalls, type MultipartCalls, type StoredObject } from './multipart-calls'
import { retry } from './retry'
import { MULTIPART_LIMIT, partSizeFor, sendParts, type Sending } from './send-parts'
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
  /** Bytes of each part but the last, 1 MB to 16 MB. Default: by the size of the file. */
  partSize?: number
  /** Parts that are sent at once: WeChat allows ten requests. Default 3. */
  parallel?: number
  /** The storage took no entry: the upload goes on, but cannot be resumed after the app was closed. */
  onNotKept?: (failure: Failure) => void
}

/** A running multipart upload. `cancel` aborts it at COS too, also when it is paused or has failed. */
export interface MultipartUploadTask extends TransferTask<Uploaded> {
  /** Stops sending, at once: confirmed parts stay, those under way are sent again later. */
  pause(): void
  /** Goes on after a pause. */
  resume(): void
}

/** What outlives a pause. */
interface Session {
  file?: FileToResume
  upload?: Promise<UnfinishedUpload> | undefined
}

/**
 * Uploads a file of any size part by part (Multipart Upload, manual page 436/14112), with at most
 * `parallel` parts in memory. A part is tried again while that can help. What COS has confirmed is
 * not sent again: not after a pause, nor when the app was closed and the same file is uploaded to the
 * same key once more. The stored object is compared with the file by size and SHA-1.
 * @throws Failure by its `code`; `FILE_CHANGED` when the file is another one after a pause
 */
export function multipartUpload(
  request: MultipartUploadRequest,
  options: MultipartUploadOptions = {},
): MultipartUploadTask {
  const { clock = systemClock } = options
  const session: Session = {}
  let state: 'running' | 'paused' | 'cancelled' | 'done' = 'running'
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
        if (pass === current && state === 'running') settle.reject(error)
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
  if (file.size > MULTIPART_LIMIT) throw failure('FILE_TOO_LARGE', { limit: MULTIPART_LIMIT })
  session.file ??= file
  if (file.digest !== session.file.digest) throw failure('FILE_CHANGED')
  const calls = createMultipartCalls(steps, key, signRequest)

  /** A task of its own, not a step of this one: no pause or cancel may lose the id of an upload. */
  const initiate = () => {
    const { result } = startTask((free) =>
      initiateUpload(createMultipartCalls(free, key, signRequest), file, contentType, options),
    )
    session.upload = result
    result.catch(() => {
      session.upload = undefined
    })
    return result
  }

  /** Nothing where the upload has ended without becoming this object. */
  const attempt = async (): Promise<StoredObject | undefined> => {
    const upload = await retry(steps, () => session.upload ?? initiate())
    const isComplete = await completeUpload(steps, calls, { upload, filePath, ...options })
    const object = await retry(steps, () => headOf(calls))
    forgetUpload(upload)
    session.upload = undefined
    if (object?.size === file.size && object.digest === file.digest) return object
    if (isComplete) throw failure('NOT_VERIFIED')
    return undefined
  }

  const found = session.upload ? undefined : findUpload(file)
  if (found) session.upload = Promise.resolve(found)
  const object = (await attempt()) ?? (found && (await attempt()))
  if (!object) throw failure('NO_SUCH_UPLOAD')
  return object
}

async function initiateUpload(
  calls: MultipartCalls,
  file: FileToResume,
  contentType: string,
  { partSize = partSizeFor(file.size), onNotKept }: MultipartUploadOptions,
): Promise<UnfinishedUpload> {
  const uploadId = await calls.initiate(contentType, file.digest)
  const upload = { key: file.key, size: file.size, digest: file.digest, uploadId, partSize }
  try {
    keepUpload(upload)
  } catch (error) {
    onNotKept?.(asFailure(error))
  }
  return upload
}

/** False where COS no longer knows the upload: it was aborted, or completed and the answer was lost. */
async function completeUpload(
  steps: Steps,
  calls: MultipartCalls,
  sending: Sending,
): Promise<boolean> {
  try {
    const parts = await sendParts(steps, calls, sending)
    await retry(steps, () => calls.complete(sending.upload.uploadId, parts))
    return true
  } catch (error) {
    if (asFailure(error).code === 'NO_SUCH_UPLOAD') return false
    throw error
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
