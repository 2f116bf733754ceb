import type { SignedRequest, SignRequest } from '../cos/types'
import { cosFailure, failure } from './failure'
import { fileInfo, readText } from './file'
import { headerOf, identityOf, isSuccess, type Headers } from './answer'
import {
  signAndSend,
  startTask,
  timeoutFor,
  type Steps,
  type TransferOptions,
  type TransferTask,
} from './task'
import { watchTask, type Watched } from './watch-task'

export interface DownloadObjectRequest {
  /** Object key, decoded. */
  key: string
  signRequest: SignRequest
}

export interface Downloaded {
  key: string
  /** Local path; lives until the app ends. */
  tempFilePath: string
  /** As COS stored it. */
  contentType: string
  etag: string
  requestId: string
  /** Bytes. */
  size: number
  /** Milliseconds. */
  elapsed: number
}

/** Bytes: wx.downloadFile takes no more. */
export const DOWNLOAD_LIMIT = 200 * 1024 * 1024

/**
 * Downloads an object with wx.downloadFile from a presigned URL (GET Object, 436/7753).
 * @throws Failure by its `code`; `FILE_TOO_LARGE` as soon as COS tells the size
 */
export function downloadObject(
  { key, signRequest }: DownloadObjectRequest,
  { onStart, onProgress, clock }: TransferOptions = {},
): TransferTask<Downloaded> {
  return startTask(async (steps) => {
    const { headers, result, elapsed } = await signAndSend(
      steps,
      (renew) => signRequest({ method: 'GET', key, renew }),
      (signed) => {
        onStart?.(signed)
        return receiveFile(steps, signed, onProgress)
      },
    )
    const { tempFilePath } = result
    const { size } = await steps.step(fileInfo(tempFilePath))
    if (isCut(size, headers)) throw failure('NETWORK', { errorMessage: 'the answer was cut short' })
    return {
      key,
      tempFilePath,
      contentType: headerOf(headers, 'content-type'),
      ...identityOf(headers),
      size,
      elapsed,
    }
  }, clock)
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

async function receiveFile(
  steps: Steps,
  { url, headers: header }: SignedRequest,
  onProgress: TransferOptions['onProgress'],
): Promise<Watched<Received>> {
  const watching = { url, limit: DOWNLOAD_LIMIT, onProgress }
  const watched = await watchTask<Received>(steps, watching, (callbacks, progress) => {
    const timeout = timeoutFor(DOWNLOAD_LIMIT)
    // The status comes last, and a refusal has a body, too: until then nothing is all there.
    let reportEnd = () => {}
    const success = (received: Received) => {
      if (isSuccess(received.statusCode)) reportEnd()
      callbacks.success(received)
    }
    const task = wx.downloadFile({ url, header, timeout, ...callbacks, success })
    task.onProgressUpdate(({ totalBytesWritten: loaded, totalBytesExpectedToWrite: total }) => {
      if (loaded === total) reportEnd = () => progress.update(loaded, total)
      else progress.update(loaded, total)
    })
    return task
  })
  const { result, headers } = watched
  const { statusCode, tempFilePath } = result
  if (isSuccess(statusCode)) return watched
  // wx.downloadFile calls any answer a success and stores it: the file is COS's error document.
  const body = await readText(tempFilePath).catch(() => '') // the refusal itself is known
  throw cosFailure({ statusCode, headers, body, action: 'name/cos:GetObject' })
}
