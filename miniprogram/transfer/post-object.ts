import type { SignedForm, SignPostForm } from '../cos/types'
import { cosFailure } from './failure'
import { fileInfo } from './file'
import { identityOf, isSuccess } from './answer'
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

export interface PostObjectRequest {
  /** Object key, decoded. */
  key: string
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and pinned by the policy. */
  contentType: string
  signPostForm: SignPostForm
}

type Sent = Pick<WechatMiniprogram.UploadFileSuccessCallbackResult, 'statusCode' | 'data'>

/** A file that is sent, with what is told about it meanwhile. */
interface Sending {
  filePath: string
  /** Bytes. */
  size: number
  onProgress: TransferOptions['onProgress']
}

/**
 * Uploads a file with wx.uploadFile and a signed policy (POST Object, manual page 436/14690).
 * wx.uploadFile can only POST a multipart form, so a presigned PUT URL never works with it.
 * @throws Failure by its `code`
 */
export function postObject(
  { key, filePath, contentType, signPostForm }: PostObjectRequest,
  { onStart, onProgress, clock }: TransferOptions = {},
): TransferTask<Uploaded> {
  return startTask(async (steps) => {
    const { size } = await steps.step(fileInfo(filePath))
    const { headers, elapsed } = await signAndSend(
      steps,
      (renew) => signPostForm({ key, contentType, maxBytes: size, renew }),
      (signed) => {
        onStart?.(signed)
        return sendForm(steps, signed, { filePath, size, onProgress })
      },
    )
    return { key, size, ...identityOf(headers), elapsed }
  }, clock)
}

async function sendForm(
  steps: Steps,
  { url, fields }: SignedForm,
  { filePath, size, onProgress }: Sending,
): Promise<Watched<Sent>> {
  const watching = { url, total: size, onProgress }
  const watched = await watchTask<Sent>(steps, watching, (callbacks, progress) => {
    const form = { filePath, name: 'file', formData: fields } // COS calls the last field so
    const task = wx.uploadFile({ url, ...form, timeout: timeoutFor(size), ...callbacks })
    task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
      progress.update(totalBytesSent, totalBytesExpectedToSend)
    })
    return task
  })
  const { result, headers } = watched
  const { statusCode, data: body } = result
  if (isSuccess(statusCode)) return watched
  throw cosFailure({ statusCode, headers, body, action: 'name/cos:PostObject' })
}
