import { abortable } from './abort'
import { cosFailure } from './cos-errors'
import { failure, wxFailure } from './failure'
import { readText, removeFile } from './file'
import { isEtagOf, md5OfFile } from './md5'
import { createProgress } from './progress'
import { etagAndRequestId, headerOf, type Headers } from './response'
import { sign, signAndSend, timeoutFor } from './send-request'
import type { SignedRequest, SignRequest } from './signing'
import { runTransfer, type Running, type TransferOptions, type Uploaded } from './transfer'
import { getWx } from './wx'

export interface DownloadObjectOptions extends TransferOptions {
  signRequest: SignRequest
}

/** An object as its upload gave it, and where it is now. */
export interface Downloaded extends Uploaded {
  /** Local path. The file is deleted when the app ends. */
  tempFilePath: string
  /** As COS stored it. */
  contentType: string
}

const ACTION = 'name/cos:GetObject'

/** Bytes: the limit of wx.downloadFile. */
export const MAX_DOWNLOAD_BYTES = 200 * 1024 * 1024

/**
 * Downloads an object with wx.downloadFile from a presigned URL (GET Object, manual page 436/7753).
 * The file has the announced length and, where the ETag is an MD5, this MD5. Otherwise it is removed.
 * @throws Failure by its `code`; `FILE_TOO_LARGE` as soon as COS tells the size
 */
export function downloadObject(options: DownloadObjectOptions): Promise<Downloaded> {
  const { key, signRequest } = options
  return runTransfer(options, async (running) => {
    const { headers, tempFilePath } = await signAndSend(
      (renew) => sign(signRequest, { method: 'GET', key, renew }),
      (signed) => receiveFile(signed, running),
      running.signal,
    )
    try {
      const { size, verified } = await checkReceived(tempFilePath, headers)
      const contentType = headerOf(headers, 'content-type')
      return { key, tempFilePath, contentType, size, verified, ...etagAndRequestId(headers) }
    } catch (error) {
      removeFile(tempFilePath)
      throw error
    }
  })
}

/** Bytes in which an error document shows what it is. */
const ERROR_SAMPLE = 1024

/** @throws Failure `NOT_FROM_COS`, `NETWORK`, `NOT_VERIFIED`; what COS reports with status 200 */
async function checkReceived(
  filePath: string,
  headers: Headers,
): Promise<{ size: number; verified: boolean }> {
  const { etag, requestId } = etagAndRequestId(headers)
  if (!etag && !requestId) throw failure('NOT_FROM_COS')
  const { size, md5 } = await md5OfFile(filePath)
  if (!etag) {
    const body = await readText(filePath, Math.min(size, ERROR_SAMPLE))
    const isError = body.includes('<Error>')
    if (isError) throw cosFailure({ statusCode: 200, headers, body, action: ACTION })
  }
  // A body that was encoded on its way has another length, and another MD5.
  if (headerOf(headers, 'content-encoding') !== '') return { size, verified: false }
  const length = headerOf(headers, 'content-length')
  if (length !== '' && size !== Number(length)) {
    throw failure('NETWORK', { errorMessage: 'the response was cut' })
  }
  const isSame = isEtagOf(headers, md5)
  if (isSame === false) throw failure('NOT_VERIFIED', { errorMessage: 'the ETag differs' })
  return { size, verified: isSame === true }
}

function receiveFile(
  signed: SignedRequest,
  { signal, onSigned, onProgress }: Running<SignedRequest>,
): Promise<{ headers: Headers; tempFilePath: string }> {
  const { url, headers: header } = signed
  onSigned(signed)
  const progress = createProgress(onProgress)
  return abortable<{ headers: Headers; tempFilePath: string }>(signal, (resolve, reject) => {
    let headers: Headers = {}
    /** Reports 100 %. Called once the status is 200: an error document also ends with a last byte. */
    let reportEnd = () => {}
    const task = getWx().downloadFile({
      url,
      header,
      timeout: timeoutFor(MAX_DOWNLOAD_BYTES),
      success({ statusCode, tempFilePath }) {
        if (statusCode === 200) {
          reportEnd()
          return resolve({ headers, tempFilePath })
        }
        // wx.downloadFile stores the error document as a file. If it cannot be read, the status alone decides.
        const readBody = readText(tempFilePath).catch(() => '')
        void readBody.then((body) => {
          removeFile(tempFilePath)
          reject(cosFailure({ statusCode, headers, body, action: ACTION }))
        })
      },
      fail: (error) => reject(wxFailure(error, url)),
    })
    // wx gives no task where it refuses the call; `fail` says why.
    task?.onHeadersReceived(({ header: received }) => {
      headers = received
      if (Number(headerOf(headers, 'content-length')) <= MAX_DOWNLOAD_BYTES) return
      reject(failure('FILE_TOO_LARGE', { limit: MAX_DOWNLOAD_BYTES }))
      task.abort()
    })
    task?.onProgressUpdate(({ totalBytesWritten: loaded, totalBytesExpectedToWrite: total }) => {
      if (loaded === total) reportEnd = () => progress.update(loaded, total)
      else progress.update(loaded, total)
    })
    return () => task?.abort()
  }).finally(progress.end)
}
