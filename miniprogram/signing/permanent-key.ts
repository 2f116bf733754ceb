import { config } from '../config'
import { signWithKey, type KeyRequest } from './sign-with-key'
import type { Signing, SigningKey } from './types'

/** A key typed in by hand, and its bucket: names as in the manual page. */
export interface PermanentKey {
  SecretId: string
  SecretKey: string
  /** `<BucketName>-<APPID>`. */
  Bucket: string
  /** For example `ap-beijing`. */
  Region: string
  /** Default: the bucket's own host. */
  Domain?: string
  /** Default `https:`. */
  Protocol?: string
}

/** Neither a released app nor one under review may ask for a key: see `permanentKeyForm`. */
export function permanentKeyAllowed(): boolean {
  if (!config.permanentKeyForm && !config.serverUrl.startsWith('http://')) return false
  const { envVersion } = wx.getAccountInfoSync().miniProgram
  return envVersion === 'develop' || envVersion === 'trial'
}

/**
 * Signs on the phone with a permanent key: for debugging only. Take a key of a sub-account that may
 * do nothing but upload and download. It stays in memory.
 * @param now the phone's clock, in milliseconds
 * @throws Error `NO_CREDENTIALS` without a key, or in a build that takes none: now, and at every call
 */
export function permanentKeySigning(
  key: PermanentKey | undefined,
  now: () => number = Date.now,
): Signing {
  checkAllowed()
  if (!key?.SecretId || !key.SecretKey) throw noCredentials('SecretId and SecretKey are missing')
  /** How far COS is ahead of the phone's clock, in milliseconds. */
  let cosAhead = 0
  const signingKey: SigningKey = {
    ...key,
    Protocol: key.Protocol || 'https:',
    Clock: () => now() + cosAhead,
  }

  const keyFor = async ({ renew }: KeyRequest) => {
    checkAllowed()
    if (renew?.serverTime) cosAhead = renew.serverTime * 1000 - now()
    return signingKey
  }
  return { ...signWithKey(keyFor), userPrefix: () => Promise.resolve('') }
}

function checkAllowed(): void {
  if (!permanentKeyAllowed()) throw noCredentials('this build signs with no permanent key')
}

function noCredentials(message: string): Error {
  return Object.assign(new Error(message), { code: 'NO_CREDENTIALS', errorMessage: message })
}
