import type COS from '../cos/index'

/** Manual page: "Download sample 3. Get a signed URL through callback". */
export function getUrlByCallback(
  cos: COS,
  bucket: { Bucket: string; Region: string },
  callback: (err: Error | null, url?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: bucket.Bucket,
      Region: bucket.Region,
      Key: 'Profile photo.jpg',
      Sign: true, // the manual page has false here, which gives an unsigned URL
    },
    (err, data) => callback(err, data?.Url),
  )
}
