import type { Credentials } from '../miniprogram/cos/index'
import type { Config } from './config'
import { createPolicy, type Purpose } from './policy'
import type { GetTemporaryKey } from './sts'

/** A temporary key as the signer takes it, with where and when its signatures are good. */
export interface SigningKey extends Credentials {
  Bucket: string
  Region: string
  Protocol: string
  Domain: string
  Clock: () => number
}

/**
 * The key that signs for a user: over the whole prefix, so that one serves all of the user's
 * requests of its purpose for half of its life. No signature outlives it.
 *
 * @throws ApiError 502 `STS_FAILED`
 */
export async function signingKey(
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
  purpose: Purpose,
  prefix: string,
): Promise<SigningKey> {
  const { config, getTemporaryKey, now } = services
  const temporaryKey = await getTemporaryKey(createPolicy(config, purpose, `${prefix}*`))
  return {
    SecretId: temporaryKey.credentials.tmpSecretId,
    SecretKey: temporaryKey.credentials.tmpSecretKey,
    SecurityToken: temporaryKey.credentials.sessionToken,
    StartTime: temporaryKey.startTime,
    ExpiredTime: temporaryKey.expiredTime,
    Bucket: config.bucket,
    Region: config.region,
    Protocol: config.protocol,
    Domain: config.domain,
    Clock: now,
  }
}
