import {
  authorization,
  canonicalFields,
  checkCredentials,
  keyTime,
  time,
  type CanonicalRequest,
} from './authorization'
import { urlEncode } from './encode'
import { checkText, invalidArgument } from './errors'
import { objectUrl, type ObjectUrl } from './object-url'
import type { Credentials, ObjectLocation, ObjectUrlParams, ReadyAuthorization } from './types'

/** A checked request in canonical form, and its address. */
export type PreparedRequest = CanonicalRequest & ObjectUrl

/**
 * A presigned URL by a given key, without a promise. `https:` by default, as `presign`.
 * @param Clock gives the current time in milliseconds
 * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED`
 */
export function presignedUrl(
  key: Credentials,
  params: Omit<ObjectUrlParams, 'Sign'>,
  Clock?: () => number,
): string {
  const request = prepareRequest(params, { Protocol: 'https:' })
  return buildUrl(request, sign(checkCredentials(key), request, params.Expires, Clock))
}

/** @throws TypeError naming the argument that is missing or wrong */
export function prepareRequest(
  params: Omit<ObjectUrlParams, 'Sign'>,
  defaults?: Partial<ObjectLocation>,
): PreparedRequest {
  const { host, pathname, url } = objectUrl(params, defaults)
  return {
    host,
    pathname,
    url,
    method: methodName(params.Method),
    query: canonicalFields('Query', params.Query),
    headers: canonicalFields('Headers', params.Headers, host),
  }
}

/** The plain URL, or the flat carrier: the parts of the Authorization, each value encoded once more. */
export function buildUrl({ url, query }: PreparedRequest, signed?: ReadyAuthorization): string {
  const params = query.map(({ key, value }) => `${key}=${value}`)
  if (signed) {
    const { Authorization, SecurityToken } = signed
    const token = SecurityToken ? urlEncode(SecurityToken, 'SecurityToken') : ''
    if (token && query.some(({ name }) => name === 'x-cos-security-token')) {
      throw invalidArgument('Query', 'without SecurityToken', {})
    }
    if (token) params.unshift(`x-cos-security-token=${token}`)
    params.unshift(Authorization.replace(/%/g, '%25').replace(/;/g, '%3B'))
  }
  return params.length > 0 ? `${url}?${params.join('&')}` : url
}

export function sign(
  key: Credentials,
  request: PreparedRequest,
  Expires: number | string | undefined,
  Clock: (() => number) | undefined,
): ReadyAuthorization {
  const Authorization = authorization(key, keyTime(time(Clock), Expires, key), request)
  return { Authorization, SecurityToken: key.SecurityToken }
}

export function methodName(method: string | null | undefined): string {
  return checkText('Method', method ?? 'get', /^[a-z]+$/i, 'an HTTP method').toLowerCase()
}
