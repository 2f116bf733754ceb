import { checkCredentials, unixSeconds } from './authorization'
import { signerError } from './errors'
import type { AuthorizationRequest, COSOptions, Credentials, ReadyAuthorization } from './types'

/** What can sign a request, or has signed it already. */
type Signatory = Credentials | ReadyAuthorization

export interface TemporaryKeys {
  /** The key that is kept for a bucket, if it lasts. */
  atHand(bucket: string): Credentials | undefined
  /**
   * A key for a request, or its Authorization. While another fetch for the bucket is under way it
   * waits, and takes that key if it may.
   * @throws SignerError `NO_CREDENTIALS`, `INVALID_CREDENTIALS`
   */
  fetch(request: AuthorizationRequest): Promise<Signatory>
}

/** A temporary key with less left than this, in seconds, is renewed. */
const RENEW_EARLY = 60

/**
 * Temporary keys by the `getAuthorization` of `new COS`: kept for each bucket, renewed early, and
 * fetched once, however many ask for one at the same time.
 * @param now current time in milliseconds
 */
export function temporaryKeys(
  getAuthorization: COSOptions['getAuthorization'],
  now: () => number,
): TemporaryKeys {
  const kept = new Map<string, Credentials>()
  const pending = new Map<string, Promise<Signatory>>()

  function atHand(bucket: string): Credentials | undefined {
    const key = kept.get(bucket)
    return key && key.ExpiredTime! - now() / 1000 > RENEW_EARLY ? key : undefined
  }

  async function fetch(request: AuthorizationRequest): Promise<Signatory> {
    const bucket = request.Bucket
    while (pending.has(bucket)) {
      await pending.get(bucket)
      const key = atHand(bucket)
      if (key) return key
    }
    const fetched = ask(request).finally(() => pending.delete(bucket))
    pending.set(bucket, fetched)
    return fetched
  }

  async function ask(request: AuthorizationRequest): Promise<Signatory> {
    if (!getAuthorization) throw signerError('NO_CREDENTIALS', 'no key')
    const answer = await new Promise<unknown>((resolve) => getAuthorization(request, resolve))
    const given = Object(typeof answer === 'string' ? { Authorization: answer } : answer)
    if ('Authorization' in given) {
      if (/^q-sign-algorithm=sha1&.*&q-signature=\w+$/.test(given.Authorization)) return given
      throw gaveNo('Authorization')
    }
    for (const name of ['TmpSecretId', 'TmpSecretKey', 'SecurityToken', 'ExpiredTime']) {
      if (!given[name]) throw gaveNo(name)
    }
    const key = { ...given, SecretId: given.TmpSecretId, SecretKey: given.TmpSecretKey }
    unixSeconds('ExpiredTime', key.ExpiredTime)
    if (!given.ScopeLimit) kept.set(request.Bucket, checkCredentials(key))
    return key
  }

  return { atHand, fetch }
}

function gaveNo(what: string): Error {
  return signerError('INVALID_CREDENTIALS', `getAuthorization gave no ${what}`)
}
