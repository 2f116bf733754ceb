import COS from '../cos/index'
import type { AbortSignal } from '../transfer/abort'
import { contentTypeOf } from '../transfer/content-type'
import { multipartUpload } from '../transfer/multipart-upload'

const cos = new COS({
  Bucket: 'examplebucket-1250000000',
  Region: 'ap-guangzhou',
  // Your backend asks STS for a temporary key: the app never holds a permanent one.
  getAuthorization: () =>
    new Promise((resolve, fail) => {
      wx.request({
        url: 'https://example.com/credentials',
        success({ data }) {
          const { credentials, startTime, expiredTime } = Object(data)
          resolve({
            TmpSecretId: credentials?.tmpSecretId,
            TmpSecretKey: credentials?.tmpSecretKey,
            SecurityToken: credentials?.sessionToken,
            StartTime: startTime,
            ExpiredTime: expiredTime,
          })
        },
        fail,
      })
    }),
})

/**
 * Uploads a large file part by part. To pause, abort with the reason 'pause'; to resume, call
 * it again with the same file and key. Any other abort removes the parts.
 */
export async function uploadInParts(
  filePath: string,
  key: string,
  signal: AbortSignal,
  onPercent: (percent: number) => void,
): Promise<void> {
  await multipartUpload({
    key,
    filePath,
    contentType: contentTypeOf(filePath),
    signRequest: cos.signRequest,
    signal,
    onProgress: ({ percent }) => onPercent(percent),
  })
}
