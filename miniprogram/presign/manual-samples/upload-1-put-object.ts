import type COS from '../../cos/index'

/** Manual page: "Upload sample 1. Get a pre-signed URL for Put Object upload". */
export function uploadByUrl(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
  file: ArrayBuffer,
  callback: (err: unknown) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: photo.Bucket,
      Region: photo.Region,
      Key: photo.Key,
      Method: 'PUT',
      Sign: true,
    },
    (err, data) => {
      if (err || !data) return callback(err)
      wx.request({
        url: data.Url, // its host must be in the request allowlist
        method: 'PUT', // as in getObjectUrl
        header: { 'Content-Type': 'image/jpeg' }, // without it, wx sends application/json
        dataType: 'text', // the response is not JSON
        data: file,
        // wx calls success for every status, also for a refusal.
        success: ({ statusCode }) =>
          callback(statusCode === 200 ? null : new Error(`COS responded with ${statusCode}`)),
        fail: callback,
      })
    },
  )
}
