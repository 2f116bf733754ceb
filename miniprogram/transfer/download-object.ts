import type { SignRequest } from '../cos/types'
import { cosFailure, wxFailure } from './failure'
import { fileSize, readText } from './file'
import { createProgress } from './progress'
import { headerOf, startTask, timeoutFor, type TransferOptions, type TransferTask } from './task'

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

/** wx.downloadFile takes no more than this. */
const DOWNLOAD_LIMIT = 200 * 1024 * 1024

/**
 * Downloads an object with wx.downloadFile from a presigned URL (GET Object, 436/7753).
 * @throws Failure by its `code`
 */
export function downloadObject(
  { key, signRequest }: DownloadObjectRequest,
  { onStart, onProgress, now = Date.now }: TransferOptions = {},
): TransferTask<Downloaded> {
  return startTask(async ({ step, running }) => {
    const signed = await step(signRequest({ method: 'GET', key }))
    onStart?.(signed)
    const started = now()
    const progress = createProgress(now)
    let headers: Record<string, unknown> = {}
    const { statusCode, tempFilePath } = await new Promise<{
      statusCode: number
      tempFilePath: string
    }>((resolve, reject) => {
      const task = wx.downloadFile({
        url: signed.url,
        header: signed.headers,
        timeout: timeoutFor(DOWNLOAD_LIMIT),
        success: resolve,
        fail: (error) => reject(wxFailure(error)),
      })
      task.onHeadersReceived((received) => {
        headers = received.header
      })
      task.onProgressUpdate(({ totalBytesWritten, totalBytesExpectedToWrite }) => {
        onProgress?.(progress(totalBytesWritten, totalBytesExpectedToWrite))
      })
      running(task)
    })
    const elapsed = now() - started
    const requestId = headerOf(headers, 'x-cos-request-id')
    if (statusCode !== 200) {
      // wx.downloadFile calls any answer a success and stores it: the file is COS's error document.
      const body = await readText(tempFilePath).catch(() => '') // the refusal itself is known
      throw cosFailure({ statusCode, body, requestId })
    }
    return {
      key,
      tempFilePath,
      contentType: headerOf(headers, 'content-type'),
      etag: headerOf(headers, 'etag'),
      requestId,
      size: await fileSize(tempFilePath),
      elapsed,
    }
  })
}
