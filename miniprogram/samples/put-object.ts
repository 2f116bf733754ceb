import COS from '../cos/index'
import { contentTypeOf } from '../transfer/content-type'
import { putObject } from '../transfer/put-object'

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

/** Uploads a file of up to 50 MB with wx.request PUT. */
export async function uploadWithPut(filePath: string, key: string): Promise<void> {
  await putObject({
    key,
    filePath,
    contentType: contentTypeOf(filePath),
    signRequest: cos.signRequest,
  })
}
