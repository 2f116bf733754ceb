import type { SignedForm, SignPostForm } from '../cos/types'
import { identityOf } from './answer'
import { fileInfo } from './file'
import {
  signAndSend,
  startTask,
  timeoutFor,
  type Steps,
  type TransferOptions,
  type TransferTask,
  type Uploaded,
  type UploadRequest,
} from './task'
import { watchTask, type Watched } from './watch-task'

export interface PostObjectRequest extends UploadRequest {
  /** The policy pins key and Content-Type. */
  signPostForm: SignPostForm
}

type Sent = Pick<WechatMiniprogram.UploadFileSuccessCallbackResult, 'statusCode' | 'data'>

/**
 * Uploads a file with wx.uploadFile and a signed policy (POST Object, manual page 436/14690).
 * wx.uploadFile can only POST a multipart form, so a presigned PUT URL never works with it.
 * @throws Failure by its `code`
 */
export function postObject(
  { key, filePath, contentType, signPostForm }: PostObjectRequest,
  options?: TransferOptions,
): TransferTask<Uploaded> {
  return startTask(async (steps) => {
    const { size } = await steps.step(fileInfo(filePath))
    const { headers, elapsed } = await signAndSend(
      steps,
      (renew) => signPostForm({ key, contentType, maxBytes: size, renew }),
      (signed) => sendForm(steps, signed, filePath, size),
    )
    return { key, size, ...identityOf(headers), elapsed }
  }, options)
}

function sendForm(
  steps: Steps,
  signed: SignedForm,
  filePath: string,
  size: number,
): Promise<Watched<Sent>> {
  const { url, fields } = signed
  const bodyOf = ({ data }: Sent) => data
  const watching = { action: 'name/cos:PostObject', bodyOf, total: size }
  const watched = watchTask(steps, signed, watching, (callbacks, progress) => {
    const form = { filePath, name: 'file', formData: fields } // COS calls the last field so
    const task = wx.uploadFile({ url, ...form, timeout: timeoutFor(size), ...callbacks })
    task?.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
      progress.update(totalBytesSent, totalBytesExpectedToSend)
    })
    return task
  })
  return watched
}
