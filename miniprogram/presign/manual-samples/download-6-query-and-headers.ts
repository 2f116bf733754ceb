import type COS from '../../cos/index'

/** Manual page: "Download sample 6. Generate the pre-signed URL with … Query and Header". */
export function getUrlWithQueryAndHeaders(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
  host: string,
  callback: (err: Error | null, url?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: photo.Bucket,
      Region: photo.Region,
      Key: photo.Key,
      Sign: true,
      // The request must have exactly these parameters. A user cannot change them.
      Query: { 'imageMogr2/thumbnail/200x/': '' },
      // The host that the request goes to; the manual page has 'xxx'. It is also the default.
      Headers: { host },
    },
    (err, data) => callback(err, data?.Url),
  )
}
