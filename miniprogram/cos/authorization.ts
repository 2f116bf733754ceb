import { urlEncode, utf8 } from './encode'
import { checkType, invalidArgument, signerError } from './errors'
import { hmacSha1, sha1 } from './sha1'
import type { Credentials, Fields } from './types'

/** One parameter or header, encoded for the signature and for the URL. */
export interface CanonicalField {
  /** Encoded, lower-case: how the signature names it. */
  name: string
  /** Encoded, in its own case: how the URL spells it. */
  key: string
  /** Encoded. */
  value: string
}

/** What a signature covers. */
export interface CanonicalRequest {
  /** HTTP method in lower case. */
  method: string
  /** Decoded path, starting with `/`. */
  pathname: string
  query: CanonicalField[]
  headers: CanonicalField[]
}

/**
 * The current time in milliseconds. `Clock` or `SystemClockOffset` corrects a phone's wrong clock.
 * @throws TypeError for a Clock that is not a function
 */
export function time(
  Clock: (() => number) | undefined = Date.now,
  SystemClockOffset: number | undefined = 0,
): number {
  checkType('Clock', Clock, 'function')
  return Clock() + Number(SystemClockOffset)
}

/**
 * KeyTime: `<start>;<end>` in unix seconds. It starts one second ago, as with the official SDKs, but
 * never before its temporary key, and never outlives it.
 * @param now current time in milliseconds
 * @param Expires lifetime in seconds: a positive whole number, or its digits
 * @throws TypeError for an Expires that is not a lifetime; `CREDENTIALS_EXPIRED`
 */
export function keyTime(
  now: number,
  Expires: number | string = 900,
  { StartTime, ExpiredTime }: Partial<Credentials> = {},
): string {
  const isLifetime = typeof Expires !== 'object' && /^0*[1-9]\d*$/.test(String(Expires))
  const lifetime = isLifetime ? Number(Expires) : NaN
  const begin = unixSeconds('StartTime', StartTime ?? 0)
  const start = Math.max(unixSeconds('Clock', Math.round(now / 1000)) - 1, begin)
  const limit = unixSeconds('ExpiredTime', ExpiredTime ?? MAX_UNIX_SECONDS)
  const end = Math.min(start + unixSeconds('Expires', lifetime), limit)
  if (end <= start) throw signerError('CREDENTIALS_EXPIRED', `the key ended at ${end}`)
  return `${start};${end}`
}

/** A larger number is probably a time in milliseconds. */
const MAX_UNIX_SECONDS = 1e11

export function unixSeconds(argument: string, value: unknown): number {
  const seconds = value as number
  if (Number.isInteger(value) && seconds >= 0 && seconds <= MAX_UNIX_SECONDS) return seconds
  throw invalidArgument(argument, 'whole seconds', value)
}

/** SignKey: the key of one KeyTime, as 40 hex characters. */
export function signKey(secretKey: string, keyTime: string): string {
  return hmacSha1(utf8(secretKey, 'SecretKey'))(keyTime)
}

/** HttpString: the request as COS sees it. */
export function httpString({ method, pathname, query, headers }: CanonicalRequest): string {
  return `${method}\n${pathname}\n${joinPairs(query)}\n${joinPairs(headers)}\n`
}

/** StringToSign: what the SignKey signs. */
export function stringToSign(keyTime: string, httpString: string): string {
  return `sha1\n${keyTime}\n${sha1(utf8(httpString, 'Key'))}\n`
}

/** Signature: HMAC-SHA1 under the SignKey, whose hex text is the key. */
export function signature(signKey: string, stringToSign: string): string {
  return hmacSha1(signKey)(stringToSign)
}

/** The signer of the last SecretKey and KeyTime. A list of URLs shares both. */
let cachedSigner = { secretKey: '', keyTime: '', sign: hmacSha1('') }

function signer(secretKey: string, keyTime: string): (stringToSign: string) => string {
  if (cachedSigner.secretKey !== secretKey || cachedSigner.keyTime !== keyTime) {
    cachedSigner = { secretKey, keyTime, sign: hmacSha1(signKey(secretKey, keyTime)) }
  }
  return cachedSigner.sign
}

/** The Authorization string: manual page "Request Signature" (436/7778), all steps in order. */
export function authorization(
  { SecretId, SecretKey }: Credentials,
  keyTime: string,
  request: CanonicalRequest,
): string {
  const signature = signer(SecretKey, keyTime)(stringToSign(keyTime, httpString(request)))
  return (
    `q-sign-algorithm=sha1&q-ak=${SecretId}&q-sign-time=${keyTime}&q-key-time=${keyTime}` +
    `&q-header-list=${joinNames(request.headers)}&q-url-param-list=${joinNames(request.query)}` +
    `&q-signature=${signature}`
  )
}

/**
 * Parameters or headers in the order of the signature: by their encoded, lower-case name.
 * @param host signed with the headers, unless they name a host themselves
 * @throws TypeError for a name that COS could not tell from another, an empty name, or a value
 * that is not text
 */
export function canonicalFields(
  argument: 'Query' | 'Headers',
  fields: Fields | null | undefined,
  host = '',
): CanonicalField[] {
  checkType(argument, fields ?? {}, 'object')
  const result: CanonicalField[] = []
  const add = (field: string, value: string) => {
    const key = urlEncode(field, argument)
    result.push({ name: key.toLowerCase(), key, value: urlEncode(value, argument) })
  }
  for (const field of Object.keys(fields ?? {})) {
    const value = fields![field] ?? undefined
    const isHost = host !== '' && /^host$/i.test(field)
    if (value === undefined || (isHost && !value)) continue
    const isText = Number.isFinite(value) || /^(string|boolean)$/.test(typeof value)
    if (!isText || field.startsWith('q-')) {
      throw invalidArgument(`${argument} "${field}"`, 'a string, not q-', value)
    }
    add(field, String(value))
    if (isHost) host = ''
  }
  if (host) add('Host', host)
  result.sort((a, b) => (a.name < b.name ? -1 : 1))
  const wrong = result.find(({ name }, i) => name === '' || name === result[i + 1]?.name)
  if (wrong) throw invalidArgument(argument, 'of different names', `"${wrong.name}"`)
  return result
}

/** @throws TypeError that names the missing field and never quotes a value */
export function checkCredentials(given: Partial<Credentials>): Credentials {
  checkType('options', given, 'object')
  checkType('SecretId', given.SecretId, 'string')
  checkType('SecretKey', given.SecretKey, 'string')
  checkType('SecurityToken', given.SecurityToken ?? ' ', 'string')
  for (const name of ['SecretId', 'SecretKey'] as const) {
    if (given[name]!.includes('*')) throw new TypeError(`${name} is masked with *: copy it whole`)
  }
  if (/[^\w.~-]/.test(given.SecretId!)) throw invalidArgument('SecretId', 'without spaces', {})
  return given as Credentials
}

function joinNames(fields: CanonicalField[]): string {
  return fields.map(({ name }) => name).join(';')
}

function joinPairs(fields: CanonicalField[]): string {
  return fields.map(({ name, value }) => name + '=' + value).join('&')
}
