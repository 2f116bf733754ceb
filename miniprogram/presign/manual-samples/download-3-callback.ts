import type COS from '../../cos/index'

/** Manual page: "Download sample 3. Get a signed URL through callback". */
export function getUrlByCallback(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
  callback: (err: Error | null, url?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: photo.Bucket,
      Region: photo.Region,
      Key: photo.Key,
      Sign: true, // the manual page has false here, which gives an unsigned URL
    },
    (err, data) => callback(err, data?.Url),
  )
}
