import { config } from '../config'
import COS, { type BucketKey } from '../cos/index'
import type { Signing } from './types'
import type { Wx } from './wx'

declare const wx: Wx

/** Neither a released app nor one under review may ask for a key: see `permanentKeyForm`. */
export function permanentKeyAllowed(): boolean {
  if (!config.permanentKeyForm && !config.serverUrl.startsWith('http://')) return false
  const { envVersion } = wx.getAccountInfoSync().miniProgram
  return envVersion === 'develop' || envVersion === 'trial'
}

/**
 * Signs on the phone with a permanent key that was typed in: for debugging only. Use a key of a
 * sub-account that may only upload and download. It stays in memory.
 * @throws Error `NO_CREDENTIALS` without a key, or in a release: now, and at every call
 * @throws TypeError naming the field of the key that is wrong
 */
export function permanentKeySigning(key: BucketKey | undefined): Signing {
  checkAllowed()
  if (!key?.SecretId || !key.SecretKey) throw noCredentials('SecretId and SecretKey are missing')
  const bucketKey = { ...key, Protocol: key.Protocol || 'https:' }
  const cos = new COS(bucketKey)
  checkSecretKey(key)
  const { Bucket, Region, Domain, Protocol } = bucketKey
  cos.getObjectUrl({ Bucket, Region, Domain, Protocol, Key: '', Sign: false }) // throws where the bucket is wrong
  return {
    async signRequest(request) {
      checkAllowed()
      return cos.signRequest(request)
    },
    async signPostForm(form) {
      checkAllowed()
      return cos.signPostForm(form)
    },
    async signingKey() {
      checkAllowed()
      return { ...bucketKey, Clock: cos.now }
    },
    userPrefix: () => Promise.resolve(''),
  }
}

function checkAllowed(): void {
  if (!permanentKeyAllowed()) throw noCredentials('this build signs with no permanent key')
}

/** A SecretId is no SecretKey, and neither has spaces. The error does not quote them. */
function checkSecretKey({ SecretId, SecretKey }: BucketKey): void {
  const isText = /^[!-~]+$/.test(SecretKey)
  if (isText && SecretKey !== SecretId && !SecretKey.startsWith('AKID')) return
  throw new TypeError('SecretKey must be the one that belongs to the SecretId, without spaces')
}

function noCredentials(message: string): Error {
  return Object.assign(new Error(message), { code: 'NO_CREDENTIALS', errorMessage: message })
}
