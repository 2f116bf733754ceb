import type COS from '../cos/index'

/** Manual page: "Download sample 1. Get an object URL without a signature". */
export function getUnsignedUrl(cos: COS, bucket: { Bucket: string; Region: string }): string {
  // Opens only objects that anybody may read.
  return cos.getObjectUrl({
    Bucket: bucket.Bucket,
    Region: bucket.Region,
    Key: 'Profile photo.jpg',
    Sign: false,
  })
}
