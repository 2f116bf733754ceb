import type COS from '../../cos/index'

/** Manual page: "Download sample 2. Get a signed object URL". */
export function getSignedUrl(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
): string {
  // Signed only if COS was given SecretId and SecretKey, or has a temporary key already.
  return cos.getObjectUrl({
    Bucket: photo.Bucket,
    Region: photo.Region,
    Key: photo.Key,
  })
}
