import COS from '../cos/index'
import { AbortController } from '../transfer/abort'
import { contentTypeOf } from '../transfer/content-type'
import { downloadObject } from '../transfer/download-object'
import { multipartUpload, PAUSE } from '../transfer/multipart-upload'
import { postObject } from '../transfer/post-object'
import type { Progress } from '../transfer/progress'
import { putObject } from '../transfer/put-object'
import { sendRequest } from '../transfer/send-request'
import type { Uploaded } from '../transfer/transfer'

const cos = new COS({
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-guangzhou',
  // The SDK's form with a callback works as it is. A promise tells of a failed request, too.
  getAuthorization: () =>
    new Promise((resolve, fail) => {
      wx.request({
        url: 'https://example.com/credentials',
        success({ data }) {
          const { credentials, startTime, expiredTime } = Object(data)
          resolve({
            TmpSecretId: credentials?.tmpSecretId,
            TmpSecretKey: credentials?.tmpSecretKey,
            XCosSecurityToken: credentials?.sessionToken,
            StartTime: startTime,
            ExpiredTime: expiredTime,
          })
        },
        fail,
      })
    }),
})
const { signRequest, signPostForm } = cos

/** As wx.chooseMessageFile gives it. */
interface ChosenFile {
  path: string
  name: string
  size: number
}

/** In place of `TaskId`: set when a transfer starts. */
let controller = new AbortController()

function start(file: ChosenFile, onProgress?: (progress: Progress) => void) {
  controller = new AbortController()
  const { signal } = controller
  const contentType = contentTypeOf(file.name)
  return { key: file.name, filePath: file.path, contentType, signal, onProgress }
}

export const cancelTask = () => controller.abort()

/** To resume, call the upload again with the same file and key. Multipart uploads only. */
export const pauseTask = () => controller.abort(PAUSE)

export function postFile(file: ChosenFile, onProgress?: (progress: Progress) => void) {
  return postObject({ ...start(file, onProgress), signPostForm })
}

export function putFile(file: ChosenFile) {
  return putObject({ ...start(file), signRequest })
}

/** `Body`: a text, or the ArrayBuffer of wx.base64ToArrayBuffer. */
export function putBody(key: string, data: string | ArrayBuffer) {
  return putObject({ key, data, contentType: contentTypeOf(key), signRequest })
}

export function sliceUploadFile(file: ChosenFile, onProgress?: (progress: Progress) => void) {
  return multipartUpload({ ...start(file, onProgress), partSize: 1024 * 1024, signRequest })
}

/** Bytes: up to here one request is enough. */
const SLICE_SIZE = 1024 * 1024

export function uploadFile(file: ChosenFile, onProgress?: (progress: Progress) => void) {
  return file.size > SLICE_SIZE ? sliceUploadFile(file, onProgress) : postFile(file, onProgress)
}

/** One after the other. A file that fails does not stop the next. */
export async function uploadFiles(
  files: ChosenFile[],
  onFileFinish: (error: unknown, uploaded: Uploaded | undefined, file: ChosenFile) => void,
): Promise<void> {
  for (const file of files) {
    const [error, uploaded] = await uploadFile(file).then(
      (done) => [undefined, done] as const,
      (failed: unknown) => [failed, undefined] as const,
    )
    onFileFinish(error, uploaded, file)
  }
}

/** Gives a temporary path in place of `Body`. */
export async function getObject(key: string): Promise<string> {
  const { tempFilePath } = await downloadObject({ key, signRequest })
  return tempFilePath
}

/** The other requests alike: it signs, and you send. */
export async function deleteObject(key: string): Promise<void> {
  const signed = await signRequest({ method: 'DELETE', key })
  await sendRequest(signed, { status: 204, action: 'name/cos:DeleteObject' })
}
