import { checkCredentials, unixSeconds } from './authorization'
import { signerError } from './errors'
import type { AuthorizationRequest, COSOptions, Credentials, ReadyAuthorization } from './types'

/** What can sign a request, or has signed it already. */
export type KeyOrAuthorization = Credentials | ReadyAuthorization

export interface TemporaryKeys {
  /** The cached key of a bucket, unless it expires soon. */
  cached(bucket: string): Credentials | undefined
  /** Drops the cached key of a bucket, unless another one is being fetched. */
  drop(bucket: string): void
  /**
   * A key for a request, or its Authorization. Waits for another fetch for the same bucket, and
   * shares its key.
   * @throws SignerError `NO_CREDENTIALS`, `INVALID_CREDENTIALS`
   */
  fetch(request: AuthorizationRequest): Promise<KeyOrAuthorization>
}

/** Seconds. */
const REFRESH_BEFORE_EXPIRY = 60

/**
 * Temporary keys by the `getAuthorization` of `new COS`: cached for each bucket, refreshed before
 * they expire, and fetched once however many requests wait for one.
 * @param now current time in milliseconds
 */
export function temporaryKeys(
  getAuthorization: COSOptions['getAuthorization'],
  now: () => number,
): TemporaryKeys {
  const cache = new Map<string, Credentials>()
  const pending = new Map<string, Promise<KeyOrAuthorization>>()

  function cached(bucket: string): Credentials | undefined {
    const key = cache.get(bucket)
    return key && key.ExpiredTime! - now() / 1000 > REFRESH_BEFORE_EXPIRY ? key : undefined
  }

  function drop(bucket: string): void {
    if (!pending.has(bucket)) cache.delete(bucket)
  }

  async function fetch(request: AuthorizationRequest): Promise<KeyOrAuthorization> {
    const bucket = request.Bucket
    while (pending.has(bucket)) {
      await pending.get(bucket)
      const key = cached(bucket)
      if (key) return key
    }
    const fetched = ask(request).finally(() => pending.delete(bucket))
    pending.set(bucket, fetched)
    return fetched
  }

  async function ask(request: AuthorizationRequest): Promise<KeyOrAuthorization> {
    if (!getAuthorization) throw signerError('NO_CREDENTIALS', 'no key')
    const answer = await new Promise<unknown>((resolve, reject) => {
      Promise.resolve(getAuthorization(request, resolve)).then((key) => key && resolve(key), reject)
    })
    const given = Object(typeof answer === 'string' ? { Authorization: answer } : answer)
    if ('Authorization' in given) {
      if (/^q-sign-algorithm=sha1&.*&q-signature=\w+$/.test(given.Authorization)) return given
      throw missingField('Authorization')
    }
    for (const name of ['TmpSecretId', 'TmpSecretKey', 'SecurityToken', 'ExpiredTime']) {
      if (!given[name]) throw missingField(name)
    }
    const key = { ...given, SecretId: given.TmpSecretId, SecretKey: given.TmpSecretKey }
    unixSeconds('ExpiredTime', key.ExpiredTime)
    if (!given.ScopeLimit) cache.set(request.Bucket, checkCredentials(key))
    return key
  }

  return { cached, drop, fetch }
}

/** The answer of `getAuthorization` lacks a field, or has one that cannot sign. */
export function missingField(name: string): Error {
  return signerError('INVALID_CREDENTIALS', `getAuthorization gave no ${name}`)
}
