/**
 * Every way in which a transfer can fail, as a stable code to branch on. The app has the words for
 * each. An error of the signer keeps a `code` of its own.
 */
export type FailureCode =
  /** The person, or the signal, ended it. */
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
  /** The host has no address: its name is wrong, or DNS does not answer. */
  | 'DNS_FAILED'
  /** No secure connection: certificate, its chain, or the versions of TLS. */
  | 'TLS_FAILED'
  /** The request itself is wrong: wx or COS refuses what the program has written. */
  | 'INVALID_REQUEST'
  /** Another wx call failed: `errMsg` says which, and why. */
  | 'WX_FAILED'
  /** Not a WeChat mini program: there is no `wx` to move files with. */
  | 'NO_WX'
  /** The chosen file is gone (a restart may remove temporary files) or cannot be read. */
  | 'FILE_UNREADABLE'
  /** The base library computes no digest of a file (FileSystemManager.getFileInfo). */
  | 'NO_DIGEST'
  /** The file is not the one that the upload began with. */
  | 'FILE_CHANGED'
  /** Larger than this way of moving files takes: `limit`. */
  | 'FILE_TOO_LARGE'
  /** The storage of the mini program failed, so the upload cannot be resumed after a restart. */
  | 'STORAGE_REFUSED'
  /** The signer signed something else than what was asked for. */
  | 'SIGNER_INVALID'
  /** There is no key to sign with. */
  | 'NO_CREDENTIALS'
  /** Our own server does not respond. */
  | 'SERVER_UNREACHABLE'
  /** Our own server responds with something else than what was asked for. */
  | 'SERVER_REFUSED'
  /** Our own server does not let this user use this key. */
  | 'KEY_NOT_ALLOWED'
  /** COS: the signature has expired. */
  | 'URL_EXPIRED'
  /** COS: the temporary key has expired. */
  | 'CREDENTIALS_EXPIRED'
  /** COS: the clock is off by more than 15 minutes. */
  | 'CLOCK_SKEW'
  /** COS: what was sent is not what was signed. */
  | 'SIGNATURE_MISMATCH'
  /** COS: the key that signed may not do this. */
  | 'ACCESS_DENIED'
  /** COS: the form is not what its policy allows, or no form at all. */
  | 'FORM_REFUSED'
  /** COS: the referer rule of the bucket. */
  | 'REFERER_REFUSED'
  /** COS: the CORS rules of the bucket. Browsers only. */
  | 'CORS_REFUSED'
  /** COS: the bucket belongs in the host, not in the path. */
  | 'PATH_STYLE_REFUSED'
  /** COS: the account is in arrears, or its content is blocked. */
  | 'ACCOUNT_BLOCKED'
  /** COS: archived, locked, or being written by another request. */
  | 'OBJECT_STATE'
  /** COS: the SecretId, or its token, is unknown. */
  | 'INVALID_KEY_ID'
  | 'NO_SUCH_KEY'
  | 'NO_SUCH_BUCKET'
  /** COS: the multipart upload was aborted, or completed by somebody else. */
  | 'NO_SUCH_UPLOAD'
  /** COS: a condition of the request is not met, such as "do not overwrite". */
  | 'PRECONDITION_FAILED'
  /** The bytes that COS has, or that were downloaded, are not the right ones. */
  | 'NOT_VERIFIED'
  /** A success, but not of COS: a captive portal, a proxy. */
  | 'NOT_FROM_COS'
  /** COS: busy or broken (5xx, 429); worth another try. */
  | 'COS_UNAVAILABLE'
  /** COS: any other status that is not a success. */
  | 'UNEXPECTED_STATUS'
  /** A bug in this program. */
  | 'UNEXPECTED'

/** What is known of a failure besides its code. */
export interface FailureDetails {
  /** HTTP status of the answer. */
  statusCode?: number | undefined
  /** `Code` and `Message` of COS's error document, or of our server's. */
  errorCode?: string | undefined
  errorMessage?: string | undefined
  /** `x-cos-request-id`: what Tencent's support asks for. */
  requestId?: string | undefined
  /** `errMsg` of the wx call. */
  errMsg?: string | undefined
  /** The wx API that failed, which is the name of its allowlist, too: `request`. */
  api?: string | undefined
  /** Where the request went: scheme, host and port, as the allowlists want it. */
  origin?: string | undefined
  /** What a policy must allow for the request: `name/cos:PutObject`. */
  action?: string | undefined
  /** Of a file that is too large: what is allowed, in bytes. */
  limit?: number | undefined
  /** COS: the object or bucket that was refused. */
  resource?: string | undefined
  /** COS's time when it refused, in unix seconds. */
  serverTime?: number | undefined
  /** Of a signature that does not match: COS's error document, which says what COS has signed. */
  answer?: string | undefined
  /** Of `UNEXPECTED`: what was thrown. */
  cause?: unknown
}

export interface Failure extends Error, FailureDetails {
  code: FailureCode
}

/**
 * What wx reports: errno, from base library 2.24 on, or words in errMsg. An errno that is not here
 * says no more than the words. The first match counts.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
 */
const BY_ERR_MSG: [words: RegExp, code: FailureCode, errnos?: number[]][] = [
  [/:fail (cancel(l?ed)?|abort)\b/i, 'CANCELLED', [1, 603105]],
  [/not in domain list/i, 'DOMAIN_NOT_ALLOWED', [600002]],
  [/not declared in the privacy agreement/i, 'PRIVACY_NOT_DECLARED', [112]],
  [/privacy permission is not authorized/i, 'PRIVACY_REFUSED', [104]],
  // Mistakes of the program: no retry helps.
  [/parameter error|\bparameter\.\w+ should be/i, 'INVALID_REQUEST', [603103, 603104]],
  [
    /invalid (argument|flag|header|method|parameter|url|request (data|parameter))/i,
    'INVALID_REQUEST',
    [101, 1001, 600009, 600010, 1300022],
  ],
  [/network argv error|url validate error/i, 'INVALID_REQUEST', [600005, 600011]],
  [/value of \w+ is out of range|array buffer (does not exist|is readonly)/i, 'INVALID_REQUEST'],
  [/createRequestTask:fail|(illegal|unsupported) (protocol|url)|url not valid/i, 'INVALID_REQUEST'],
  [/ERR_(DISALLOWED_URL_SCHEME|INVALID_URL|UNKNOWN_URL_SCHEME|UNSAFE_PORT)/, 'INVALID_REQUEST'],
  [/convert to UTF8 fail|can not open file filepath/i, 'INVALID_REQUEST', [602302, 603303]],
  // HTTPDNS, which is bought in the service market and turned on by enableHttpDNS.
  [
    /httpdns (service|quota)|service expired|valid service id/i,
    'INVALID_REQUEST',
    [602101, 602102, 602103, 602108],
  ],
  [/httpdns|servicer|request server http error/i, 'DNS_FAILED'],
  [/^setStorage(Sync)?:/, 'STORAGE_REFUSED'],
  [
    /maximum size of the file|exceed(ed)? (max (file )?size|size limit)/i,
    'FILE_TOO_LARGE',
    [602300, 603301, 1300202],
  ],
  [/no such file|file not (found|exist)/i, 'FILE_UNREADABLE', [1300002]],
  // Connections: Android has the words of Chromium, iOS those of the system, in its language.
  [/(^|[^a-z])(ssl|tls)([^a-z]|$)|certificate|ERR_CERT|证书/i, 'TLS_FAILED'],
  [/ERR_(NAME_|DNS_)|resolve host|hostname could not be found|主机名/i, 'DNS_FAILED'],
  [/time.?(d.)?out|超时/i, 'TIMEOUT', [5]],
  [/network issues/i, 'NETWORK', [108]],
  [/interrupted/i, 'INTERRUPTED', [600003]],
  // WeChat itself, or the phone, refuses: not the network.
  [
    /jsapi|(system|user) (permission|authorize)|internal error|response null|scope list|\boom\b/i,
    'WX_FAILED',
    [3, 4, 100, 102, 106, 109, 110, 111],
  ],
  [/(iOS|android) not supported|max task count/i, 'WX_FAILED', [600007, 603101, 603102]],
  [/save file error|file data is empty/i, 'WX_FAILED', [603300, 603302]],
  // Fallbacks, by API.
  [/^(access|getFileInfo|open|read|readFile|stat):/, 'FILE_UNREADABLE'],
  [/^(request|uploadFile|downloadFile):/, 'NETWORK'],
  [/(?:)/, 'WX_FAILED'],
]

export function failure(code: FailureCode, details: FailureDetails = {}): Failure {
  const { errorMessage, errMsg, statusCode } = details
  const message = [code, statusCode, errorMessage ?? errMsg].filter(Boolean).join(': ')
  return Object.assign(new Error(message), details, { code })
}

/** What wx gives to `fail`. */
export interface WxError {
  errMsg?: string | undefined
  errno?: number | undefined
}

/**
 * The failure of a wx call.
 * @param error what the call gave to `fail`
 * @param url the URL that it was given
 */
export function wxFailure(error: WxError, url = ''): Failure {
  // wx may quote a signed URL, whose signature and token belong in no log.
  const errMsg = (error.errMsg ?? '').replace(/\?[^\s"']+/g, '?…')
  const { errno = 0 } = error
  const [, code] =
    BY_ERR_MSG.find(([, , errnos]) => errnos?.includes(errno)) ??
    BY_ERR_MSG.find(([words]) => words.test(errMsg))!
  const api = /^(\w+):/.exec(errMsg)?.[1]
  const origin = /^https?:\/\/[^/?#]+/.exec(url)?.[0]
  return failure(code, { errMsg, api, origin })
}

const TRANSIENT: FailureCode[] = [
  'COS_UNAVAILABLE',
  'DNS_FAILED',
  'INTERRUPTED',
  'NETWORK',
  'NOT_VERIFIED',
  'SERVER_UNREACHABLE',
  'TIMEOUT',
]

/** Whether the same request can succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  const { code, statusCode = 0 } = asFailure(error)
  const isServerBusy = code === 'SERVER_REFUSED' && (statusCode >= 500 || statusCode === 429)
  return TRANSIENT.includes(code) || isServerBusy
}

/** Any error as a Failure: a `code` is kept, and an error without one is `UNEXPECTED`. */
export function asFailure(error: unknown): Failure {
  const known = error as Partial<Failure> | undefined
  if (known?.code) return known as Failure
  if (known?.errMsg) return wxFailure(known)
  return failure('UNEXPECTED', { errorMessage: String(known?.message ?? error), cause: error })
}
