/**
 * Every way in which a transfer can fail, as one stable code. What a person reads about each is
 * in `i18n/`; readers of this folder branch on `code`.
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
  /** Larger than this way of uploading takes. */
  | 'FILE_TOO_LARGE'
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
}

export interface Failure extends Error, FailureDetails {
  code: FailureCode
}

/** An answer of COS that was no success. */
export interface Refusal {
  statusCode: number
  /** The error document, or what came instead of it. */
  body: string
  requestId?: string
}

const BY_COS_CODE = new Map<string, FailureCode>(
  Object.entries({
    AccessDenied: 'ACCESS_DENIED',
    EntityTooLarge: 'FILE_TOO_LARGE',
    ExpiredToken: 'CREDENTIALS_EXPIRED',
    InvalidAccessKeyId: 'INVALID_KEY_ID',
    NoSuchBucket: 'NO_SUCH_BUCKET',
    NoSuchKey: 'NO_SUCH_KEY',
    RequestTimeTooSkewed: 'CLOCK_SKEW',
    SignatureDoesNotMatch: 'SIGNATURE_MISMATCH',
  } as const),
)

const BY_ERR_MSG: [RegExp, FailureCode][] = [
  [/:fail (cancel|abort)/i, 'CANCELLED'],
  [/not in domain list/i, 'DOMAIN_NOT_ALLOWED'],
  [/not declared in the privacy agreement/i, 'PRIVACY_NOT_DECLARED'],
  [/privacy permission is not authorized/i, 'PRIVACY_REFUSED'],
  [/time.?out/i, 'TIMEOUT'],
  [/interrupted/i, 'INTERRUPTED'],
  [/^(readFile|getFileInfo|access):fail|no such file|file not (found|exist)/i, 'FILE_UNREADABLE'],
  [/^(request|uploadFile|downloadFile):/, 'NETWORK'],
]

export function failure(code: FailureCode, details: FailureDetails = {}): Failure {
  const { errorMessage, errMsg, statusCode } = details
  const message = [code, statusCode, errorMessage ?? errMsg].filter(Boolean).join(': ')
  return Object.assign(new Error(message), details, { code })
}

/** What a wx call gave to `fail`: `{ errMsg, errno }`. */
export function wxFailure({ errMsg, errno }: { errMsg?: string; errno?: number }): Failure {
  const text = errMsg ?? ''
  const known = BY_ERR_MSG.find(([pattern]) => pattern.test(text))?.[1]
  const code = errno === 112 ? 'PRIVACY_NOT_DECLARED' : (known ?? 'WX_FAILED')
  return failure(code, { errMsg: text })
}

/** What COS answered instead of a success: `wx` hands it to `success` whatever its status. */
export function cosFailure({ statusCode, body, requestId }: Refusal): Failure {
  const errorCode = element(body, 'Code')
  const errorMessage = element(body, 'Message')
  return failure(cosCode(statusCode, errorCode, errorMessage), {
    statusCode,
    errorCode,
    errorMessage,
    requestId: requestId ?? element(body, 'RequestId'),
  })
}

/** What COS has against the key or the clock that signed: another try needs a new key. */
const KEY_AT_FAULT: FailureCode[] = [
  'CLOCK_SKEW',
  'CREDENTIALS_EXPIRED',
  'INVALID_KEY_ID',
  'URL_EXPIRED',
]

export function isKeyAtFault(error: unknown): boolean {
  return KEY_AT_FAULT.includes(asFailure(error).code)
}

/** Any error as a Failure: what has a `code` keeps it, a fault of the program is UNEXPECTED. */
export function asFailure(error: unknown): Failure {
  const known = error as Partial<Failure> | undefined
  if (known?.code) return known as Failure
  if (known?.errMsg) return wxFailure(known)
  return failure('UNEXPECTED', { errorMessage: String(known?.message ?? error) })
}

function cosCode(status: number, code = '', message = ''): FailureCode {
  if (code === 'AccessDenied' && /has (been )?expired/.test(message)) return 'URL_EXPIRED'
  const known = BY_COS_CODE.get(code)
  if (known) return known
  return status >= 500 || status === 429 ? 'COS_UNAVAILABLE' : 'UNEXPECTED_STATUS'
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
])

function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text?.replace(/&(\w+);/g, (whole, entity: string) => ENTITIES.get(entity) ?? whole)
}
