import type COS from '../cos/index'

/** Manual page: "Upload sample 1. Get a pre-signed URL for Put Object upload". */
export function uploadByUrl(
  cos: COS,
  bucket: { Bucket: string; Region: string },
  file: ArrayBuffer,
  callback: (err: unknown) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: bucket.Bucket,
      Region: bucket.Region,
      Key: 'Profile photo.jpg',
      Method: 'PUT',
      Sign: true,
    },
    (err, data) => {
      if (err || !data) return callback(err)
      wx.request({
        url: data.Url, // its host must be in the request allowlist
        method: 'PUT', // as in getObjectUrl
        header: { 'Content-Type': 'image/jpeg' }, // without it, wx sends application/json
        dataType: '其他', // the response is not JSON; the manual page has "text"
        data: file,
        // wx calls success for every status, also for a refusal.
        success: ({ statusCode }) =>
          callback(statusCode === 200 ? null : new Error(`COS responded with ${statusCode}`)),
        fail: callback,
      })
    },
  )
}
