/**
 * Presigned URLs for Tencent Cloud COS, without an SDK. Copy this folder: it needs nothing else.
 *
 * The names and samples of the manual page "Generating Pre-Signed URL" work as they stand there:
 * `COS.getAuthorization(options)` and `new COS(options).getObjectUrl(params, callback)`. New code
 * awaits `new COS(options).presign(params)`.
 */
import {
  authorization,
  canonical,
  checkCredentials,
  keyTime,
  time,
  type Pair,
} from './authorization'
import { checkType } from './errors'
import { objectPath, objectUrl } from './object-url'
import { methodName, signWith, toTarget, toUrl, type Target } from './presigned-url'
import { temporaryKeys, type TemporaryKeys } from './temporary-keys'
import type {
  AuthorizationOptions,
  COSOptions,
  Credentials,
  ObjectUrlParams,
  PresignedUrl,
  ReadyAuthorization,
} from './types'

export { explain } from './explain'
export { postForm } from './post-form'
export { presignedUrl } from './presigned-url'
export type { SignerError, SignerErrorCode } from './errors'
export type {
  AuthorizationOptions,
  AuthorizationRequest,
  COSOptions,
  Credentials,
  Explanation,
  ExplainOptions,
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
  SignedField,
  SignedForm,
  SignedRequest,
  SignPostForm,
  SignRequest,
  TemporaryKey,
} from './types'

type Callback = (error: Error | null, data?: { Url: string }) => void

export default class COS {
  private readonly options: COSOptions
  private readonly key: Credentials | undefined
  private readonly keys: TemporaryKeys

  constructor(options: COSOptions = {}) {
    checkType('options', options, 'object')
    const { getAuthorization } = options
    if (getAuthorization) checkType('getAuthorization', getAuthorization, 'function')
    const { SecretId, SecretKey } = options
    if ((SecretId ?? SecretKey) !== undefined) this.key = checkCredentials(options)
    this.options = options
    this.keys = temporaryKeys(getAuthorization, () => time(options.Clock))
  }

  /**
   * The Authorization string of a request: for the header `Authorization`, or the URL parameter
   * `sign` (percent-encoded). For debugging: whoever can call this holds the SecretKey.
   * @throws TypeError naming the argument that is missing or wrong
   */
  static getAuthorization(options: AuthorizationOptions): string {
    const { Bucket, Region } = checkCredentials(options) as AuthorizationOptions
    const host = Bucket && Region ? objectUrl({ Bucket, Region, Key: '' }).host : ''
    return authorization(options, keyTime(time(options.Clock), options.Expires), {
      method: methodName(options.Method),
      pathname: objectPath(options.Key),
      query: canonical('Query', options.Query),
      headers: canonical('Headers', options.Headers, host),
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
    if (callback) checkType('callback', callback, 'function')
    if (params.Sign === false) return later(toUrl(target), callback)
    const key = this.key ?? this.keys.atHand(params.Bucket)
    try {
      if (key)
        return later(
          toUrl(target, signWith(key, target, params.Expires, this.options.Clock)),
          callback,
        )
    } catch (error) {
      if (!callback || error instanceof TypeError) throw error
    }
    if (callback) {
      this.sign(target, params)
        .then((signed) => toUrl(target, signed))
        .then((Url) => callback(null, { Url }), callback)
    }
    return toUrl(target)
  }

  /**
   * Signs a request. Like `getObjectUrl`, but a promise, and over `https:` unless told otherwise.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`
   */
  async presign(params: Omit<ObjectUrlParams, 'Sign'>): Promise<PresignedUrl> {
    const { Protocol = 'https:', Domain } = this.options
    const target = toTarget(params, { Protocol, Domain })
    const signed = await this.sign(target, params)
    return {
      Url: toUrl(target, signed),
      Method: target.method.toUpperCase(),
      // Host and Content-Length are signed but set by the platform: wx refuses to be told them.
      Headers: toFields(target.headers.filter(({ name }) => !/^(host|content-length)$/.test(name))),
      ExpiredTime: Number(/-time=\d+;(\d+)/.exec(signed.Authorization)?.[1]),
    }
  }

  private async sign(
    target: Target,
    params: Omit<ObjectUrlParams, 'Sign'>,
  ): Promise<ReadyAuthorization> {
    const key =
      this.key ??
      this.keys.atHand(params.Bucket) ??
      (await this.keys.fetch({
        Bucket: params.Bucket,
        Region: params.Region,
        Method: target.method,
        Key: params.Key,
        Pathname: target.pathname,
        Query: toFields(target.query),
        Headers: toFields(target.headers),
      }))
    return 'Authorization' in key ? key : signWith(key, target, params.Expires, this.options.Clock)
  }
}

function later(Url: string, callback?: Callback): string {
  if (callback) void Promise.resolve().then(() => callback(null, { Url }))
  return Url
}

function toFields(pairs: Pair[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map(({ key, value }) => [decodeURIComponent(key), decodeURIComponent(value)]),
  )
}
