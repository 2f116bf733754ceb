import COS from '../cos/index'
import { contentTypeOf } from '../transfer/content-type'
import { postObject } from '../transfer/post-object'

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

/** Uploads a file with wx.uploadFile, which sends a form and reports progress. */
export async function uploadWithForm(
  filePath: string,
  key: string,
  onPercent: (percent: number) => void,
): Promise<void> {
  await postObject({
    key,
    filePath,
    contentType: contentTypeOf(filePath),
    signPostForm: cos.signPostForm,
    onProgress: ({ percent }) => onPercent(percent),
  })
}
