import type { SignPostForm } from '../cos/types'
import { cosFailure, wxFailure } from './failure'
import { fileSize } from './file'
import { createProgress } from './progress'
import {
  headerOf,
  startTask,
  timeoutFor,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
} from './task'

export interface PostObjectRequest {
  /** Object key, decoded. */
  key: string
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and pinned by the policy. */
  contentType: string
  signPostForm: SignPostForm
}

/**
 * Uploads a file with wx.uploadFile and a signed policy (POST Object, manual page 436/14690).
 * wx.uploadFile can only POST a multipart form, so a presigned PUT URL never works with it.
 * @throws Failure by its `code`
 */
export function postObject(
  { key, filePath, contentType, signPostForm }: PostObjectRequest,
  { onStart, onProgress, now = Date.now }: TransferOptions = {},
): TransferTask<Uploaded> {
  return startTask(async ({ step, running }) => {
    const size = await step(fileSize(filePath))
    const signed = await step(signPostForm({ key, contentType, maxBytes: size }))
    onStart?.(signed)
    const started = now()
    const progress = createProgress(now)
    return new Promise((resolve, reject) => {
      let headers: Record<string, unknown> = {}
      const task = wx.uploadFile({
        url: signed.url,
        filePath,
        name: 'file',
        formData: signed.fields,
        timeout: timeoutFor(size),
        success({ statusCode, data }) {
          const requestId = headerOf(headers, 'x-cos-request-id')
          if (statusCode < 200 || statusCode > 299) {
            return reject(cosFailure({ statusCode, body: data, requestId }))
          }
          resolve({
            key,
            size,
            requestId,
            etag: headerOf(headers, 'etag'),
            elapsed: now() - started,
          })
        },
        fail: (error) => reject(wxFailure(error)),
      })
      task.onHeadersReceived(({ header }) => {
        headers = header
      })
      task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
        onProgress?.(progress(totalBytesSent, totalBytesExpectedToSend))
      })
      running(task)
    })
  })
}
