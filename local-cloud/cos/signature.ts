import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { urlEncode } from './encode'
import { CosError } from './errors'
import { headerValue, queryValue, type CosRequest, type Pair } from './request'

/** A signature taken apart, its values as COS's manual names them (436/7778). */
export interface RequestSignature {
  secretId: string
  /** `start;end` in unix seconds. */
  signTime: string
  keyTime: string
  /** Encoded lower-case names joined by `;`. */
  headerList: string
  urlParamList: string
  signature: string
}

/** The server's side of a signature: what a client must have signed. */
export interface ExpectedSignature {
  /** COS calls it FormatString in its answers. */
  httpString: string
  stringToSign: string
  signature: string
}

const FIELDS = [
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
]

/**
 * Finds the signature of a request in one of its three carriers: the Authorization header, flat `q-*`
 * parameters, or the `sign` parameter. `undefined` when there is none.
 *
 * @throws CosError `InvalidArgument` when there is one and it cannot be read
 */
export function findSignature(request: CosRequest): RequestSignature | undefined {
  const header = headerValue(request, 'authorization')
  if (header !== undefined) return parseAuthorization(header)
  const parameters = request.query.filter(([name]) => FIELDS.includes(name))
  if (parameters.length > 0) return readFields(parameters)
  const sign = queryValue(request, 'sign')
  return sign === undefined ? undefined : parseAuthorization(sign)
}

/** Reads `q-sign-algorithm=sha1&q-ak=…&q-signature=…`, the value of an Authorization header. */
export function parseAuthorization(authorization: string): RequestSignature {
  return readFields(
    authorization.split('&').map((field): Pair => {
      const equals = field.indexOf('=')
      return equals < 0 ? [field, ''] : [field.slice(0, equals), field.slice(equals + 1)]
    }),
  )
}

function readFields(pairs: readonly Pair[]): RequestSignature {
  const fields = new Map(pairs)
  const field = (name: string): string => {
    const value = fields.get(name)
    if (value === undefined) throw unreadable(`${name} is missing`)
    return value
  }
  if (fields.size !== pairs.length) throw unreadable('a field is given twice')
  if (field('q-sign-algorithm') !== 'sha1') throw unreadable('q-sign-algorithm must be sha1')
  return {
    secretId: field('q-ak'),
    signTime: field('q-sign-time'),
    keyTime: field('q-key-time'),
    headerList: field('q-header-list'),
    urlParamList: field('q-url-param-list'),
    signature: field('q-signature'),
  }
}

function unreadable(why: string): CosError {
  return new CosError('InvalidArgument', { message: `Authorization is not valid: ${why}.` })
}

/**
 * Checks a `start;end` pair against the clock. Both bounds are unix seconds.
 *
 * @throws CosError `AccessDenied` "Request has expired", `RequestTimeTooSkewed` when it starts more than 15 minutes
 * from now (436/40105), `InvalidArgument`
 */
export function checkTime(time: string, now: number): void {
  const [, start, end] = /^(\d{1,12});(\d{1,12})$/.exec(time) ?? []
  if (start === undefined || end === undefined) {
    throw unreadable(`the time "${time}" is not "start;end"`)
  }
  if (now > Number(end)) {
    throw new CosError('AccessDenied', {
      message: 'Request has expired',
      reason:
        `the signature was valid for ${Number(end) - Number(start)} s and ended ` +
        `${Math.ceil(now - Number(end))} s ago: sign again, or correct the clock of the signer`,
    })
  }
  if (Number(start) > now + 15 * 60) {
    throw new CosError('RequestTimeTooSkewed', {
      reason: `the signature starts in ${Math.ceil(Number(start) - now)} s: the clock of the signer is fast`,
    })
  }
}

/** Computes the signature that a request must carry (436/7778, steps 2 to 7). */
export function expectedSignature(
  request: CosRequest,
  given: RequestSignature,
  secretKey: string,
): ExpectedSignature {
  const method = request.method.toLowerCase()
  const parameters = signedText(given.urlParamList, request.query)
  const headers = signedText(given.headerList, request.headers)
  return sign(`${method}\n${request.path}\n${parameters}\n${headers}\n`, given, secretKey)
}

/** Signs a HttpString (436/7778, steps 6 and 7). */
export function sign(
  httpString: string,
  { signTime, keyTime }: Pick<RequestSignature, 'signTime' | 'keyTime'>,
  secretKey: string,
): ExpectedSignature {
  const digest = createHash('sha1').update(httpString).digest('hex')
  const stringToSign = `sha1\n${signTime}\n${digest}\n`
  return { httpString, stringToSign, signature: signText(stringToSign, keyTime, secretKey) }
}

/** HMAC-SHA1 of a text under the SignKey of this key time, both in lower-case hex. */
export function signText(text: string, keyTime: string, secretKey: string): string {
  const signKey = createHmac('sha1', secretKey).update(keyTime).digest('hex')
  return createHmac('sha1', signKey).update(text).digest('hex')
}

export function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * HttpParameters or HttpHeaders: `name=value` of the listed names, sorted by name, joined by `&`. Names are
 * encoded, then lower-cased. The n-th mention of a name takes its n-th value, in the order of the values; a
 * name that the request does not carry has an empty value. Values beyond the mentions follow at the end, where
 * no client signs them: a second value must not override the signed one.
 */
export function signedText(list: string, pairs: readonly Pair[]): string {
  const names = namesOf(list).toSorted()
  const values = new Map(names.map((name): [string, string[]] => [name, []]))
  for (const [name, value] of pairs) {
    values.get(urlEncode(name).toLowerCase())?.push(urlEncode(value))
  }
  for (const ofName of values.values()) ofName.sort()
  const listed = names.map((name) => `${name}=${values.get(name)?.shift() ?? ''}`)
  const others = Array.from(values, ([name, left]) => left.map((value) => `${name}=${value}`))
  return [...listed, ...others.flat()].join('&')
}

/** The names in `q-header-list` or `q-url-param-list`. */
export function namesOf(list: string): string[] {
  return list.split(';').filter(Boolean)
}
