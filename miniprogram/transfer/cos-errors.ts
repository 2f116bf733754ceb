/** What COS reports when it refuses a request, as a Failure. All that `transfer/` knows of COS's errors. */
import { asFailure, failure, type Failure, type FailureCode } from './failure'
import { elementOf, headerOf, type Headers } from './response'

/** A response of COS that is not a success. */
export interface Refusal {
  statusCode: number
  headers: Headers
  /** The error document, or what is there instead. */
  body: string
  /** The action that was refused, such as `name/cos:PutObject`. */
  action?: string
}

/** COS's error codes (436/7730) for requests on objects, by what they mean here. */
const CODES: [code: FailureCode, cosCodes: string][] = [
  ['ACCESS_DENIED', 'AccessDenied'],
  ['ACCOUNT_BLOCKED', 'DomainAuditFailed PaymentRequired UnavailableForLegalReasons'],
  ['CLOCK_SKEW', 'RequestTimeTooSkewed'],
  ['CORS_REFUSED', 'AccessForbidden'],
  [
    'COS_UNAVAILABLE',
    'InternalError KmsFreqControl KmsInternalException RequestLimitExceeded ServiceUnavailable SlowDown TooManyRequests',
  ],
  ['CREDENTIALS_EXPIRED', 'ExpiredToken'],
  ['FILE_TOO_LARGE', 'EntityTooLarge'],
  [
    'FORM_REFUSED',
    'EntityTooSmall IncorrectNumberOfFilesInPostRequest InvalidPolicyDocument MalformedPOSTRequest',
  ],
  ['INVALID_KEY_ID', 'InvalidAccessKeyId'],
  [
    'INVALID_REQUEST',
    'ActionAccelerateNotSupported BadRequest BadRquest BucketAccelerateNotEnabled InvalidArgument InvalidDigest InvalidObjectName InvalidPart InvalidPartOrder InvalidPicOperations InvalidRange InvalidRegionName InvalidRequest InvalidTag InvalidURI KeyTooLong ListPartUploadIdIsEmpty MalformedXML MetadataTooLarge MethodNotAllowed MissingContentLength MissingRequestBodyError NotImplemented NotSupportedStorageClass SSEContentNotSupported SSEHeaderNotAllowed SsecDecryptHeaderInvalid UnexpectedContent UploadIdNotSupported VerifyAlgorithmNotSupported XMLSizeLimit',
  ],
  ['NO_SUCH_BUCKET', 'BucketNameTooLong InvalidBucketName NoSuchBucket'],
  ['NO_SUCH_KEY', 'NoSuchKey NoSuchVersion'],
  ['NO_SUCH_UPLOAD', 'InvalidUploadStatus NoSuchUpload'],
  [
    'OBJECT_STATE',
    'AppendPositionErr BucketLocked InvalidBucketState InvalidLockedTime InvalidObjectState ObjectLocked ObjectNotAppendable PathConflict QuotaConflict RestoreAlreadyInProgress RestoreNonArchiveObject UploadConflict',
  ],
  ['NOT_VERIFIED', 'BadDigest EntitySizeNotMatch IncompleteBody InvalidSHA1Digest'],
  ['PATH_STYLE_REFUSED', 'PathStyleDomainForbidden'],
  ['PRECONDITION_FAILED', 'FileAlreadyExists PreconditionFailed'],
  ['SIGNATURE_MISMATCH', 'SignatureDoesNotMatch'],
  ['TIMEOUT', 'RequestTimeout UserNetworkTooSlow'],
  ['UNEXPECTED_STATUS', 'KmsException KmsKeyDisabled KmsKeyNotExist NoProcessAuthority'],
  ['URL_EXPIRED', 'Request has expired'],
]

const BY_COS_CODE = new Map<string, FailureCode>()
CODES.forEach(([code, cosCodes]) => {
  const list = code === 'URL_EXPIRED' ? [cosCodes] : cosCodes.split(' ')
  list.forEach((cosCode) => BY_COS_CODE.set(cosCode, code))
})

/** The first error code of COS's manual in a text: the longest, where one begins like another. */
export function findCosCode(text: string): string | undefined {
  const codes = [...BY_COS_CODE.keys()]
  codes.sort((a, b) => b.length - a.length)
  return new RegExp(`\\b(?:${codes.join('|')})(?![a-z])`).exec(text)?.[0]
}

/** COS has one code for refusals that need different fixes: its message tells them apart. */
const ACCESS_DENIED_MESSAGES: [message: RegExp, code: FailureCode][] = [
  [/has (been )?expired/i, 'URL_EXPIRED'],
  [/referer/i, 'REFERER_REFUSED'],
  [/policy|condition|post form/i, 'FORM_REFUSED'],
  [/CORS|AccessForbidden/, 'CORS_REFUSED'],
]

/** The response to a HEAD has a status and no body. */
const BY_STATUS = new Map<number, FailureCode>([
  [403, 'ACCESS_DENIED'],
  [404, 'NO_SUCH_KEY'],
  [412, 'PRECONDITION_FAILED'],
])

/** The failure that a response of COS reports. */
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
    resource: elementOf(body, 'Resource'),
    answer: code === 'SIGNATURE_MISMATCH' ? truncate(body) : undefined,
  })
}

/** Characters. Error documents of COS are shorter. */
const MAX_ERROR_BODY = 8192

/** Cuts no surrogate pair in half: half of one cannot be encoded. */
function truncate(text: string): string {
  return text.slice(0, MAX_ERROR_BODY).replace(/[\ud800-\udbff]$/, '')
}

const CREDENTIAL_CODES: FailureCode[] = [
  'CLOCK_SKEW',
  'CREDENTIALS_EXPIRED',
  'INVALID_KEY_ID',
  'URL_EXPIRED',
]

/** Whether COS refused the key or the clock that signed. The response to a HEAD gives no reason. */
export function isCredentialError(error: unknown): boolean {
  const { code, statusCode, errorCode } = asFailure(error)
  return CREDENTIAL_CODES.includes(code) || (statusCode === 403 && errorCode === undefined)
}

function cosCode(status: number, body: string, code = '', message = ''): FailureCode {
  if (code === 'AccessDenied') {
    const [, reason] = ACCESS_DENIED_MESSAGES.find(([words]) => words.test(message)) ?? []
    if (reason) return reason
  }
  const known = BY_COS_CODE.get(code) ?? (body === '' ? BY_STATUS.get(status) : undefined)
  if (known) return known
  return status >= 500 || status === 429 ? 'COS_UNAVAILABLE' : 'UNEXPECTED_STATUS'
}
