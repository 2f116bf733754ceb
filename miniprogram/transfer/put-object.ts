import { byteLength } from './byte-length'
import { failure } from './failure'
import { fileStat, readFile } from './file'
import { checkStored, contentMd5, md5OfData, md5OfFile } from './md5'
import { etagAndRequestId } from './response'
import { sendRequest, sign, signAndSend } from './send-request'
import type { SignRequest } from './signing'
import { runTransfer, type Uploaded, type UploadOptions } from './transfer'

/** A file, or `data` in its place. */
export type PutObjectOptions = (
  | UploadOptions
  | (Omit<UploadOptions, 'filePath'> & { data: ArrayBuffer | string })
) & {
  /** Further headers to store with the object, such as `Cache-Control` or `x-cos-meta-*`. All are signed. */
  headers?: Record<string, string> | undefined
  signRequest: SignRequest
}

/** Bytes. wx.request holds the whole file in memory, and readFile reads at most 100 MB. */
export const MAX_PUT_BYTES = 50 * 1024 * 1024

/**
 * Uploads a file, or data, with one wx.request PUT to a presigned URL (PUT Object, manual page
 * 436/7749). wx.request has no progress events. COS verifies the body by a signed Content-MD5.
 * @throws Failure by its `code`; `FILE_TOO_LARGE` before anything is read or sent
 */
export function putObject(options: PutObjectOptions): Promise<Uploaded> {
  const { key, contentType, signRequest } = options
  return runTransfer(options, async ({ signal, onSigned }) => {
    const { data, md5 } = await readBody(options)
    const headers = { ...options.headers, 'Content-Type': contentType, ...contentMd5(md5) }
    let sent = {}
    const response = await signAndSend(
      (renew) => sign(signRequest, { method: 'PUT', key, headers, renew }),
      (signed) => {
        onSigned(signed)
        sent = signed.headers
        return sendRequest(signed, { data, signal, action: 'name/cos:PutObject' })
      },
      signal,
    )
    const verified = checkStored(response.headers, md5, sent)
    return { key, size: byteLength(data), verified, ...etagAndRequestId(response.headers) }
  })
}

async function readBody(
  options: PutObjectOptions,
): Promise<{ data: ArrayBuffer | string; md5: string | undefined }> {
  if ('data' in options) return { data: options.data, md5: await md5OfData(options.data) }
  const { filePath } = options
  const { size } = await fileStat(filePath)
  if (size > MAX_PUT_BYTES) throw failure('FILE_TOO_LARGE', { limit: MAX_PUT_BYTES })
  const { md5 } = await md5OfFile(filePath)
  return { data: await readFile(filePath), md5 }
}
