import type COS from '../cos/index'

/** Manual page: "Download sample 2. Get a signed object URL". */
export function getSignedUrl(cos: COS, bucket: { Bucket: string; Region: string }): string {
  // Signed only if COS was given SecretId and SecretKey, or has a temporary key already.
  return cos.getObjectUrl({
    Bucket: bucket.Bucket,
    Region: bucket.Region,
    Key: 'Profile photo.jpg',
  })
}
