/**
 * Presigned URLs for Tencent Cloud COS, without an SDK. Copy this folder: it needs nothing else.
 *
 * The names and samples of the manual page "Generating Pre-Signed URL" work as they stand there:
 * `COS.getAuthorization(options)` and `new COS(options).getObjectUrl(params, callback)`. New code
 * awaits `new COS(options).presign(params)`.
 */
import { authorization, canonical, fieldsOf, keyTime, type Pair } from './authorization'
import { urlEncode } from './encode'
import { signerError } from './errors'
import { objectPath, objectUrl, type ObjectUrl } from './object-url'
import type {
  AuthorizationOptions,
  AuthorizationRequest,
  COSOptions,
  Credentials,
  Fields,
  ObjectUrlParams,
  PresignedUrl,
  ReadyAuthorization,
  TemporaryKey,
} from './types'

export { postForm } from './post-form'
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

/** A request, checked and in canonical form. */
interface Target extends ObjectUrl {
  method: string
  query: Pair[]
  headers: Pair[]
}

/** A temporary key with less left than this, in seconds, is renewed. */
const RENEW_EARLY = 60

const AUTHORIZATION_FIELDS =
  'q-sign-algorithm q-ak q-sign-time q-key-time q-header-list q-url-param-list q-signature'

export default class COS {
  private readonly options: COSOptions
  private readonly kept = new Map<string, Credentials>()
  private readonly pending = new Map<string, Promise<Credentials | ReadyAuthorization>>()

  constructor(options: COSOptions = {}) {
    if (options.getAuthorization !== undefined && typeof options.getAuthorization !== 'function') {
      throw new TypeError('getAuthorization must be a function (request, callback)')
    }
    this.options = options
  }

  /**
   * The Authorization string of a request: for the header `Authorization`, or the URL parameter
   * `sign` (percent-encoded). For debugging: whoever can call this holds the SecretKey.
   * @throws TypeError naming the argument that is missing or wrong
   */
  static getAuthorization(options: AuthorizationOptions): string {
    const { Bucket, Region, Method, Key = '', Query, Headers, Expires, Clock = Date.now } = options
    checkCredentials(options)
    const host = Bucket && Region ? objectUrl({ Bucket, Region, Key: '' }).host : ''
    return authorization({
      SecretId: options.SecretId,
      SecretKey: options.SecretKey,
      KeyTime: keyTime({ now: Clock(), Expires }),
      Method: methodName(Method),
      Pathname: objectPath(Key),
      Query: canonical('Query', Query),
      Headers: canonical('Headers', withHost(Headers, host)),
    })
  }

  /**
   * The URL of an object: signed when a key is at hand, otherwise unsigned, as the manual page has
   * it. The callback gets the signed URL in both cases, always later than the return.
   * @throws TypeError naming the argument that is missing or wrong
   */
  getObjectUrl(params: ObjectUrlParams, callback?: Callback): string {
    const target = this.target(params)
    if (params.Sign === false) return answer(plainUrl(target), callback)
    const key = this.keyAtHand(params)
    if (key) {
      try {
        return answer(this.sign(target, key, params.Expires).url, callback)
      } catch (error) {
        if (error instanceof TypeError || !callback) throw error
        return answer(plainUrl(target), callback, error as Error)
      }
    }
    if (callback) {
      this.authorize(target, params).then(
        (signed) => callback(null, { Url: signed.url }),
        (error: Error) => callback(error),
      )
    }
    return plainUrl(target)
  }

  /**
   * Signs a request. Like `getObjectUrl`, but a promise, and over `https:` unless told otherwise.
   * @throws TypeError naming the argument that is missing or wrong; a SignerError by its `code`
   */
  async presign(params: ObjectUrlParams): Promise<PresignedUrl> {
    const https = { ...params, Protocol: params.Protocol ?? this.options.Protocol ?? 'https:' }
    const target = this.target(https)
    const { url, end } = await this.authorize(target, params)
    const Headers: Record<string, string> = {}
    for (const [name, value] of Object.entries(params.Headers ?? {})) {
      const sent = value !== null && value !== undefined && !/^(host|content-length)$/i.test(name)
      if (sent) Headers[name] = String(value)
    }
    return { Url: url, Method: target.method.toUpperCase(), Headers, ExpiredTime: end }
  }

  private target(params: ObjectUrlParams): Target {
    const { Protocol, Domain } = this.options
    const location = objectUrl({
      ...params,
      Protocol: params.Protocol ?? Protocol,
      Domain: params.Domain ?? Domain,
    })
    return {
      ...location,
      method: methodName(params.Method),
      query: canonical('Query', params.Query),
      headers: canonical('Headers', withHost(params.Headers, location.host)),
    }
  }

  private sign(target: Target, key: Credentials, Expires?: number | string): Signed {
    const KeyTime = keyTime({ ...key, Expires, now: this.now() })
    const Authorization = authorization({
      SecretId: key.SecretId,
      SecretKey: key.SecretKey,
      KeyTime,
      Method: target.method,
      Pathname: target.pathname,
      Query: target.query,
      Headers: target.headers,
    })
    return signedUrl(target, { Authorization, SecurityToken: key.SecurityToken })
  }

  private async authorize(target: Target, params: ObjectUrlParams): Promise<Signed> {
    const key = this.keyAtHand(params) ?? (await this.fetchKey(target, params))
    return 'Authorization' in key ? signedUrl(target, key) : this.sign(target, key, params.Expires)
  }

  private keyAtHand({ Bucket, Region }: ObjectUrlParams): Credentials | undefined {
    const { SecretId, SecretKey } = this.options
    if (SecretId !== undefined || SecretKey !== undefined) {
      checkCredentials(this.options)
      return this.options as Credentials
    }
    const kept = this.kept.get(`${Bucket} ${Region}`)
    return kept && kept.ExpiredTime! - this.now() / 1000 > RENEW_EARLY ? kept : undefined
  }

  /** One fetch at a time: those who come meanwhile wait for it, and take its key if they may. */
  private async fetchKey(
    target: Target,
    params: ObjectUrlParams,
  ): Promise<Credentials | ReadyAuthorization> {
    const scope = `${params.Bucket} ${params.Region}`
    for (let other; (other = this.pending.get(scope));) {
      await other
      const key = this.keyAtHand(params)
      if (key) return key
    }
    const pending = this.ask(target, params).then(
      (answer) => {
        this.pending.delete(scope)
        if (!('Authorization' in answer) && !answer.ScopeLimit) this.kept.set(scope, answer)
        return answer
      },
      (error: Error) => {
        this.pending.delete(scope)
        throw error
      },
    )
    this.pending.set(scope, pending)
    return pending
  }

  private ask(
    target: Target,
    params: ObjectUrlParams,
  ): Promise<(Credentials & { ScopeLimit?: boolean }) | ReadyAuthorization> {
    const { getAuthorization } = this.options
    return new Promise((resolve, reject) => {
      if (!getAuthorization) {
        throw signerError(
          'NO_CREDENTIALS',
          'new COS got neither SecretId and SecretKey nor getAuthorization',
        )
      }
      const request: AuthorizationRequest = {
        Bucket: params.Bucket,
        Region: params.Region,
        Method: target.method,
        Key: params.Key ?? '',
        Pathname: target.pathname,
        Query: params.Query ?? {},
        Headers: withHost(params.Headers, target.host),
      }
      getAuthorization.call(this, request, (answer) => {
        try {
          resolve(readAnswer(answer))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  private now(): number {
    return (this.options.Clock ?? Date.now)()
  }
}

interface Signed {
  url: string
  /** Unix seconds. */
  end: number
}

/** The flat carrier: each part of the Authorization is a parameter of its own, encoded once more. */
function signedUrl(target: Target, { Authorization, SecurityToken }: ReadyAuthorization): Signed {
  const parts = Authorization.split('&').map((part) => {
    const at = part.indexOf('=')
    return `${part.slice(0, at)}=${urlEncode(part.slice(at + 1))}`
  })
  if (SecurityToken) parts.push(`x-cos-security-token=${urlEncode(SecurityToken)}`)
  for (const { key, value } of target.query) parts.push(`${key}=${value}`)
  const end = Number(/q-sign-time=\d+;(\d+)/.exec(Authorization)?.[1])
  return { url: `${target.url}?${parts.join('&')}`, end }
}

function plainUrl(target: Target): string {
  const query = target.query.map(({ key, value }) => `${key}=${value}`).join('&')
  return query ? `${target.url}?${query}` : target.url
}

function answer(url: string, callback?: Callback, error?: Error): string {
  if (callback) {
    void Promise.resolve().then(() => (error ? callback(error) : callback(null, { Url: url })))
  }
  return url
}

/** The host is signed once: the one of the caller, whatever its case, else the one of the URL. */
function withHost(headers: Fields | null | undefined, host: string): Fields {
  const all = fieldsOf('Headers', headers)
  for (const name of Object.keys(all)) {
    if (name.toLowerCase() === 'host' && !all[name]) delete all[name]
  }
  if (host && !Object.keys(all).some((name) => name.toLowerCase() === 'host')) all['Host'] = host
  return all
}

function methodName(method: string | null | undefined): string {
  if (method === null || method === undefined) return 'get'
  if (typeof method !== 'string' || !/^[a-z]+$/i.test(method)) {
    throw new TypeError(`Method must be an HTTP method, got ${String(method)}`)
  }
  return method.toLowerCase()
}

function checkCredentials({ SecretId, SecretKey }: Partial<Credentials>): void {
  if (typeof SecretId !== 'string' || !SecretId)
    throw new TypeError('SecretId must be a non-empty string')
  if (typeof SecretKey !== 'string' || !SecretKey)
    throw new TypeError('SecretKey must be a non-empty string')
}

function readAnswer(
  answer: TemporaryKey | ReadyAuthorization | string,
): (Credentials & { ScopeLimit?: boolean }) | ReadyAuthorization {
  const given = typeof answer === 'string' ? { Authorization: answer } : answer
  if (given && 'Authorization' in given) {
    const names = String(given.Authorization)
      .split('&')
      .map((part) => part.split('=')[0])
    if (names.join(' ') === AUTHORIZATION_FIELDS) return given
    throw signerError(
      'INVALID_CREDENTIALS',
      `getAuthorization must give an Authorization with the fields ${AUTHORIZATION_FIELDS}`,
    )
  }
  const wrong = (['TmpSecretId', 'TmpSecretKey', 'SecurityToken'] as const).find(
    (name) => typeof given?.[name] !== 'string' || !given[name],
  )
  if (wrong)
    throw signerError(
      'INVALID_CREDENTIALS',
      `getAuthorization must give ${wrong}, a non-empty string`,
    )
  if (!Number.isFinite(given.ExpiredTime)) {
    throw signerError(
      'INVALID_CREDENTIALS',
      'getAuthorization must give ExpiredTime in unix seconds',
    )
  }
  return {
    SecretId: given.TmpSecretId,
    SecretKey: given.TmpSecretKey,
    SecurityToken: given.SecurityToken,
    StartTime: given.StartTime,
    ExpiredTime: given.ExpiredTime,
    ScopeLimit: given.ScopeLimit,
  }
}
