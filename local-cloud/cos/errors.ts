import type { Mismatch } from '../request-outcome'
import { escapeXml } from './xml'

/**
 * COS's error codes with the status and the message it answers them with.
 * Source: manual 436/7730 (error codes) and 436/40105 (403 guide). Where neither prints a message, the
 * message is ours.
 */
const ERRORS = {
  AccessDenied: [403, 'Access Denied.'],
  AccessForbidden: [
    403,
    'CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, ' +
      "request method / Access-Control-Request-Method or Access-Control-Request-Headers are not allowed by the resource's CORS spec.",
  ],
  BadRequest: [400, 'The request is not HTTP as it should be.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket has already been created by you.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  ExpiredToken: [400, 'The provided token has expired.'],
  FileAlreadyExists: [409, 'The object you specified already exists and can not be overwritten.'],
  IncorrectNumberOfFilesInPostRequest: [
    400,
    'POST requires exactly one file upload per request, in a field named file.',
  ],
  IncompleteBody: [
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The Access Key Id you provided does not exist in our records'],
  InvalidArgument: [400, 'Invalid Argument.'],
  InvalidDigest: [400, 'The Content-MD5 you specified was invalid.'],
  InvalidObjectName: [400, 'The specified object name is not valid.'],
  InvalidPart: [
    400,
    'One or more of the specified parts could not be found, or the ETag did not match.',
  ],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidPolicyDocument: [
    400,
    'You must provide condition if you specify a policy in post object request.',
  ],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLong: [400, 'Your key is too long.'],
  MalformedPOSTRequest: [
    400,
    'The body of your POST request is not well-formed multipart/form-data.',
  ],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not have the right form.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  MissingRequestBodyError: [400, 'Request body is empty.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  NotImplemented: [501, 'The local cloud does not implement this.'],
  PathStyleDomainForbidden: [
    403,
    'The bucket you are attempting to access must be addressed using COS virtual-styled domain.',
  ],
  PreconditionFailed: [412, 'Precondition not match.'],
  RequestTimeTooSkewed: [
    403,
    "The difference between the request time and the server's time is too large.",
  ],
  ServiceUnavailable: [503, 'The service is temporarily unavailable. Please try again.'],
  SignatureDoesNotMatch: [403, 'The Signature you specified is invalid.'],
  UploadConflict: [409, 'The multipart upload was changed by another request.'],
} as const

export type CosErrorCode = keyof typeof ERRORS

interface CosErrorOptions {
  /** Instead of the usual message of the code. */
  message?: string
  /** What the local cloud knows beyond COS's answer. It goes to the log, never to the client. */
  reason?: string
  /** Further elements of the XML document, in order: `StringToSign`, `FormatString`. */
  details?: Readonly<Record<string, string>>
  /** For the console, never for the client. */
  mismatch?: Mismatch
}

/** A request refused in COS's own terms. `code` and `status` are those of manual page 436/7730. */
export class CosError extends Error {
  readonly code: CosErrorCode
  readonly status: number
  readonly reason: string
  readonly details: Readonly<Record<string, string>>
  readonly mismatch?: Mismatch

  constructor(code: CosErrorCode, options: CosErrorOptions = {}) {
    const [status, message] = ERRORS[code]
    super(options.message ?? message)
    this.name = 'CosError'
    this.code = code
    this.status = status
    this.reason = options.reason ?? options.message ?? ''
    this.details = options.details ?? {}
    this.mismatch = options.mismatch
  }
}

/** What the XML document of an error says about the request. */
export interface ErrorSubject {
  /** `/key`, decoded, but with `+` left as it was sent. */
  resource: string
  requestId: string
  traceId: string
  /** Milliseconds since 1970. */
  now: number
}

/** Writes the `<Error>` document of manual page 436/7730. */
export function errorXml(error: CosError, subject: ErrorSubject): string {
  const elements = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: subject.resource,
    RequestId: subject.requestId,
    TraceId: subject.traceId,
    ...(error.code === 'AccessDenied' && { ServerTime: isoSeconds(subject.now) }),
  }
  const lines = Object.entries(elements).map(
    ([name, text]) => `\t<${name}>${escapeXml(text)}</${name}>\n`,
  )
  return `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n${lines.join('')}</Error>\n`
}

/** `2019-04-09T03:39:20Z` */
function isoSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
}
