import { checkCredentials, unixSeconds } from './authorization'
import { checkType, signerError } from './errors'
import type { AuthorizationRequest, COSOptions, Credentials, ReadyAuthorization } from './types'

/** A bare engine has no timers. */
declare const setTimeout: ((callback: () => void, milliseconds: number) => unknown) | undefined
declare function clearTimeout(timer: unknown): void

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

/** Milliseconds. WeChat's default timeout of wx.request is 60 s, and its error says more. */
const TIME_LIMIT = 70_000

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
    const answer = await withinLimit(getAuthorization, request)
    const given = Object(typeof answer === 'string' ? { Authorization: answer } : answer)
    const { Authorization, TmpSecretId: SecretId, TmpSecretKey: SecretKey } = given
    const SecurityToken = given.SecurityToken || given.XCosSecurityToken
    try {
      if ('Authorization' in given) {
        const isSignature = /^q-sign-algorithm=sha1&.*&q-signature=\w+$/.test(Authorization)
        if (!isSignature) throw missingField('Authorization')
        if (SecurityToken) checkType('SecurityToken', SecurityToken, 'string')
        return { Authorization, SecurityToken }
      }
      const missing = ['TmpSecretId', 'TmpSecretKey', 'ExpiredTime'].find((name) => !given[name])
      if (missing || !SecurityToken) throw missingField(missing ?? 'SecurityToken')
      const StartTime = unixSeconds('StartTime', Number(given.StartTime ?? 0))
      const ExpiredTime = unixSeconds('ExpiredTime', Number(given.ExpiredTime))
      const key = checkCredentials({ SecretId, SecretKey, SecurityToken, StartTime, ExpiredTime })
      if (!given.ScopeLimit) cache.set(request.Bucket, key)
      return key
    } catch (error) {
      throw signerError('INVALID_CREDENTIALS', (error as Error).message)
    }
  }

  return { cached, drop, fetch }
}

/**
 * What `getAuthorization` calls back with, or returns.
 * @throws SignerError `NO_CREDENTIALS` where it throws or never answers; its own error where that
 * has a `code`, or comes from wx
 */
async function withinLimit(
  getAuthorization: COSOptions['getAuthorization'],
  request: AuthorizationRequest,
): Promise<unknown> {
  if (!getAuthorization) throw signerError('NO_CREDENTIALS', 'no key')
  let timer: unknown
  try {
    return await new Promise((resolve, reject) => {
      const giveUp = () => reject(new Error('no answer in time'))
      if (typeof setTimeout === 'function') timer = setTimeout(giveUp, TIME_LIMIT)
      const returned = async () => getAuthorization(request, resolve)
      // `(options, callback) => wx.request(…)` returns a task, and calls back later.
      const isAnswer = (value: unknown) =>
        value !== undefined && (getAuthorization.length < 2 || looksLikeAnswer(value))
      returned().then((value) => isAnswer(value) && resolve(value), reject)
    })
  } catch (error) {
    const { code, errMsg, message = error } = Object(error)
    if (code || errMsg) throw error
    const failed = signerError('NO_CREDENTIALS', `getAuthorization: ${message}`)
    throw Object.assign(failed, { cause: error })
  } finally {
    if (timer) clearTimeout(timer)
  }
}

function looksLikeAnswer(value: unknown): boolean {
  const { Authorization, TmpSecretId } = Object(value)
  return typeof value === 'string' || !!(Authorization ?? TmpSecretId)
}

/** The answer of `getAuthorization` lacks a field, or has one that cannot sign. */
export function missingField(name: string): Error {
  return signerError('INVALID_CREDENTIALS', `getAuthorization gave no ${name}`)
}
