import { urlEncode, utf8 } from './encode'
import { signerError } from './errors'
import { hmacSha1, sha1 } from './sha1'
import type { Fields } from './types'

/** One parameter or header, ready for the signature and for the URL. */
export interface Pair {
  /** Encoded, lower-case: how the signature names it. */
  name: string
  /** Encoded, in its own case: how the URL spells it. */
  key: string
  /** Encoded. */
  value: string
}

/** Everything that a signature covers. */
export interface AuthorizationInput {
  SecretId: string
  SecretKey: string
  /** `<start>;<end>` in unix seconds. */
  KeyTime: string
  /** HTTP method, any case. */
  Method: string
  /** Decoded path, starting with `/`. */
  Pathname: string
  Query: Pair[]
  Headers: Pair[]
}

/** What limits the validity of a signature. Times in unix seconds. */
export interface Validity {
  /** Current time in milliseconds. */
  now: number
  /** Lifetime in seconds: a positive whole number, or its digits. Default 900. */
  Expires?: number | string | null
  /** Start and end of the temporary key that signs. */
  StartTime?: number
  ExpiredTime?: number
}

/**
 * KeyTime: `<start>;<end>` in unix seconds. Starts one second ago, as the official SDKs do, but
 * never before its temporary key and never outlives it.
 * @throws TypeError for an Expires that is no lifetime; `CREDENTIALS_EXPIRED`
 */
export function keyTime({ now, Expires, StartTime = 0, ExpiredTime = Infinity }: Validity): string {
  const seconds = /^\d+$/.test(String(Expires ?? 900)) ? Number(Expires ?? 900) : NaN
  if (!(seconds > 0 && Number.isSafeInteger(seconds))) {
    throw new TypeError(
      `Expires must be a positive whole number of seconds, got ${String(Expires)}`,
    )
  }
  if (!Number.isFinite(now)) throw new TypeError(`Clock must give milliseconds, got ${now}`)
  const start = Math.max(Math.round(now / 1000) - 1, StartTime)
  if (ExpiredTime <= start) {
    throw signerError(
      'CREDENTIALS_EXPIRED',
      `the temporary key ended at ${ExpiredTime}, now is ${start + 1}`,
    )
  }
  return `${start};${Math.min(start + seconds, ExpiredTime)}`
}

/** SignKey: the key of one KeyTime, as 40 hex characters. */
export function signKey(secretKey: string, keyTime: string): string {
  return hmacSha1(utf8(secretKey))(keyTime)
}

/** HttpString: the request as COS sees it. */
export function httpString(
  method: string,
  pathname: string,
  query: Pair[],
  headers: Pair[],
): string {
  return `${method.toLowerCase()}\n${pathname}\n${text(query)}\n${text(headers)}\n`
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
export function authorization(input: AuthorizationInput): string {
  const { SecretId, SecretKey, KeyTime, Method, Pathname, Query, Headers } = input
  const toSign = stringToSign(KeyTime, httpString(Method, Pathname, Query, Headers))
  return (
    `q-sign-algorithm=sha1&q-ak=${SecretId}&q-sign-time=${KeyTime}&q-key-time=${KeyTime}` +
    `&q-header-list=${list(Headers)}&q-url-param-list=${list(Query)}` +
    `&q-signature=${signer(SecretKey, KeyTime)(toSign)}`
  )
}

/**
 * Parameters or headers in the order of the signature: by their encoded, lower-case name.
 * @throws TypeError for a name that COS could not tell from another, an empty name, or a value
 * that is no text
 */
export function canonical(argument: 'Query' | 'Headers', given: Fields | null | undefined): Pair[] {
  const fields = fieldsOf(argument, given)
  const pairs: Pair[] = []
  for (const field of Object.keys(fields)) {
    const value = fields[field]
    if (value === null || value === undefined) continue
    if (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') {
      throw new TypeError(`${argument} ${JSON.stringify(field)} must be a string`)
    }
    if (field === '') throw new TypeError(`${argument} must not hold an empty name`)
    const key = urlEncode(field)
    pairs.push({ name: key.toLowerCase(), key, value: urlEncode(String(value)) })
  }
  pairs.sort((a, b) => (a.name < b.name ? -1 : 1))
  pairs.forEach(({ name }, i) => {
    if (name === pairs[i + 1]?.name) {
      throw new TypeError(`${argument} names "${name}" twice, differing in case only`)
    }
  })
  return pairs
}

/** A copy of what was given, own fields only. */
export function fieldsOf(argument: 'Query' | 'Headers', given: Fields | null | undefined): Fields {
  if (given === null || given === undefined) return {}
  if (typeof given !== 'object') throw new TypeError(`${argument} must be an object {name: value}`)
  return { ...given }
}

function list(pairs: Pair[]): string {
  return pairs.map(({ name }) => name).join(';')
}

function text(pairs: Pair[]): string {
  return pairs.map(({ name, value }) => `${name}=${value}`).join('&')
}
