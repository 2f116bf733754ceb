import { asFailure, failure } from './failure'
import { createMultipartCalls } from './multipart-calls'
import { retry } from './retry'
import { MAX_PART_SIZE, MIN_PART_SIZE } from './part-size'
import type { SignRequest } from './signing'
import { getWx, type Wx } from './wx'

/** What is kept of a multipart upload until it has ended. COS itself knows which parts it has. */
export interface UnfinishedUpload {
  key: string
  /** Bytes of the file. */
  size: number
  /** MD5 of the file, in hex. */
  digest: string
  uploadId: string
  /** Bytes of each part but the last. */
  partSize: number
  /** COS has not confirmed the bytes of a part. */
  isUnverified?: boolean
}

/** A file by its content: a temporary path may not outlive the app. */
export type FileToResume = Pick<UnfinishedUpload, 'key' | 'size' | 'digest'>

const PREFIX = 'unfinished-upload:'

/** By id: uploads of this launch, which the storage may have refused. */
const uploadsOfLaunch = new Map<string, UnfinishedUpload>()
/** By id: uploads that are being discarded. They are kept until COS has removed them. */
const discarding = new Set<string>()

const nameOf = ({ uploadId }: UnfinishedUpload) => PREFIX + uploadId

/**
 * The unfinished upload of this file to this key, or undefined.
 * @throws Failure `STORAGE_REFUSED`
 */
export function findUpload({ key, size, digest }: FileToResume): UnfinishedUpload | undefined {
  const isSame = (upload: UnfinishedUpload) =>
    upload.key === key && upload.size === size && upload.digest === digest
  return notDiscarding([...uploadsOfLaunch.values()]).find(isSame) ?? storedUploads().find(isSame)
}

/**
 * Keeps an upload in memory, and in the storage of the mini program: one entry of less than 2 KB.
 * @throws Failure `STORAGE_REFUSED`
 */
export function saveUpload(upload: UnfinishedUpload): void {
  uploadsOfLaunch.set(upload.uploadId, upload)
  inStorage((wx) => wx.setStorageSync(nameOf(upload), upload))
}

/** @throws Failure `STORAGE_REFUSED` */
export function removeUpload(upload: UnfinishedUpload): void {
  uploadsOfLaunch.delete(upload.uploadId)
  inStorage((wx) => wx.removeStorageSync(nameOf(upload)))
}

/**
 * All unfinished uploads. Each is resumed by uploading the same file to the same key.
 * @throws Failure `STORAGE_REFUSED`
 */
export function unfinishedUploads(): UnfinishedUpload[] {
  const stored = storedUploads()
  const ids = stored.map(({ uploadId }) => uploadId)
  const others = [...uploadsOfLaunch.values()].filter(({ uploadId }) => !ids.includes(uploadId))
  return [...stored, ...notDiscarding(others)]
}

function storedUploads(): UnfinishedUpload[] {
  const uploads = inStorage((wx) => {
    const names = wx.getStorageInfoSync().keys.filter((name) => name.startsWith(PREFIX))
    return names.map((name) => wx.getStorageSync(name))
  })
  return notDiscarding(uploads.filter(isUpload))
}

/** Whatever else an entry may hold, from another version or by hand, is no upload. */
function isUpload(entry: unknown): entry is UnfinishedUpload {
  const { key, size, digest, uploadId, partSize }: Partial<UnfinishedUpload> = Object(entry)
  const isText = [key, digest, uploadId].every((text) => typeof text === 'string' && text !== '')
  const isSize =
    Number.isInteger(partSize) && partSize! >= MIN_PART_SIZE && partSize! <= MAX_PART_SIZE
  return isText && Number.isInteger(size) && isSize
}

function notDiscarding(uploads: UnfinishedUpload[]): UnfinishedUpload[] {
  return uploads.filter(({ uploadId }) => !discarding.has(uploadId))
}

function inStorage<T>(action: (wx: Wx) => T): T {
  const wx = getWx()
  try {
    return action(wx)
  } catch (error) {
    const { errMsg, message } = error as { errMsg?: string; message?: string }
    throw failure('STORAGE_REFUSED', { errMsg: errMsg ?? message })
  }
}

/**
 * Aborts an upload at COS, with all of its parts, and removes it from the list. When that fails, it
 * stays in the list.
 * @throws Failure by its `code`
 */
export async function discardUpload(
  upload: UnfinishedUpload,
  signRequest: SignRequest,
): Promise<void> {
  const { key, uploadId } = upload
  discarding.add(uploadId)
  try {
    const { abort } = createMultipartCalls({ key, signRequest })
    await retry(undefined, () => abort(uploadId))
    removeUpload(upload)
  } catch (error) {
    throw asFailure(error)
  } finally {
    discarding.delete(uploadId)
  }
}
