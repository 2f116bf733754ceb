import type COS from '../../cos/index'

/** Manual page: "Download sample 4. Specify the validity period of a link". */
export function getUrlForOneHour(
  cos: COS,
  photo: { Bucket: string; Region: string; Key: string },
  callback: (err: Error | null, url?: string) => void,
): void {
  cos.getObjectUrl(
    {
      Bucket: photo.Bucket,
      Region: photo.Region,
      Key: photo.Key,
      Sign: true,
      Expires: 3600, // seconds; the signature never outlives its temporary key
    },
    (err, data) => callback(err, data?.Url),
  )
}
