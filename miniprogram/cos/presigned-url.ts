import {
  authorization,
  canonical,
  checkCredentials,
  keyTime,
  time,
  type CanonicalRequest,
} from './authorization'
import { urlEncode } from './encode'
import { checkText, misuse } from './errors'
import { objectUrl, type ObjectUrl } from './object-url'
import type { Credentials, ObjectUrlParams, ReadyAuthorization } from './types'

/** A request, checked and in canonical form, and where it goes. */
export type Target = CanonicalRequest & ObjectUrl

/**
 * A presigned URL by a key at hand: all that `getObjectUrl` needs when it need not wait for a key.
 * @param Clock gives the current time in milliseconds
 * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED`
 */
export function presignedUrl(
  key: Credentials,
  params: Omit<ObjectUrlParams, 'Sign'>,
  Clock?: () => number,
): string {
  const target = toTarget(params)
  return toUrl(target, signWith(checkCredentials(key), target, params.Expires, Clock))
}

/** @throws TypeError naming the argument that is missing or wrong */
export function toTarget(
  params: Omit<ObjectUrlParams, 'Sign'>,
  defaults?: { Protocol?: string | undefined; Domain?: string | undefined },
): Target {
  const { host, pathname, url } = objectUrl(params, defaults)
  return {
    host,
    pathname,
    url,
    method: methodName(params.Method),
    query: canonical('Query', params.Query),
    headers: canonical('Headers', params.Headers, host),
  }
}

/** The plain URL, or the flat carrier: the parts of the Authorization, each value encoded once more. */
export function toUrl({ url, query }: Target, signed?: ReadyAuthorization): string {
  const params = query.map(({ key, value }) => `${key}=${value}`)
  if (signed) {
    const { Authorization, SecurityToken } = signed
    const token = SecurityToken ? urlEncode(SecurityToken, 'SecurityToken') : ''
    if (token && query.some(({ name }) => name === 'x-cos-security-token')) {
      throw misuse('Query', 'without SecurityToken', {})
    }
    if (token) params.unshift(`x-cos-security-token=${token}`)
    params.unshift(Authorization.replace(/%/g, '%25').replace(/;/g, '%3B'))
  }
  return params.length > 0 ? `${url}?${params.join('&')}` : url
}

export function signWith(
  key: Credentials,
  target: Target,
  Expires: number | string | undefined,
  Clock: (() => number) | undefined,
): ReadyAuthorization {
  const Authorization = authorization(key, keyTime(time(Clock), Expires, key), target)
  return { Authorization, SecurityToken: key.SecurityToken }
}

export function methodName(method: string | null | undefined): string {
  return checkText('Method', method ?? 'get', /^[a-z]+$/i, 'an HTTP method').toLowerCase()
}
