/**
 * Presigned URLs for Tencent Cloud COS, without an SDK. Copy this folder: it needs nothing else.
 *
 * The names and samples of the manual page "Generating Pre-Signed URL" work as they stand there:
 * `COS.getAuthorization(options)` and `new COS(options).getObjectUrl(params, callback)`. New code
 * awaits `new COS(options).presign(params)`.
 */
import { authorization, canonical, keyTime, type CanonicalRequest } from './authorization'
import { urlEncode } from './encode'
import { objectPath, objectUrl, type ObjectUrl } from './object-url'
import { TemporaryKeys } from './temporary-keys'
import type {
  AuthorizationOptions,
  COSOptions,
  Credentials,
  Fields,
  ObjectUrlParams,
  PresignedUrl,
  ReadyAuthorization,
} from './types'

export { keyProblem } from './object-key'
export { postForm } from './post-form'
export type { KeyProblem } from './object-key'
export type { SignerError, SignerErrorCode } from './errors'
export type {
  AuthorizationOptions,
  AuthorizationRequest,
  COSOptions,
  Credentials,
  Fields,
  Method,
  ObjectLocation,
  ObjectUrlParams,
  PostForm,
  PostFormOptions,
  PresignedUrl,
  ReadyAuthorization,
  SignableForm,
  SignableRequest,
  SignedForm,
  SignedRequest,
  SignPostForm,
  SignRequest,
  TemporaryKey,
} from './types'

type Callback = (error: Error | null, data?: { Url: string }) => void

/** A request, checked and in canonical form, and where it goes. */
type Target = CanonicalRequest & ObjectUrl

export default class COS {
  private readonly options: COSOptions
  private readonly keys: TemporaryKeys

  constructor(options: COSOptions = {}) {
    const { getAuthorization, Clock = Date.now } = options
    if (getAuthorization !== undefined && typeof getAuthorization !== 'function') {
      throw new TypeError('getAuthorization must be a function (request, callback)')
    }
    this.options = { ...options, Clock }
    this.keys = new TemporaryKeys(getAuthorization, Clock)
  }

  /**
   * The Authorization string of a request: for the header `Authorization`, or the URL parameter
   * `sign` (percent-encoded). For debugging: whoever can call this holds the SecretKey.
   * @throws TypeError naming the argument that is missing or wrong
   */
  static getAuthorization(options: AuthorizationOptions): string {
    const { Bucket, Region, Clock = Date.now } = options
    checkCredentials(options)
    const host = Bucket && Region ? objectUrl({ Bucket, Region, Key: '' }).host : ''
    return authorization(options, keyTime(Clock(), options.Expires), {
      method: methodName(options.Method),
      pathname: objectPath(options.Key),
      query: canonical('Query', options.Query),
      headers: canonical('Headers', withHost(options.Headers, host)),
    })
  }

  /**
   * The URL of an object: signed when a key is at hand, otherwise unsigned, as the manual page has
   * it. The callback gets the signed URL in both cases, always later than the return.
   * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED` when
   * there is no callback to tell
   */
  getObjectUrl(params: ObjectUrlParams, callback?: Callback): string {
    const target = toTarget(params, this.options)
    if (params.Sign === false) return later(unsignedUrl(target), callback)
    const key = this.keyAtHand(params.Bucket)
    if (key) {
      try {
        return later(signedUrl(target, this.signWith(key, target, params)), callback)
      } catch (error) {
        if (!callback || error instanceof TypeError) throw error
      }
    }
    if (callback) {
      this.sign(target, params).then(
        (signed) => callback(null, { Url: signedUrl(target, signed) }),
        (error: Error) => callback(error),
      )
    }
    return unsignedUrl(target)
  }

  /**
   * Signs a request. Like `getObjectUrl`, but a promise, and over `https:` unless told otherwise.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`
   */
  async presign(params: ObjectUrlParams): Promise<PresignedUrl> {
    const target = toTarget(params, { Protocol: 'https:', ...this.options })
    const signed = await this.sign(target, params)
    return {
      Url: signedUrl(target, signed),
      Method: target.method.toUpperCase(),
      Headers: headersToSet(params.Headers),
      ExpiredTime: Number(/q-sign-time=\d+;(\d+)/.exec(signed.Authorization)?.[1]),
    }
  }

  private async sign(target: Target, params: ObjectUrlParams): Promise<ReadyAuthorization> {
    const key =
      this.keyAtHand(params.Bucket) ??
      (await this.keys.fetch({
        Bucket: params.Bucket,
        Region: params.Region,
        Method: target.method,
        Key: params.Key,
        Pathname: target.pathname,
        Query: params.Query ?? {},
        Headers: withHost(params.Headers, target.host),
      }))
    return 'Authorization' in key ? key : this.signWith(key, target, params)
  }

  private signWith(key: Credentials, target: Target, params: ObjectUrlParams): ReadyAuthorization {
    const KeyTime = keyTime(this.options.Clock!(), params.Expires, key)
    const { SecurityToken } = key
    return { Authorization: authorization(key, KeyTime, target), SecurityToken }
  }

  private keyAtHand(bucket: string): Credentials | undefined {
    const { SecretId, SecretKey } = this.options
    if (SecretId === undefined && SecretKey === undefined) return this.keys.atHand(bucket)
    return checkCredentials(this.options)
  }
}

function toTarget(params: ObjectUrlParams, defaults: COSOptions): Target {
  const { host, pathname, url } = objectUrl(params, defaults)
  return {
    host,
    pathname,
    url,
    method: methodName(params.Method),
    query: canonical('Query', params.Query),
    headers: canonical('Headers', withHost(params.Headers, host)),
  }
}

/** The flat carrier: each part of the Authorization is a parameter, its value encoded once more. */
function signedUrl(target: Target, { Authorization, SecurityToken }: ReadyAuthorization): string {
  const signature = Authorization.replace(/[^\w.~&=-]/g, urlEncode)
  const token = SecurityToken ? `&x-cos-security-token=${urlEncode(SecurityToken)}` : ''
  const query = queryText(target)
  return `${target.url}?${signature}${token}${query && '&'}${query}`
}

function unsignedUrl(target: Target): string {
  const query = queryText(target)
  return target.url + (query && '?') + query
}

function queryText({ query }: Target): string {
  return query.map(({ key, value }) => `${key}=${value}`).join('&')
}

function later(Url: string, callback?: Callback): string {
  if (callback) void Promise.resolve().then(() => callback(null, { Url }))
  return Url
}

/** The host is signed once: the one of the caller, whatever its case, else the one of the URL. */
function withHost(headers: Fields | null | undefined, host: string): Fields {
  if (headers === null || headers === undefined) return host ? { Host: host } : {}
  if (typeof headers !== 'object') throw new TypeError('Headers must be an object {name: value}')
  const all = { ...headers }
  const own = Object.keys(all).find((name) => /^host$/i.test(name))
  if (own !== undefined && all[own]) return all
  if (own !== undefined) delete all[own]
  return host ? { ...all, Host: host } : all
}

/** Host and Content-Length are signed but set by the platform: wx refuses to be told them. */
function headersToSet(headers: Fields | null | undefined): Record<string, string> {
  const set: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === null || value === undefined || /^(host|content-length)$/i.test(name)) continue
    set[name] = String(value)
  }
  return set
}

function methodName(method: string | null | undefined): string {
  if (method === null || method === undefined) return 'get'
  if (typeof method !== 'string' || !/^[a-z]+$/i.test(method)) {
    throw new TypeError(`Method must be an HTTP method, got ${String(method)}`)
  }
  return method.toLowerCase()
}

function checkCredentials(given: Partial<Credentials>): Credentials {
  for (const name of ['SecretId', 'SecretKey'] as const) {
    if (typeof given[name] !== 'string' || !given[name]) {
      throw new TypeError(`${name} must be a non-empty string`)
    }
  }
  return given as Credentials
}
