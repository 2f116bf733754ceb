import type COS from '../../cos/index'

/** Manual page: "Download sample 5. Get the object URL and download the object". */
export function downloadByUrl(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
  callback: (err: unknown, tempFilePath?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: photo.Bucket,
      Region: photo.Region,
      Key: photo.Key,
      Sign: true,
    },
    (err, data) => {
      if (err || !data) return callback(err) // the manual page has if (!err): it never downloads
      wx.downloadFile({
        url: data.Url, // its host must be in the downloadFile allowlist
        success({ statusCode, tempFilePath }) {
          // wx calls success for every status: that of a refusal comes with COS's error document.
          if (statusCode === 200) callback(null, tempFilePath)
          else callback(new Error(`COS responded with ${statusCode}`))
        },
        fail: callback,
      })
    },
  )
}
