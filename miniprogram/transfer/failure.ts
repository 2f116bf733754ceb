import { headerOf, type Headers } from './answer'
import { elementOf } from './xml'

/**
 * Every way in which a transfer can fail, as one stable code to branch on. What a person reads about
 * each is the app's business. An error of the signer that has a `code` of its own keeps that.
 */
export type FailureCode =
  /** The person, or `cancel()`, ended it. */
  | 'CANCELLED'
  /** The host is not in the allowlist of this API in the WeChat console. */
  | 'DOMAIN_NOT_ALLOWED'
  /** The privacy declaration of the mini program does not name this API. */
  | 'PRIVACY_NOT_DECLARED'
  /** The person refused the privacy agreement. */
  | 'PRIVACY_REFUSED'
  | 'TIMEOUT'
  /** The app was in the background for more than five seconds. */
  | 'INTERRUPTED'
  | 'NETWORK'
  /** Another wx call failed: `errMsg` says which, and why. */
  | 'WX_FAILED'
  /** The chosen file is gone (temporary files end with the session) or cannot be read. */
  | 'FILE_UNREADABLE'
  /** The file is not the one that the upload began with. */
  | 'FILE_CHANGED'
  /** Larger than this way of moving files takes: `limit`. */
  | 'FILE_TOO_LARGE'
  /** The storage of the mini program takes no more, so an upload cannot be resumed after its end. */
  | 'STORAGE_REFUSED'
  /** There is no key to sign with. */
  | 'NO_CREDENTIALS'
  /** Our own server does not answer. */
  | 'SERVER_UNREACHABLE'
  /** Our own server answers, but not with what was asked for. */
  | 'SERVER_REFUSED'
  /** Our own server does not let this user use this key. */
  | 'KEY_NOT_ALLOWED'
  /** COS: the time of the signature is over. */
  | 'URL_EXPIRED'
  /** COS: the temporary key is over. */
  | 'CREDENTIALS_EXPIRED'
  /** COS: the clock is off by more than 15 minutes. */
  | 'CLOCK_SKEW'
  /** COS: what was sent is not what was signed. */
  | 'SIGNATURE_MISMATCH'
  /** COS: the key that signed may not do this. */
  | 'ACCESS_DENIED'
  /** COS: the SecretId, or its token, is unknown. */
  | 'INVALID_KEY_ID'
  | 'NO_SUCH_KEY'
  | 'NO_SUCH_BUCKET'
  /** COS: the multipart upload was aborted, or completed by somebody else. */
  | 'NO_SUCH_UPLOAD'
  /** COS: a condition of the request is not met, such as "do not overwrite". */
  | 'PRECONDITION_FAILED'
  /** COS holds another object than the one that was sent. */
  | 'NOT_VERIFIED'
  /** COS: busy or broken (5xx, 429); worth another try. */
  | 'COS_UNAVAILABLE'
  /** COS: any other answer that is not a success. */
  | 'UNEXPECTED_STATUS'
  /** A fault of this program. */
  | 'UNEXPECTED'

/** What is known about a failure besides its code. */
export interface FailureDetails {
  /** HTTP status of the answer. */
  statusCode?: number
  /** `Code` and `Message` of COS's error document, or of our server's. */
  errorCode?: string
  errorMessage?: string
  /** `x-cos-request-id`: what Tencent's support asks for. */
  requestId?: string
  /** `errMsg` of the wx call. */
  errMsg?: string
  /** The wx API that failed, which is the name of its allowlist, too: `request`. */
  api?: string
  /** Where the request went: scheme, host and port, as the allowlists want it. */
  origin?: string
  /** What a policy must allow for the request: `name/cos:PutObject`. */
  action?: string
  /** Of a file that is too large: what is allowed, in bytes. */
  limit?: number
  /** COS's time when it refused, in unix seconds. */
  serverTime?: number
  /** Of a signature that does not match: COS's error document, which says what COS has signed. */
  answer?: string
  /** Of `UNEXPECTED`: what was thrown. */
  cause?: unknown
}

export interface Failure extends Error, FailureDetails {
  code: FailureCode
}

/** An answer of COS that was no success. */
export interface Refusal {
  statusCode: number
  headers: Headers
  /** The error document, or what came instead of it. */
  body: string
  /** What was refused, such as `name/cos:PutObject`. */
  action?: string
}

const BY_COS_CODE = new Map<string, FailureCode>(
  Object.entries({
    AccessDenied: 'ACCESS_DENIED',
    EntityTooLarge: 'FILE_TOO_LARGE',
    ExpiredToken: 'CREDENTIALS_EXPIRED',
    FileAlreadyExists: 'PRECONDITION_FAILED',
    InternalError: 'COS_UNAVAILABLE',
    InvalidAccessKeyId: 'INVALID_KEY_ID',
    NoSuchBucket: 'NO_SUCH_BUCKET',
    NoSuchKey: 'NO_SUCH_KEY',
    NoSuchUpload: 'NO_SUCH_UPLOAD',
    PreconditionFailed: 'PRECONDITION_FAILED',
    RequestTimeout: 'TIMEOUT',
    RequestTimeTooSkewed: 'CLOCK_SKEW',
    ServiceUnavailable: 'COS_UNAVAILABLE',
    SignatureDoesNotMatch: 'SIGNATURE_MISMATCH',
    SlowDown: 'COS_UNAVAILABLE',
  } as const),
)

/** The answer to a HEAD has a status, and nothing else. */
const BY_STATUS = new Map<number, FailureCode>([
  [403, 'ACCESS_DENIED'],
  [404, 'NO_SUCH_KEY'],
  [412, 'PRECONDITION_FAILED'],
])

/**
 * How wx says what is wrong: in words or as errno. The first that fits is meant.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
 */
const BY_ERR_MSG: [words: RegExp, code: FailureCode, errno?: number][] = [
  [/:fail (cancel(l?ed)?|abort)\b/i, 'CANCELLED'],
  [/not in domain list/i, 'DOMAIN_NOT_ALLOWED', 600002],
  [/not declared in the privacy agreement/i, 'PRIVACY_NOT_DECLARED', 112],
  [/privacy permission is not authorized/i, 'PRIVACY_REFUSED'],
  [/time.?out/i, 'TIMEOUT', 5],
  [/interrupted/i, 'INTERRUPTED', 600003],
  [/maximum size of the file/i, 'FILE_TOO_LARGE', 1300202],
  // What any other failure of an API comes down to.
  [/no such file|file not (found|exist)/i, 'FILE_UNREADABLE'],
  [/^(access|getFileInfo|open|read|readFile):/, 'FILE_UNREADABLE'],
  [/^setStorage(Sync)?:/, 'STORAGE_REFUSED'],
  [/^(request|uploadFile|downloadFile):/, 'NETWORK'],
  [/(?:)/, 'WX_FAILED'],
]

export function failure(code: FailureCode, details: FailureDetails = {}): Failure {
  const { errorMessage, errMsg, statusCode } = details
  const message = [code, statusCode, errorMessage ?? errMsg].filter(Boolean).join(': ')
  return Object.assign(new Error(message), details, { code })
}

/** What a wx call gave to `fail`, `{ errMsg, errno }`, and the URL that it was given, if any. */
export function wxFailure(error: { errMsg?: string; errno?: number }, url = ''): Failure {
  // A signed URL that wx quotes would carry the signature and the token into logs.
  const errMsg = (error.errMsg ?? '').replace(/\?[^\s"']+/g, '?…')
  const { errno = 0 } = error
  const [, code] = BY_ERR_MSG.find(([words, , number]) => number === errno || words.test(errMsg))!
  const api = /^(\w+):/.exec(errMsg)?.[1]
  const origin = /^https?:\/\/[^/?#]+/.exec(url)?.[0]
  return failure(code, { errMsg, api, origin })
}

/** What COS answered instead of a success: `wx` hands it to `success` whatever its status. */
export function cosFailure({ statusCode, headers, body, action }: Refusal): Failure {
  const errorCode = elementOf(body, 'Code')
  const errorMessage = elementOf(body, 'Message')
  const time = Date.parse(headerOf(headers, 'date') || elementOf(body, 'ServerTime') || '')
  const code = cosCode(statusCode, body, errorCode, errorMessage)
  return failure(code, {
    statusCode,
    errorCode,
    errorMessage,
    requestId: headerOf(headers, 'x-cos-request-id') || elementOf(body, 'RequestId'),
    serverTime: time > 0 ? time / 1000 : undefined,
    action,
    answer: code === 'SIGNATURE_MISMATCH' ? beginning(body) : undefined,
  })
}

/** Characters of an error document that are kept: it is shorter, and anything longer is none. */
const LONGEST_ANSWER = 8192

/** No half a surrogate pair: that could not be encoded. */
function beginning(text: string): string {
  return text.slice(0, LONGEST_ANSWER).replace(/[\ud800-\udbff]$/, '')
}

const KEY_AT_FAULT: FailureCode[] = [
  'CLOCK_SKEW',
  'CREDENTIALS_EXPIRED',
  'INVALID_KEY_ID',
  'URL_EXPIRED',
]

/** Whether COS has something against the key or the clock that signed. A HEAD gives no reason. */
export function isKeyAtFault(error: unknown): boolean {
  const { code, statusCode, errorCode } = asFailure(error)
  return KEY_AT_FAULT.includes(code) || (statusCode === 403 && errorCode === undefined)
}

const TRANSIENT: FailureCode[] = [
  'COS_UNAVAILABLE',
  'INTERRUPTED',
  'NETWORK',
  'SERVER_UNREACHABLE',
  'TIMEOUT',
]

/** Whether the same request can succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  const { code, statusCode = 0 } = asFailure(error)
  const isServerBusy = code === 'SERVER_REFUSED' && (statusCode >= 500 || statusCode === 429)
  return TRANSIENT.includes(code) || isServerBusy
}

/** Any error as a Failure: what has a `code` keeps it, a fault of the program is UNEXPECTED. */
export function asFailure(error: unknown): Failure {
  const known = error as Partial<Failure> | undefined
  if (known?.code) return known as Failure
  if (known?.errMsg) return wxFailure(known)
  return failure('UNEXPECTED', { errorMessage: String(known?.message ?? error), cause: error })
}

function cosCode(status: number, body: string, code = '', message = ''): FailureCode {
  if (code === 'AccessDenied' && /has (been )?expired/.test(message)) return 'URL_EXPIRED'
  const known = BY_COS_CODE.get(code) ?? (body === '' ? BY_STATUS.get(status) : undefined)
  if (known) return known
  return status >= 500 || status === 429 ? 'COS_UNAVAILABLE' : 'UNEXPECTED_STATUS'
}
