import { urlEncode, utf8 } from './encode'
import { signerError } from './errors'
import { hmacSha1, sha1 } from './sha1'
import type { Credentials, Fields } from './types'

/** One parameter or header, ready for the signature and for the URL. */
export interface Pair {
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
  query: Pair[]
  headers: Pair[]
}

/**
 * KeyTime: `<start>;<end>` in unix seconds. It starts one second ago, as with the official SDKs, but
 * never before its temporary key, and never outlives it.
 * @param now current time in milliseconds
 * @param Expires lifetime in seconds: a positive whole number, or its digits
 * @throws TypeError for an Expires that is no lifetime; `CREDENTIALS_EXPIRED`
 */
export function keyTime(
  now: number,
  Expires: number | string | null = 900,
  { StartTime = 0, ExpiredTime = Infinity }: Partial<Credentials> = {},
): string {
  const seconds = /^\d+$/.test(String(Expires ?? 900)) ? Number(Expires ?? 900) : 0
  if (!(seconds > 0 && seconds <= Number.MAX_SAFE_INTEGER)) {
    throw new TypeError(`Expires must be a positive whole number of seconds, got ${Expires}`)
  }
  if (!Number.isFinite(now)) throw new TypeError(`Clock must give milliseconds, got ${now}`)
  const start = Math.max(Math.round(now / 1000) - 1, StartTime)
  if (ExpiredTime <= start) {
    throw signerError('CREDENTIALS_EXPIRED', `the key ended at ${ExpiredTime}, now is ${start + 1}`)
  }
  return `${start};${Math.min(start + seconds, ExpiredTime)}`
}

/** SignKey: the key of one KeyTime, as 40 hex characters. */
export function signKey(secretKey: string, keyTime: string): string {
  return hmacSha1(utf8(secretKey))(keyTime)
}

/** HttpString: the request as COS sees it. */
export function httpString({ method, pathname, query, headers }: CanonicalRequest): string {
  return `${method}\n${pathname}\n${text(query)}\n${text(headers)}\n`
}

/** StringToSign: what the SignKey signs. */
export function stringToSign(keyTime: string, httpString: string): string {
  return `sha1\n${keyTime}\n${sha1(utf8(httpString))}\n`
}

/** Signature: HMAC-SHA1 under the SignKey, whose hex text is the key. */
export function signature(signKey: string, stringToSign: string): string {
  return hmacSha1(signKey)(stringToSign)
}

/** What signs with the last SecretKey at the last KeyTime: a list of URLs shares both. */
let last = { secretKey: '', keyTime: '', sign: hmacSha1('') }

function signer(secretKey: string, keyTime: string): (stringToSign: string) => string {
  if (last.secretKey !== secretKey || last.keyTime !== keyTime) {
    last = { secretKey, keyTime, sign: hmacSha1(signKey(secretKey, keyTime)) }
  }
  return last.sign
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
    `&q-header-list=${list(request.headers)}&q-url-param-list=${list(request.query)}` +
    `&q-signature=${signature}`
  )
}

/**
 * Parameters or headers in the order of the signature: by their encoded, lower-case name.
 * @throws TypeError for a name that COS could not tell from another, an empty name, or a value
 * that is no text
 */
export function canonical(
  argument: 'Query' | 'Headers',
  fields: Fields | null | undefined,
): Pair[] {
  if (fields === null || fields === undefined) return []
  if (typeof fields !== 'object') throw new TypeError(`${argument} must be an object {name: value}`)
  const pairs: Pair[] = []
  for (const field of Object.keys(fields)) {
    const value = fields[field]
    if (value === null || value === undefined) continue
    if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') {
      throw new TypeError(`${argument} "${field}" must be a string`)
    }
    if (field === '') throw new TypeError(`${argument} must not hold an empty name`)
    const key = urlEncode(field)
    pairs.push({ name: key.toLowerCase(), key, value: urlEncode(String(value)) })
  }
  pairs.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (let i = 1; i < pairs.length; i++) {
    if (pairs[i]!.name === pairs[i - 1]!.name) {
      throw new TypeError(`${argument} names "${pairs[i]!.name}" twice, differing in case only`)
    }
  }
  return pairs
}

function list(pairs: Pair[]): string {
  return pairs.map(({ name }) => name).join(';')
}

function text(pairs: Pair[]): string {
  return pairs.map(({ name, value }) => `${name}=${value}`).join('&')
}
