import COS from '../cos/index'
import { downloadObject } from '../transfer/download-object'

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

/** Downloads an object with wx.downloadFile and gives its temporary path. */
export async function download(key: string): Promise<string> {
  const { tempFilePath } = await downloadObject({ key, signRequest: cos.signRequest })
  return tempFilePath
}
