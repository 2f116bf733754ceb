import type { SignRequest } from '../cos/types'
import { identityOf } from './answer'
import { failure } from './failure'
import { fileInfo, readFile } from './file'
import { sendRequest } from './send-request'
import {
  signAndSend,
  startTask,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
  type UploadRequest,
} from './task'

export interface PutObjectRequest extends UploadRequest {
  signRequest: SignRequest
}

/** Bytes. The whole file is in memory while it is sent, so this stays below the 100 MB of readFile. */
export const PUT_LIMIT = 50 * 1024 * 1024

/**
 * Uploads a file with one wx.request PUT to a presigned URL (PUT Object, manual page 436/7749).
 * There are no progress events: wx.request has none.
 * @throws Failure by its `code`; `FILE_TOO_LARGE` before anything is read or sent
 */
export function putObject(
  { key, filePath, contentType, signRequest }: PutObjectRequest,
  options?: TransferOptions,
): TransferTask<Uploaded> {
  return startTask(async (steps) => {
    const { size } = await steps.step(fileInfo(filePath))
    if (size > PUT_LIMIT) throw failure('FILE_TOO_LARGE', { limit: PUT_LIMIT })
    const data = await steps.step(readFile(filePath))
    const headers = { 'Content-Type': contentType }
    const answer = await signAndSend(
      steps,
      (renew) => signRequest({ method: 'PUT', key, headers, renew }),
      (signed) => {
        steps.onStart(signed)
        return sendRequest(steps, signed, { data, action: 'name/cos:PutObject' })
      },
    )
    return { key, size, ...identityOf(answer.headers), elapsed: answer.elapsed }
  }, options)
}
