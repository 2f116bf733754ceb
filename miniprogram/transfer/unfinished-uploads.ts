import type { SignRequest } from '../cos/types'
import type { Clock } from './clock'
import { asFailure, failure } from './failure'
import { createMultipartCalls } from './multipart-calls'
import { retry } from './retry'
import { startTask } from './task'

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

const nameOf = ({ key, size, digest }: FileToResume) => `${PREFIX}${digest}:${size}:${key}`

/** The upload of this file to this key that has not ended, or undefined. */
export function findUpload(file: FileToResume): UnfinishedUpload | undefined {
  return (wx.getStorageSync(nameOf(file)) as UnfinishedUpload | '') || undefined
}

/**
 * Keeps an upload in the storage of the mini program: one entry of less than 2 KB.
 * @throws Failure `STORAGE_REFUSED`
 */
export function keepUpload(upload: UnfinishedUpload): void {
  try {
    wx.setStorageSync(nameOf(upload), upload)
  } catch (error) {
    const { message = '', errMsg = message } = error as { message?: string; errMsg?: string }
    throw failure('STORAGE_REFUSED', { errMsg })
  }
}

export function forgetUpload(upload: FileToResume): void {
  wx.removeStorageSync(nameOf(upload))
}

/** All uploads that have not ended. Each is resumed by uploading the same file to the same key. */
export function unfinishedUploads(): UnfinishedUpload[] {
  return wx
    .getStorageInfoSync()
    .keys.filter((name) => name.startsWith(PREFIX))
    .map((name) => wx.getStorageSync(name) as UnfinishedUpload)
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
  forgetUpload(upload)
  try {
    await startTask(async (steps) => {
      const { abort } = createMultipartCalls(steps, upload.key, signRequest)
      await retry(steps, () => abort(upload.uploadId))
    }, clock).result
  } catch (error) {
    if (asFailure(error).code === 'NO_SUCH_UPLOAD') return
    keepUpload(upload)
    throw error
  }
}
