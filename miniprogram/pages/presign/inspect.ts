import { explain, type Explanation } from '../../cos/index'
import { fieldOf } from './fields'

/** What is wrong with a signature, or risky, or only worth knowing. Its words are in `i18n/`. */
export type Suspicion =
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'BAD_TIME'
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
}

/** A key at hand, perhaps the one that signed. */
export interface KnownKey {
  SecretId: string
  SecretKey: string
  SecurityToken?: string | undefined
  /** Unix seconds. */
  ExpiredTime?: number
}

export interface Inspection {
  explanation: Explanation
  isUrl: boolean
  /** Empty for an Authorization without the URL of its request. */
  host: string
  /** Unix seconds; NaN where the signature has no readable time. */
  start: number
  end: number
  /** The key that signed is at hand. */
  isKnownKey: boolean
  /** Its token ends at a time that nothing here tells. */
  keyMayEndEarlier: boolean
  /** Signed headers of which only the name is known. */
  unknownHeaders: string[]
  /** The method that the signature is for, where a known key can tell. */
  signedMethod: string
  /** All but those that depend on the time of day: see `timeSuspicion`. */
  suspicions: Suspicion[]
}

const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS']

/** Beyond it, in seconds, a URL is more of a key than of a ticket. */
const DAY = 86_400

/** SecretIds of permanent keys have so many characters; those of temporary keys have more. */
const PERMANENT_ID_LENGTH = 36

/** What was pasted, without what came along: quotes, line breaks, the name of the header, escapes. */
export function cleanPasted(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  return unquoted(unquoted(lines.join('')).replace(/^authorization\s*:\s*/i, ''))
    .replace(/&amp;|\\u0026/g, '&')
    .replace(/\\\//g, '/')
}

function unquoted(text: string): string {
  return text.replace(/^(["'`])([^]*)\1[,;]?$/, '$2')
}

/**
 * Takes a signature apart and looks for what is known to go wrong.
 * @param key a key at hand: tells whether the signature is right, where it is the one that signed
 * @throws TypeError when no signature is in it; URIError when it is not percent-encoded UTF-8
 */
export function inspect(text: SignedText, key?: KnownKey): Inspection {
  const known = key && explainText(text).SecretId === key.SecretId ? key : undefined
  const explanation = explainText(text)
  const isUrl = explanation.Host !== undefined
  const host = explanation.Host ?? hostOf(text.requestUrl)
  const unknownHeaders = explanation.SignedHeaders.flatMap(({ name, value }) =>
    value === undefined || (name === 'host' && value === '') ? [name] : [],
  )
  const isWhole = host !== '' && unknownHeaders.length === 0
  const isChecked = known !== undefined && isWhole
  const signedMethod = isChecked ? methodOf(text, known.SecretKey) : ''
  const { start, end } = period(explanation)
  return {
    explanation,
    isUrl,
    host,
    start,
    end: Math.min(end, known?.ExpiredTime ?? Infinity),
    isKnownKey: known !== undefined,
    keyMayEndEarlier: explanation.SecurityToken !== undefined && known === undefined,
    unknownHeaders,
    signedMethod,
    suspicions: [
      ...mistakes(text, explanation, { isChecked, signedMethod, start, end }),
      ...tokenSuspicions(text, explanation, known),
      ...risks(text, explanation, end - start),
    ],
  }
}

/** Whether the signature is over, or not valid yet. @param now unix seconds */
export function timeSuspicion(
  { start, end }: Pick<Inspection, 'start' | 'end'>,
  now: number,
): Suspicion | undefined {
  if (now > end) return 'EXPIRED'
  return now < start ? 'NOT_YET_VALID' : undefined
}

/** A URL has all that is signed but headers; an Authorization lacks the request, too. */
function explainText({ signed, requestUrl, method, headers }: SignedText, SecretKey?: string) {
  const options = { Method: method, ...(SecretKey && { SecretKey }) }
  if (/^https?:/i.test(signed)) return explain(signed, { ...options, Headers: headers })
  const [, host = '', path = '', query = ''] =
    /^https?:\/\/([^/?#]+)([^?#]*)\??([^#]*)/i.exec(requestUrl) ?? []
  const params = query.split('&').filter(Boolean)
  return explain(signed, {
    ...options,
    Key: decode(path),
    Query: Object.fromEntries(
      params.map((param) => {
        const [name = '', ...value] = param.split('=')
        return [decode(name), decode(value.join('='))]
      }),
    ),
    Headers: host ? { ...headers, host } : headers,
  })
}

/** From the later start to the earlier end of q-sign-time and q-key-time. */
function period({ StringToSign, KeyTime }: Explanation): { start: number; end: number } {
  const times = [StringToSign.split('\n')[1]!, KeyTime].map((time) => {
    const [, start, end] = /^(\d+);(\d+)$/.exec(time) ?? []
    return { start: Number(start), end: Number(end) }
  })
  return {
    start: Math.max(...times.map(({ start }) => start)),
    end: Math.min(...times.map(({ end }) => end)),
  }
}

/** The method for which the key makes this very signature; empty where there is none. */
function methodOf(text: SignedText, SecretKey: string): string {
  const found = [text.method, ...METHODS].find((method) => {
    const { Signature, GivenSignature } = explainText({ ...text, method }, SecretKey)
    return Signature === GivenSignature
  })
  return found ?? ''
}

function mistakes(
  { signed, method }: SignedText,
  { SignedParams, SignedHeaders }: Explanation,
  found: { isChecked: boolean; signedMethod: string; start: number; end: number },
): Suspicion[] {
  const { isChecked, signedMethod, start, end } = found
  const [, path = ''] = /^https?:\/\/[^/?#]+([^?#]*)/i.exec(signed) ?? []
  const isEncodedOnce = SignedParams.some(({ name }) => /[^A-Za-z0-9%._~-]/.test(name))
  const isUpperCase = [...SignedParams, ...SignedHeaders].some(({ name }) => /[A-Z]/.test(name))
  const isOther = isChecked && signedMethod === ''
  return pick({
    BAD_TIME: Number.isNaN(start + end) || end <= start,
    OTHER_METHOD: signedMethod !== '' && signedMethod !== method,
    OTHER_SIGNATURE: isOther && !isEncodedOnce && !isUpperCase, // the list is enough
    LIST_ENCODED_ONCE: isEncodedOnce,
    LIST_UPPER_CASE: isUpperCase,
    RAW_PLUS: path.includes('+'),
  })
}

function tokenSuspicions(
  { headers }: SignedText,
  { SecretId, SecurityToken, Host }: Explanation,
  known: KnownKey | undefined,
): Suspicion[] {
  const token = SecurityToken || fieldOf(headers, 'x-cos-security-token')
  if (token) {
    const isOther = known?.SecurityToken !== undefined && known.SecurityToken !== token
    return pick({ TOKEN_CHANGED: isOther || token.includes(' ') }) // a raw + is read as a space
  }
  if (Host === undefined) return []
  const looksTemporary = SecretId.startsWith('AKID') && SecretId.length > PERMANENT_ID_LENGTH
  return pick({
    TOKEN_MISSING: known?.SecurityToken !== undefined,
    TOKEN_NEEDED: !known && looksTemporary,
  })
}

function risks(
  { signed, method }: SignedText,
  { Host, SignedHeaders, SignedParams, FreeParams }: Explanation,
  lifetime: number,
): Suspicion[] {
  const names = SignedHeaders.map(({ name }) => name)
  const params = [...SignedParams.map(({ name }) => name), ...FreeParams]
  const stores = /^(PUT|POST)$/i.test(method) && !params.some((name) => /^uploadid$/i.test(name))
  return pick({
    HOST_NOT_SIGNED: !names.includes('host'),
    TYPE_NOT_SIGNED: stores && !names.includes('content-type'),
    LONG_LIFE: lifetime > DAY,
    PLAIN_HTTP: /^http:/i.test(signed) && /\.(myqcloud\.com|tencentcos\.cn)$/.test(Host ?? ''),
    RAW_SEMICOLON: Host !== undefined && signed.includes(';'),
  })
}

function pick(found: Partial<Record<Suspicion, boolean>>): Suspicion[] {
  return (Object.keys(found) as Suspicion[]).filter((name) => found[name])
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? ''
}

/** As COS does: a raw `+` is a space. */
function decode(text: string): string {
  return decodeURIComponent(text.replace(/\+/g, ' '))
}
