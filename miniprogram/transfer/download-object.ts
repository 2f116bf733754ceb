import type { SignedRequest, SignRequest } from '../cos/types'
import { cosFailure, failure, wxFailure } from './failure'
import { fileInfo, readText } from './file'
import { headerOf, type Headers } from './headers'
import { createProgress } from './progress'
import {
  signAndSend,
  startTask,
  timeoutFor,
  type Steps,
  type TransferOptions,
  type TransferTask,
} from './task'

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
    const { headers, ...received } = await signAndSend(
      steps,
      (renew) => signRequest({ method: 'GET', key, renew }),
      (signed) => {
        onStart?.(signed)
        return receiveFile(steps, signed, onProgress)
      },
    )
    return {
      key,
      ...received,
      contentType: headerOf(headers, 'content-type'),
      etag: headerOf(headers, 'etag'),
      requestId: headerOf(headers, 'x-cos-request-id'),
      size: (await fileInfo(received.tempFilePath)).size,
    }
  }, clock)
}

interface Received {
  headers: Headers
  tempFilePath: string
  elapsed: number
}

async function receiveFile(
  { clock, running }: Steps,
  { url, headers: header }: SignedRequest,
  onProgress: TransferOptions['onProgress'],
): Promise<Received> {
  const started = clock.now()
  const progress = createProgress(onProgress, { clock })
  let headers: Headers = {}
  const { statusCode, tempFilePath } = await new Promise<
    Pick<WechatMiniprogram.DownloadFileSuccessCallbackResult, 'statusCode' | 'tempFilePath'>
  >((resolve, reject) => {
    const task = wx.downloadFile({
      url,
      header,
      timeout: timeoutFor(DOWNLOAD_LIMIT),
      success: resolve,
      fail: (error) => reject(wxFailure(error, url)),
      complete: () => (ended(), progress.end()),
    })
    task.onHeadersReceived((received) => {
      headers = received.header
      if (Number(headerOf(headers, 'content-length')) <= DOWNLOAD_LIMIT) return
      reject(failure('FILE_TOO_LARGE', { limit: DOWNLOAD_LIMIT }))
      task.abort()
    })
    task.onProgressUpdate(({ totalBytesWritten, totalBytesExpectedToWrite }) => {
      progress.update(totalBytesWritten, totalBytesExpectedToWrite)
    })
    const ended = running(task)
  })
  if (statusCode !== 200) {
    // wx.downloadFile calls any answer a success and stores it: the file is COS's error document.
    const body = await readText(tempFilePath).catch(() => '') // the refusal itself is known
    throw cosFailure({ statusCode, headers, body, action: 'name/cos:GetObject' })
  }
  return { headers, tempFilePath, elapsed: clock.now() - started }
}
