import { explain, type Explanation } from '../cos/index'
import { headerOf } from '../transfer/response'
import { METHODS } from './fields'
import type { UrlDamage } from './read-pasted'

/** What a signature shows by itself: a mistake, a risk, or a fact worth knowing. Words are in `i18n/`. */
export type Suspicion =
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'BAD_TIME'
  | 'MILLISECONDS'
  | 'ENCODED_WHOLE'
  | 'RAW_HASH'
  | 'RAW_QUESTION'
  | 'PATH_STYLE'
  | 'OTHER_METHOD'
  | 'OTHER_SIGNATURE'
  | 'LIST_ENCODED_ONCE'
  | 'LIST_UPPER_CASE'
  | 'RAW_PLUS'
  | 'TOKEN_CHANGED'
  | 'TOKEN_MISSING'
  | 'TOKEN_NEEDED'
  | 'HOST_NOT_SIGNED'
  | 'TYPE_NOT_SIGNED'
  | 'LONG_LIFE'
  | 'PLAIN_HTTP'
  | 'RAW_SEMICOLON'

/** A signature and the request that it is for. */
export interface SignedText {
  /** A signed URL, or an Authorization string. */
  signed: string
  /** For an Authorization: the URL of its request. */
  requestUrl: string
  method: string
  headers: Record<string, string>
  /** The URL was repaired before it could be read. */
  damage?: UrlDamage | undefined
}

/** A key of the app or of the person, perhaps the one that signed. */
export interface KnownKey {
  SecretId: string
  SecretKey: string
  SecurityToken?: string | undefined
  /** Unix seconds. */
  ExpiredTime?: number
}

/** What a signature is; `suspicions` come on top. */
interface Facts {
  explanation: Explanation
  isUrl: boolean
  /** Empty for an Authorization without the URL of its request. */
  host: string
  /** Unix seconds; NaN where the signature has no readable time. */
  start: number
  end: number
  /** The key that signed is known. */
  isKnownKey: boolean
  /** A temporary key whose end is unknown: the URL ends with it. */
  keyMayEndEarlier: boolean
  /** Signed headers of which only the name is known. */
  unknownHeaders: string[]
  /** The method that the signature is for, where a known key can tell. */
  signedMethod: string
}

export interface Inspection extends Facts {
  /** All but those that depend on the time of day: see `timeSuspicion`. */
  suspicions: Suspicion[]
}

/** Seconds. */
const MAX_SAFE_LIFETIME = 86_400

/** Assumed: 436/30613 has ids of 36 characters for both kinds of key, STS at most 1,024 bytes. */
const PERMANENT_ID_LENGTH = 36

/**
 * Takes a signature apart and looks for known mistakes.
 * @param key if it is the one that signed, it tells whether the signature is right
 * @throws TypeError when no signature is in it; URIError when it is not percent-encoded UTF-8
 */
export function inspect(text: SignedText, key?: KnownKey): Inspection {
  const url = withRequestUrl(text)
  const explained = (Method: string, SecretKey?: string) =>
    explain(url, { Method, Headers: text.headers, SecretKey })
  const explanation = explained(text.method)
  const known = explanation.SecretId === key?.SecretId ? key : undefined
  const unknownHeaders = explanation.SignedHeaders.filter(
    ({ name, value }) => value === undefined || (name === 'host' && value === ''),
  ).map(({ name }) => name)
  const host = explanation.Host ?? ''
  const isChecked = known !== undefined && host !== '' && unknownHeaders.length === 0
  const isRight = (method: string) => {
    const { Signature, GivenSignature } = explained(method, known?.SecretKey)
    return Signature === GivenSignature
  }
  const { start, end } = period(explanation)
  const found: Facts = {
    explanation,
    isUrl: isHttp(text.signed),
    host,
    start,
    end: Math.min(end, known?.ExpiredTime ?? Infinity),
    isKnownKey: known !== undefined,
    keyMayEndEarlier: explanation.SecurityToken !== undefined && known === undefined,
    unknownHeaders,
    signedMethod: (isChecked && [text.method, ...METHODS].find(isRight)) || '',
  }
  return {
    ...found,
    suspicions: [
      ...mistakes(text, found, isChecked),
      ...tokenSuspicions(text, found, known),
      ...risks(text, found, end - start),
    ],
  }
}

/** Whether the signature is over, or not valid yet. @param now unix seconds */
export function timeSuspicion(
  { start, end }: Inspection,
  now: number,
): 'EXPIRED' | 'NOT_YET_VALID' | undefined {
  if (now > end) return 'EXPIRED'
  return now < start ? 'NOT_YET_VALID' : undefined
}

/** A URL has all that is signed but headers. To an Authorization its request is added, where it is known. */
function withRequestUrl({ signed, requestUrl }: SignedText): string {
  if (isHttp(signed) || !isHttp(requestUrl)) return signed
  const [, address, query] = /^([^?#]*)\??([^#]*)/.exec(requestUrl)!
  const sign = `sign=${encodeURIComponent(signed)}`
  return `${address}?${query ? `${sign}&${query}` : sign}`
}

export function isHttp(text: string): boolean {
  return /^https?:\/\/[^/?#]/i.test(text)
}

/** From the later start to the earlier end of q-sign-time and q-key-time. */
function period({ StringToSign, KeyTime }: Explanation): { start: number; end: number } {
  const [, start, end, keyStart, keyEnd] =
    /^(\d+);(\d+)\n(\d+);(\d+)$/.exec(`${StringToSign.split('\n')[1]}\n${KeyTime}`) ?? []
  return {
    start: Math.max(Number(start), Number(keyStart)),
    end: Math.min(Number(end), Number(keyEnd)),
  }
}

/** Unix seconds. A larger number is a time in milliseconds. */
const MAX_SECONDS = 1e11

/** `https://cos.ap-beijing.myqcloud.com/bucket-1250000000/key` */
const PATH_STYLE =
  /^https?:\/\/cos\.[\w-]+\.(myqcloud\.com|tencentcos\.cn)(:\d+)?\/[^/?#]*-\d{6,}(\/|\?|$)/i

function mistakes(
  { signed, requestUrl, method, damage }: SignedText,
  { explanation, start, end, signedMethod }: Facts,
  isChecked: boolean,
): Suspicion[] {
  const { SignedParams, SignedHeaders } = explanation
  const isEncodedOnce = SignedParams.some(({ name }) => /[^A-Za-z0-9%._~-]/.test(name))
  const isUpperCase = [...SignedParams, ...SignedHeaders].some(({ name }) => /[A-Z]/.test(name))
  const isOther = isChecked && signedMethod === ''
  return pick({
    BAD_TIME: !(start < end),
    MILLISECONDS: start > MAX_SECONDS,
    [damage ?? '']: damage !== undefined,
    PATH_STYLE: PATH_STYLE.test(isHttp(signed) ? signed : requestUrl),
    OTHER_METHOD: signedMethod !== '' && signedMethod !== method,
    OTHER_SIGNATURE: isOther && !isEncodedOnce && !isUpperCase, // the list is enough
    LIST_ENCODED_ONCE: isEncodedOnce,
    LIST_UPPER_CASE: isUpperCase,
    RAW_PLUS: /^https?:[^?#]*\+/i.test(isHttp(signed) ? signed : requestUrl),
  })
}

function tokenSuspicions(
  { headers }: SignedText,
  { explanation: { SecretId, SecurityToken }, host }: Facts,
  known: KnownKey | undefined,
): Suspicion[] {
  const token = SecurityToken || headerOf(headers, 'x-cos-security-token')
  const knownToken = known?.SecurityToken
  const looksTemporary = SecretId.startsWith('AKID') && SecretId.length > PERMANENT_ID_LENGTH
  return token
    ? pick({ TOKEN_CHANGED: (knownToken ?? token) !== token || token.includes(' ') }) // a raw + is read as a space
    : pick({
        TOKEN_MISSING: host !== '' && knownToken !== undefined,
        TOKEN_NEEDED: host !== '' && !known && looksTemporary,
      })
}

function risks(
  { signed, method }: SignedText,
  { explanation, host, isUrl, start }: Facts,
  lifetime: number,
): Suspicion[] {
  const { SignedHeaders, SignedParams, FreeParams } = explanation
  const isSigned = (header: string) => SignedHeaders.some(({ name }) => name === header)
  const params = [...SignedParams.map(({ name }) => name), ...FreeParams]
  const stores = /^(PUT|POST)$/i.test(method) && !params.some((name) => /^uploadid$/i.test(name))
  return pick({
    HOST_NOT_SIGNED: !isSigned('host'),
    TYPE_NOT_SIGNED: stores && !isSigned('content-type'),
    LONG_LIFE: lifetime > MAX_SAFE_LIFETIME && start <= MAX_SECONDS,
    PLAIN_HTTP: /^http:/i.test(signed) && /\.(myqcloud\.com|tencentcos\.cn)$/.test(host),
    RAW_SEMICOLON: isUrl && signed.includes(';'),
  })
}

function pick(found: Partial<Record<Suspicion, boolean>>): Suspicion[] {
  return (Object.keys(found) as Suspicion[]).filter((name) => found[name])
}
