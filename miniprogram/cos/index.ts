/**
 * Presigned URLs for Tencent Cloud COS, without an SDK. Copy this folder: it needs nothing else.
 *
 * The names and samples of the manual page "Generating Pre-Signed URL" work as they stand there:
 * `COS.getAuthorization(options)` and `new COS(options).getObjectUrl(params, callback)`. New code
 * awaits `new COS(options).presign(params)`, or hands `signRequest` to what sends the request.
 */
import {
  authorization,
  canonicalFields,
  checkCredentials,
  keyTime,
  time,
  type CanonicalField,
} from './authorization'
import { checkType, names, warnOfOthers } from './errors'
import { objectPath, objectUrl } from './object-url'
import { postForm } from './post-form'
import { buildUrl, methodName, prepareRequest, sign, type PreparedRequest } from './presigned-url'
import {
  missingField,
  temporaryKeys,
  type KeyOrAuthorization,
  type TemporaryKeys,
} from './temporary-keys'
import type {
  AuthorizationOptions,
  COSOptions,
  Credentials,
  ObjectLocation,
  ObjectUrlParams,
  PresignedUrl,
  ReadyAuthorization,
  Renewal,
  SignableForm,
  SignableRequest,
  SignedForm,
  SignedRequest,
} from './types'

export { explain } from './explain'
export { postForm } from './post-form'
export { presignedUrl } from './presigned-url'
export type { SignerError, SignerErrorCode } from './errors'
export type {
  AuthorizationOptions,
  AuthorizationRequest,
  BucketKey,
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
  Renewal,
  SignableForm,
  SignableRequest,
  SignedField,
  SignedForm,
  SignedRequest,
  TemporaryKey,
} from './types'

/** The names that each call takes. Other names have no effect and cause a warning. */
const KEY = 'SecretId SecretKey SecurityToken XCosSecurityToken StartTime ExpiredTime '
const PLACE = 'Bucket Region Protocol Domain UseAccelerate '
const REQUEST = 'Bucket Region Method Key Query Headers Expires '
const CONSTRUCTOR_OPTIONS = names(KEY + PLACE + 'Clock SystemClockOffset')
const AUTHORIZATION_OPTIONS = names(KEY + REQUEST + 'Pathname Clock SystemClockOffset')
const URL_PARAMS = names(PLACE + REQUEST + 'Sign')

type Callback = (error: Error | null, data?: { Url: string }) => void

export default class COS {
  private readonly options: COSOptions
  private readonly key: Credentials | undefined
  private readonly keys: TemporaryKeys
  /** How far COS's clock is ahead of `Clock`, in milliseconds: as given, then as COS tells it. */
  private offset: number

  /** Current time in milliseconds: by `Clock`, corrected by COS's time where a `renew` told it. */
  now = (): number => time(this.options.Clock) + this.offset

  constructor(options: COSOptions = {}) {
    checkType('options', options, 'object')
    const { getAuthorization } = options
    if (getAuthorization) checkType('getAuthorization', getAuthorization, 'function')
    const { SecretId, SecretKey } = options
    warnOfOthers(CONSTRUCTOR_OPTIONS, options)
    if ((SecretId ?? SecretKey) !== undefined) {
      const SecurityToken = options.XCosSecurityToken || options.SecurityToken
      this.key = checkCredentials({ ...options, SecurityToken })
    }
    this.options = options
    this.offset = Number(options.SystemClockOffset ?? 0)
    this.keys = temporaryKeys(getAuthorization, this.now)
  }

  /**
   * The Authorization string of a request: for the header `Authorization`, or the URL parameter
   * `sign` (percent-encoded). For debugging: it needs the SecretKey.
   * @throws TypeError naming the argument that is missing or wrong
   */
  static getAuthorization(options: AuthorizationOptions): string {
    const { Bucket, Region } = checkCredentials(options) as AuthorizationOptions
    const host = Bucket && Region ? objectUrl({ Bucket, Region, Key: '' }).host : ''
    warnOfOthers(AUTHORIZATION_OPTIONS, options)
    const now = time(options.Clock, options.SystemClockOffset)
    return authorization(options, keyTime(now, options.Expires), {
      method: methodName(options.Method),
      pathname: objectPath(options.Pathname || options.Key),
      query: canonicalFields('Query', options.Query),
      headers: canonicalFields('Headers', options.Headers, host),
    })
  }

  /**
   * The URL of an object: signed if a key is already there, otherwise unsigned, as the manual page
   * has it. The callback gets the signed URL in both cases, always after the return.
   * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED` when
   * there is no callback to tell
   */
  getObjectUrl(params: ObjectUrlParams, callback?: Callback): string {
    const request = prepareRequest(params, this.options)
    warnOfOthers(URL_PARAMS, params)
    if (callback) checkType('callback', callback, 'function')
    if (params.Sign === false) return callbackAsync(buildUrl(request), callback)
    const key = this.key ?? this.keys.cached(params.Bucket)
    try {
      if (key) {
        return callbackAsync(
          buildUrl(request, sign(key, request, params.Expires, this.now)),
          callback,
        )
      }
    } catch (error) {
      if (!callback || error instanceof TypeError) throw error
    }
    if (callback) {
      this.sign(request, params)
        .then((signed) => buildUrl(request, signed))
        .then((Url) => callback(null, { Url }), callback)
    }
    return buildUrl(request)
  }

  /**
   * Signs a request. Like `getObjectUrl`, but a promise, and `https:` by default.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`
   */
  async presign(params: Omit<ObjectUrlParams, 'Sign'>): Promise<PresignedUrl> {
    const request = prepareRequest(params, this.defaults())
    warnOfOthers(URL_PARAMS, params)
    const signed = await this.sign(request, params)
    return {
      Url: buildUrl(request, signed),
      Method: request.method.toUpperCase(),
      // Host and Content-Length are signed but set by the platform: wx refuses to be told them.
      Headers: toFields(
        request.headers.filter(({ name }) => !/^(host|content-length)$/.test(name)),
      ),
      ExpiredTime: Number(/-time=\d+;(\d+)/.exec(signed.Authorization)?.[1]),
    }
  }

  /**
   * Signs a request to the bucket of the options, in the shape that `transfer/` takes. Bound: hand
   * `cos.signRequest` on as it is. `renew` fetches a fresh key and corrects the clock.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`
   */
  signRequest = async ({
    method,
    key: Key,
    query,
    headers,
    expires,
    renew,
  }: SignableRequest): Promise<SignedRequest> => {
    const bucket = this.renewedBucket(renew)
    const params = { ...bucket, Method: method, Key, Query: query, Headers: headers }
    const { Url, Headers, ExpiredTime } = await this.presign({ ...params, Expires: expires })
    return { url: Url, method, headers: Headers, expiresAt: ExpiredTime }
  }

  /**
   * Signs a form upload (POST Object) to the bucket of the options. Bound, as `signRequest` is.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`,
   * `INVALID_CREDENTIALS` where `getAuthorization` gives an Authorization: it signs no form
   */
  signPostForm = async ({
    key: Key,
    contentType,
    maxBytes,
    expires,
    renew,
  }: SignableForm): Promise<SignedForm> => {
    const bucket = this.renewedBucket(renew)
    const params = { ...bucket, ...this.defaults(), Key, Method: 'post' }
    const credentials = await this.credentials(prepareRequest(params), params)
    if ('Authorization' in credentials) throw missingField('TmpSecretId')
    const form = { ContentType: contentType, MaxBytes: maxBytes, Expires: expires, Clock: this.now }
    const { Url, Fields, ExpiredTime } = postForm({ ...credentials, ...params, ...form })
    return { url: Url, fields: Fields, expiresAt: ExpiredTime }
  }

  private defaults(): Partial<ObjectLocation> {
    const { Protocol = 'https:', Domain, UseAccelerate } = this.options
    return { Protocol, Domain, UseAccelerate }
  }

  /** The bucket of the options. With `renew`, the next signature has a fresh key and COS's clock. */
  private renewedBucket(renew: Renewal | undefined): { Bucket: string; Region: string } {
    const { Bucket = '', Region = '', Clock } = this.options
    if (renew) this.keys.drop(Bucket)
    if (renew?.serverTime) this.offset = renew.serverTime * 1000 - time(Clock)
    return { Bucket, Region }
  }

  private async sign(
    request: PreparedRequest,
    params: Omit<ObjectUrlParams, 'Sign'>,
  ): Promise<ReadyAuthorization> {
    const key = await this.credentials(request, params)
    return 'Authorization' in key ? key : sign(key, request, params.Expires, this.now)
  }

  private credentials(
    request: PreparedRequest,
    { Bucket, Region, Key }: ObjectLocation,
  ): KeyOrAuthorization | Promise<KeyOrAuthorization> {
    return (
      this.key ??
      this.keys.cached(Bucket) ??
      this.keys.fetch({
        Bucket,
        Region,
        Method: request.method,
        Key,
        Pathname: request.pathname,
        Query: toFields(request.query),
        Headers: toFields(request.headers),
        Scope: [{ action: actionOf(request, Key), bucket: Bucket, region: Region, prefix: Key }],
      })
    )
  }
}

/** The action of a request, as policies name it. */
function actionOf({ method, query }: PreparedRequest, key: string): string {
  const has = (parameter: string) => query.some(({ name }) => name === parameter)
  const ofUpload = {
    get: 'ListParts',
    put: 'UploadPart',
    post: 'CompleteMultipartUpload',
    delete: 'AbortMultipartUpload',
  }[method]
  if (has('uploadid') && ofUpload) return `name/cos:${ofUpload}`
  if (has('uploads')) {
    return `name/cos:${method === 'post' ? 'InitiateMultipartUpload' : 'ListMultipartUploads'}`
  }
  return `name/cos:${method[0]!.toUpperCase()}${method.slice(1)}${key ? 'Object' : 'Bucket'}`
}

/** Calls back after the return, as an asynchronous signature does. */
function callbackAsync(Url: string, callback?: Callback): string {
  if (callback) void Promise.resolve().then(() => callback(null, { Url }))
  return Url
}

function toFields(fields: CanonicalField[]): Record<string, string> {
  return Object.fromEntries(
    fields.map(({ key, value }) => [decodeURIComponent(key), decodeURIComponent(value)]),
  )
}
