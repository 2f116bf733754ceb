import type { SignedForm, SignPostForm } from '../cos/types'
import { cosFailure, wxFailure } from './failure'
import { fileInfo } from './file'
import { headerOf, type Headers } from './headers'
import { createProgress } from './progress'
import {
  signAndSend,
  startTask,
  timeoutFor,
  type Steps,
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
    const answer = await signAndSend(
      steps,
      (renew) => signPostForm({ key, contentType, maxBytes: size, renew }),
      (signed) => {
        onStart?.(signed)
        return sendForm(steps, signed, { filePath, size, onProgress })
      },
    )
    return { key, size, ...answer }
  }, clock)
}

function sendForm(
  { clock, running }: Steps,
  { url, fields }: SignedForm,
  { filePath, size, onProgress }: Sending,
): Promise<{ etag: string; requestId: string; elapsed: number }> {
  const started = clock.now()
  const progress = createProgress(onProgress, { clock, total: size })
  return new Promise((resolve, reject) => {
    let headers: Headers = {}
    const task = wx.uploadFile({
      url,
      filePath,
      name: 'file', // COS wants this name, as the last field
      formData: fields,
      timeout: timeoutFor(size),
      success({ statusCode, data: body }) {
        if (statusCode < 200 || statusCode > 299) {
          return reject(cosFailure({ statusCode, headers, body, action: 'name/cos:PostObject' }))
        }
        const requestId = headerOf(headers, 'x-cos-request-id')
        resolve({ etag: headerOf(headers, 'etag'), requestId, elapsed: clock.now() - started })
      },
      fail: (error) => reject(wxFailure(error, url)),
      complete: () => (ended(), progress.end()),
    })
    task.onHeadersReceived(({ header }) => {
      headers = header
    })
    task.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
      progress.update(totalBytesSent, totalBytesExpectedToSend)
    })
    const ended = running(task)
  })
}
