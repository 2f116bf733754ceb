import { abortable } from './abort'
import { cosFailure } from './cos-errors'
import { failure, wxFailure } from './failure'
import { checkStored, md5OfFile } from './md5'
import { createProgress } from './progress'
import { elementOf, etagAndRequestId, type Headers } from './response'
import { isHttpUrl, signAndSend, timeoutFor } from './send-request'
import type { SignableForm, SignedForm, SignPostForm } from './signing'
import { runTransfer, type Running, type Uploaded, type UploadOptions } from './transfer'
import { getWx } from './wx'

export interface PostObjectOptions extends UploadOptions<SignedForm> {
  /** The policy pins key and Content-Type. */
  signPostForm: SignPostForm
}

/**
 * Uploads a file with wx.uploadFile and a signed policy (POST Object, manual page 436/14690).
 * wx.uploadFile can only POST a multipart form, so a presigned PUT URL never works with it.
 *
 * The ETag of the response is compared with the MD5 of the file. Where an old base library shows no
 * headers, the result is not `verified`.
 * @throws Failure by its `code`
 */
export function postObject(options: PostObjectOptions): Promise<Uploaded> {
  const { key, filePath, contentType, signPostForm } = options
  return runTransfer(options, async (running) => {
    const { size, md5 } = await md5OfFile(filePath)
    const headers = await signAndSend(
      (renew) => sign(signPostForm, { key, contentType, maxBytes: size, renew }),
      (signed) => sendForm(signed, filePath, size, running),
      running.signal,
    )
    const isHidden = Object.keys(headers).length === 0
    const verified = !isHidden && checkStored(headers, md5, {})
    return { key, size, verified, ...etagAndRequestId(headers) }
  })
}

/** @throws Failure `SIGNER_INVALID`; what the signer throws */
async function sign(signPostForm: SignPostForm, form: SignableForm): Promise<SignedForm> {
  const signed = await signPostForm(form)
  const { url, fields }: Partial<SignedForm> = Object(signed)
  if (isHttpUrl(url) && typeof fields === 'object' && fields !== null) return signed
  throw failure('SIGNER_INVALID', { errorMessage: 'no URL and fields' })
}

/** Gives the headers of the response, or of the object that its body describes. */
function sendForm(
  signed: SignedForm,
  filePath: string,
  size: number,
  { signal, onSigned, onProgress }: Running<SignedForm>,
): Promise<Headers> {
  const { url, fields: formData } = signed
  const status = Number(formData['success_action_status'] ?? 204)
  onSigned(signed)
  const progress = createProgress(onProgress, { total: size })
  return abortable<Headers>(signal, (resolve, reject) => {
    let headers: Headers = {}
    const task = getWx().uploadFile({
      url,
      filePath,
      name: 'file', // COS calls the last field so
      formData,
      timeout: timeoutFor(size),
      success({ statusCode, data: body }) {
        const etag = elementOf(body, 'ETag')
        if (statusCode === status && !body.includes('<Error>')) {
          resolve(etag ? { ...headers, etag } : headers)
        } else {
          reject(cosFailure({ statusCode, headers, body, action: 'name/cos:PostObject' }))
        }
      },
      fail: (error) => reject(wxFailure(error, url)),
    })
    // wx gives no task where it refuses the call; `fail` says why.
    task?.onHeadersReceived(({ header }) => {
      headers = header
    })
    task?.onProgressUpdate(({ totalBytesSent, totalBytesExpectedToSend }) => {
      progress.update(totalBytesSent, totalBytesExpectedToSend)
    })
    return () => task?.abort()
  }).finally(progress.end)
}
