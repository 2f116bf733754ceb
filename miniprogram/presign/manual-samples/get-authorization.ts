import COS from '../../cos/index'

/** Manual page: "Obtain the authentication credential for object download". */
export function getAuthorization(
  key: { SecretId: string; SecretKey: string },
  Key: string,
): string {
  // For debugging only: an app that holds a permanent key discloses it.
  return COS.getAuthorization({
    SecretId: key.SecretId,
    SecretKey: key.SecretKey,
    Method: 'get',
    Key,
    Expires: 60,
    Query: {},
    Headers: {},
  })
}
