import type COS from '../cos/index'

/** Manual page: "Download sample 6. Generate the pre-signed URL with … Query and Header". */
export function getUrlWithQueryAndHeaders(
  cos: COS,
  bucket: { Bucket: string; Region: string },
  callback: (err: Error | null, url?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: bucket.Bucket,
      Region: bucket.Region,
      Key: 'Profile photo.jpg',
      Sign: true,
      // The request must have exactly these parameters. A user cannot change them.
      Query: { 'imageMogr2/thumbnail/200x/': '' },
      // The request must go to this host. Without Headers, the host of the bucket is signed.
      Headers: { host: `${bucket.Bucket}.cos.${bucket.Region}.myqcloud.com` },
    },
    (err, data) => callback(err, data?.Url),
  )
}
