import type COS from '../../cos/index'

/** Manual page: "Download sample 1. Get an object URL without a signature". */
export function getUnsignedUrl(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
): string {
  // Opens only objects that anybody may read.
  return cos.getObjectUrl({
    Bucket: photo.Bucket,
    Region: photo.Region,
    Key: photo.Key,
    Sign: false,
  })
}
