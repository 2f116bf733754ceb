import type { SignedRequest, SignRequest } from '../cos/types'
import { headerOf, identityOf, isSuccess, type Headers } from './answer'
import { failure } from './failure'
import { fileInfo, readText } from './file'
import {
  signAndSend,
  startTask,
  timeoutFor,
  type Steps,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
} from './task'
import { watchTask, type Watched } from './watch-task'

export interface DownloadObjectRequest {
  /** Object key, decoded. */
  key: string
  signRequest: SignRequest
}

/** An object as its upload gave it, and where it lies now. */
export interface Downloaded extends Uploaded {
  /** Local path; lives until the app ends. */
  tempFilePath: string
  /** As COS stored it. */
  contentType: string
}

/** Bytes: wx.downloadFile takes no more. */
export const DOWNLOAD_LIMIT = 200 * 1024 * 1024

/**
 * Downloads an object with wx.downloadFile from a presigned URL (GET Object, 436/7753).
 * @throws Failure by its `code`; `FILE_TOO_LARGE` as soon as COS tells the size
 */
export function downloadObject(
  { key, signRequest }: DownloadObjectRequest,
  options?: TransferOptions,
): TransferTask<Downloaded> {
  return startTask(async (steps) => {
    const { headers, result, elapsed } = await signAndSend(
      steps,
      (renew) => signRequest({ method: 'GET', key, renew }),
      (signed) => receiveFile(steps, signed),
    )
    const { tempFilePath } = result
    const { size } = await steps.step(fileInfo(tempFilePath))
    if (isCut(size, headers)) throw failure('NETWORK', { errorMessage: 'the answer was cut short' })
    const contentType = headerOf(headers, 'content-type')
    return { key, tempFilePath, contentType, size, ...identityOf(headers), elapsed }
  }, options)
}

/** A body that was encoded on its way has another length. */
function isCut(size: number, headers: Headers): boolean {
  const length = headerOf(headers, 'content-length')
  return length !== '' && headerOf(headers, 'content-encoding') === '' && size !== Number(length)
}

type Received = Pick<
  WechatMiniprogram.DownloadFileSuccessCallbackResult,
  'statusCode' | 'tempFilePath'
>

function receiveFile(steps: Steps, signed: SignedRequest): Promise<Watched<Received>> {
  const { url, headers: header } = signed
  const timeout = timeoutFor(DOWNLOAD_LIMIT)
  // wx.downloadFile stores any answer: that of a refusal is COS's error document. The refusal itself
  // is known where it cannot be read.
  const bodyOf = ({ tempFilePath }: Received) => readText(tempFilePath).catch(() => '')
  const watching = { action: 'name/cos:GetObject', bodyOf, limit: DOWNLOAD_LIMIT }
  const watched = watchTask(steps, signed, watching, (callbacks, progress) => {
    // The status comes last, and a refusal has a body, too: until then nothing is all there.
    let reportEnd = () => {}
    const success = (received: Received) => {
      if (isSuccess(received.statusCode)) reportEnd()
      callbacks.success(received)
    }
    const task = wx.downloadFile({ url, header, timeout, ...callbacks, success })
    task?.onProgressUpdate(({ totalBytesWritten: loaded, totalBytesExpectedToWrite: total }) => {
      if (loaded === total) reportEnd = () => progress.update(loaded, total)
      else progress.update(loaded, total)
    })
    return task
  })
  return watched
}
