import type { SignRequest } from '../cos/types'
import { cosFailure, failure, wxFailure } from './failure'
import { fileSize, readFile } from './file'
import {
  headerOf,
  startTask,
  timeoutFor,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
} from './task'

export interface PutObjectRequest {
  /** Object key, decoded. */
  key: string
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and signed. */
  contentType: string
  signRequest: SignRequest
}

/** The whole file is in memory while it is sent, so this stays below the 100 MB of readFile. */
export const PUT_LIMIT = 50 * 1024 * 1024

/**
 * Uploads a file with one wx.request PUT to a presigned URL (PUT Object, manual page 436/7749).
 * There are no progress events: wx.request has none.
 * @throws Failure by its `code`; `FILE_TOO_LARGE` before anything is read or sent
 */
export function putObject(
  { key, filePath, contentType, signRequest }: PutObjectRequest,
  { onStart, now = Date.now }: TransferOptions = {},
): TransferTask<Uploaded> {
  return startTask(async ({ step, running }) => {
    const size = await step(fileSize(filePath))
    if (size > PUT_LIMIT) throw failure('FILE_TOO_LARGE')
    const data = await step(readFile(filePath))
    const signed = await step(
      signRequest({ method: 'PUT', key, headers: { 'Content-Type': contentType } }),
    )
    onStart?.(signed)
    const started = now()
    return new Promise((resolve, reject) => {
      const task = wx.request({
        url: signed.url,
        method: 'PUT',
        header: signed.headers,
        data,
        dataType: '其他', // the answer is no JSON
        timeout: timeoutFor(size),
        success({ statusCode, header, data: body }) {
          const requestId = headerOf(header, 'x-cos-request-id')
          if (statusCode !== 200)
            return reject(cosFailure({ statusCode, body: String(body), requestId }))
          resolve({
            key,
            size,
            requestId,
            etag: headerOf(header, 'etag'),
            elapsed: now() - started,
          })
        },
        fail: (error) => reject(wxFailure(error)),
      })
      running(task)
    })
  })
}
