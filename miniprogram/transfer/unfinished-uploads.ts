import type { SignRequest } from '../cos/types'
import type { Clock } from './clock'
import { failure } from './failure'
import { createMultipartCalls } from './multipart-calls'
import { retry } from './retry'
import { startTask, type Steps } from './task'

/** What is kept of a multipart upload until it has ended. COS itself knows which parts it has. */
export interface UnfinishedUpload {
  key: string
  /** Bytes of the file. */
  size: number
  /** SHA-1 of the file, in hex. */
  digest: string
  uploadId: string
  /** Bytes of each part but the last. */
  partSize: number
}

/** A file, wherever it lies: temporary paths die with the app. */
export type FileToResume = Pick<UnfinishedUpload, 'key' | 'size' | 'digest'>

const PREFIX = 'unfinished-upload:'

/** Ids that are being discarded: stored until COS has aborted them, but no longer offered. */
const leaving = new Set<string>()

const nameOf = ({ uploadId }: UnfinishedUpload) => PREFIX + uploadId

/**
 * The upload of this file to this key that has not ended, or undefined.
 * @throws Failure `STORAGE_REFUSED`
 */
export function findUpload({ key, size, digest }: FileToResume): UnfinishedUpload | undefined {
  return unfinishedUploads().find(
    (upload) => upload.key === key && upload.size === size && upload.digest === digest,
  )
}

/**
 * Keeps an upload in the storage of the mini program: one entry of less than 2 KB.
 * @throws Failure `STORAGE_REFUSED`
 */
export function keepUpload(upload: UnfinishedUpload): void {
  inStorage(() => wx.setStorageSync(nameOf(upload), upload))
}

/** @throws Failure `STORAGE_REFUSED` */
export function forgetUpload(upload: UnfinishedUpload): void {
  inStorage(() => wx.removeStorageSync(nameOf(upload)))
}

/**
 * All uploads that have not ended. Each is resumed by uploading the same file to the same key.
 * @throws Failure `STORAGE_REFUSED`
 */
export function unfinishedUploads(): UnfinishedUpload[] {
  const uploads = inStorage(() => {
    const names = wx.getStorageInfoSync().keys.filter((name) => name.startsWith(PREFIX))
    return names.map((name) => wx.getStorageSync(name) as UnfinishedUpload)
  })
  return uploads.filter(({ uploadId }) => !leaving.has(uploadId))
}

function inStorage<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    const { errMsg, message } = error as { errMsg?: string; message?: string }
    throw failure('STORAGE_REFUSED', { errMsg: errMsg ?? message })
  }
}

/**
 * Aborts an upload at COS, with all of its parts, and forgets it. While that fails it stays kept, so
 * that it can be resumed or discarded later.
 * @throws Failure by its `code`
 */
export async function discardUpload(
  upload: UnfinishedUpload,
  signRequest: SignRequest,
  clock?: Clock,
): Promise<void> {
  const { key, uploadId } = upload
  leaving.add(uploadId)
  try {
    const run = (steps: Steps) => {
      const { abort } = createMultipartCalls(steps, { key, signRequest })
      return retry(steps, () => abort(uploadId))
    }
    await startTask(run, { clock }).result
    forgetUpload(upload)
  } finally {
    leaving.delete(uploadId)
  }
}
