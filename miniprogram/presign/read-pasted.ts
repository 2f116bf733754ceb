import { unquoted } from './unquoted'

/** A URL ends where the quote or bracket before it is closed. */
const OPENING = '"\'`<([“‘「（'
const CLOSING = '"\'`>)]”’」）'

const TOKEN = /x-cos-security-token["']?\s*[:=]\s*["']?([^\s"'&]+)/i

/** Other signatures, by their parameters, headers and error documents. */
const FOREIGN: [cloud: string, pattern: RegExp][] = [
  [
    'Amazon S3',
    /\bX-Amz-(Signature|Algorithm|Credential)\b|\bAWS4-HMAC-SHA256\b|\bAWSAccessKeyId[=>]/i,
  ],
  [
    'Alibaba Cloud OSS',
    /\bOSSAccessKeyId[=>]|\bx-oss-(signature|credential)\b|\bOSS4-HMAC-SHA256\b|\bauthorization: *OSS /i,
  ],
  ['Google Cloud Storage', /\bX-Goog-(Signature|Algorithm)\b|\bGoogleAccessId=/i],
  [
    'Huawei Cloud OBS',
    /\bx-obs-(signature|credential)\b|myhuaweicloud\.com\/[^\s]*[?&]AccessKeyId=/i,
  ],
  ['Volcengine TOS', /\bX-Tos-(Signature|Algorithm|Credential)\b/i],
  ['Azure Blob Storage', /[?&]sv=\d{4}-\d\d-\d\d[^\s]*[?&]?sig=/i],
  ['Tencent Cloud CDN', /[?&]sign=\d{9,10}-\w+-\d+-[\da-f]{32}|[?&](sign|md5)=[\da-f]{32}&t=/],
  ["COS's retired JSON API", /[?&]sign=(?!q-sign)[\w%+/]{60,}/],
  ['Kingsoft Cloud KS3', /\bKSSAccessKeyId=/],
  ['UpYun', /\bauthorization: *UpYun /i],
  ['Baidu BOS', /\bbce-auth-v\d\b/],
  ["Tencent Cloud's API 3.0", /\bTC3-HMAC-SHA256\b/],
  ['Qiniu Kodo', /[?&]e=\d{10}&token=[\w-]+:|\b(UpToken|QBox|Qiniu) [\w-]+:[\w-]+=*/],
]

/** Whether a text has a signature in it, of COS or of another cloud. */
export function isSignature(text: string): boolean {
  return /q-sign(-algorithm|ature)/i.test(text) || FOREIGN.some(([, pattern]) => pattern.test(text))
}

/** How a URL was spoilt before it was pasted; `url` has it repaired. */
export type UrlDamage = 'ENCODED_WHOLE' | 'RAW_HASH' | 'RAW_QUESTION'

/** What is in a text that was pasted: a URL, header lines, a command, a log, a sentence. */
export interface Pasted {
  /** The first signed URL or Authorization; all of the text where there is none. */
  signed: string
  /** The first URL, signed or not; empty where there is none. */
  url: string
  /** The header `x-cos-security-token`, or nothing. */
  token: string
  /** The method that was sent, in upper case; empty where the text does not tell. */
  method: string
  /** The headers that were sent: of a raw request, of curl, of a log. */
  headers: Record<string, string>
  damage: UrlDamage | undefined
  /** The other cloud whose signature this is, or nothing. */
  foreign: string
}

/**
 * Finds a signature in what was pasted, whatever stands around it.
 * @throws URIError when it is not percent-encoded UTF-8
 */
export function readPasted(raw: string): Pasted {
  const pasted = unquoted(raw.replace(/\r\n?/g, '\n')).replace(/\^([&%"])/g, '$1') // ^ of Windows
  const { text, damage } = repaired(tidy(withScheme(withUrl(pasted))))
  const at = text.search(/q-sign-algorithm(=|%3D)/i)
  const url = text.search(/https?:\/\//i)
  const foreign = FOREIGN.find(([, pattern]) => pattern.test(text))?.[0] ?? ''
  return {
    signed: at < 0 ? text : (signedUrlAt(text, at) ?? authorizationAt(text, at)),
    url: url < 0 ? '' : cutAt(text, url, url),
    token: decodeURIComponent(TOKEN.exec(text)?.[1] ?? ''),
    method: methodIn(pasted),
    headers: headersIn(pasted),
    damage,
    foreign: at < 0 ? foreign : '',
  }
}

/** A header, a URL or a request line. */
const OWN_LINE = /^([<>*] )?([\w-]+['"]?\s*:|[A-Z]{3,7} \/)/

function tidy(text: string): string {
  return (
    text
      .replace(/&amp;|&#38;|&#x26;|\\u0026/gi, '&')
      .replace(/\\(["/])/g, '$1')
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      // A long line has been broken anywhere; a header, or another URL, begins a line of its own.
      .reduce((all, line) => all + (OWN_LINE.test(line) ? '\n' : '') + line, '')
      .trim()
  )
}

const METHODS = 'GET|HEAD|PUT|POST|DELETE|OPTIONS'

/** `PUT /a.txt?x=1 HTTP/1.1`, alone or in what `curl -v` prints. */
const REQUEST_LINE = new RegExp(`(?:^|\\n)[> ]*(${METHODS}) (/\\S*) HTTP/[\\d.]+`)

/** A raw request has its address in two lines: the URL in front makes one of them. */
function withUrl(pasted: string): string {
  const target = REQUEST_LINE.exec(pasted)?.[2] ?? /(?:^|\n)[> ]*:path: (\/\S*)/.exec(pasted)?.[1]
  const host = /(?:^|\n)[> ]*(?:host|:authority): ([\w.:-]+)/i.exec(pasted)?.[1]
  if (!target || !host) return pasted
  const url = `https://${host}${target}`
  return pasted.includes(url) ? pasted : `${url}\n${pasted}`
}

/** A URL that was copied without `https://`. */
function withScheme(text: string): string {
  const bare = /(^|[\s"'<(=])(?:\/\/)?((?:[\w-]+\.)+[a-z]{2,}(?::\d+)?\/\S*q-sign-algorithm)/i
  return text.replace(bare, (_, before: string, url: string) => `${before}https://${url}`)
}

/** The method that was sent; empty where nothing tells it. */
export function methodIn(pasted: string): string {
  const found =
    REQUEST_LINE.exec(pasted)?.[1] ??
    new RegExp(`(?:--request|-X)[= ]?["']?(${METHODS})\\b`).exec(pasted)?.[1] ??
    new RegExp(`(?:request )?method["']?\\s*[:=]\\s*["']?(${METHODS})\\b`, 'i').exec(pasted)?.[1] ??
    new RegExp(`\\b(${METHODS}) (?:["'<]?https?://|/\\S* HTTP/\\d)`).exec(pasted)?.[1] ??
    new RegExp(`-Method["' ]+(${METHODS})\\b`, 'i').exec(pasted)?.[1] ??
    new RegExp(`\\.(${METHODS})\\(\\s*["'\`]https?:`, 'i').exec(pasted)?.[1]
  if (found) return found.toUpperCase()
  if (!/^\s*(\$ )?(curl|wget)\b/.test(pasted)) return ''
  const has = (flag: string, name: string) =>
    new RegExp(`\\s(-[a-zA-Z]*${flag}|--(${name}))\\b`).test(pasted)
  if (has('T', 'upload-file')) return 'PUT'
  if (has('I', 'head')) return 'HEAD'
  if (has('[dF]', 'data(-\\w+)?|form') && !has('G', 'get')) return 'POST'
  return 'GET'
}

/** Lines of `Name: value`, arguments `-H 'Name: value'`, and entries `'Name': 'value'` of an object. */
function headersIn(pasted: string): Record<string, string> {
  const headers: Record<string, string> = {}
  const add = (name: string, value: string) => {
    if (!/^(authorization|q-.*)$/i.test(name)) headers[name.toLowerCase()] = value.trim()
  }
  if (REQUEST_LINE.test(pasted)) {
    const isVerbose = /\n> /.test(`\n${pasted}`)
    const [, request = ''] = /(?:^|\n)[> ]*[A-Z]+ \/[^]*?HTTP\/[\d.]+\r?\n([^]*)/.exec(pasted) ?? []
    const lines = request.split(/\r?\n/)
    const end = lines.findIndex((line) => /^[>\s]*$/.test(line) || line.startsWith('< '))
    lines.slice(0, end < 0 ? undefined : end).forEach((line) => {
      const [, name, value] = /^(?:> )?([\w-]+): ?(.*)$/.exec(line) ?? []
      if (name && (!isVerbose || line.startsWith('>'))) add(name, value!)
    })
  }
  const argument = /(?:-H|--header)[= ]\s*(?:'([^']*)'|"([^"]*)")/g
  for (let match = argument.exec(pasted); match; match = argument.exec(pasted)) {
    const [, name, value] = /^([\w-]+)\s*:\s?(.*)$/.exec(match[1] ?? match[2] ?? '') ?? []
    if (name && value) add(name, value)
  }
  return headers
}

/** Undoes what keeps a URL from being taken apart, and says what that was. */
function repaired(text: string): { text: string; damage?: UrlDamage } {
  const twice = /https?%253A%252F%252F[^\s"'<>]*q-sign-algorithm[^\s"'<>]*/i.exec(text)?.[0]
  if (twice) return repaired(decodeURIComponent(twice))
  const whole = /https?%3A(?:%2F){2}[^\s"'<>]*/i.exec(text)?.[0]
  if (whole && /(%3F|%26|sign%3D)q-sign-algorithm(%3D|%253D)/i.test(whole)) {
    return { text: decodeURIComponent(whole), damage: 'ENCODED_WHOLE' }
  }
  const rest = /https?:\/\/[^/?#\s]+[^?#\s]*%3F(sign%3D)?q-sign-algorithm%[^\s"'<>]*/i.exec(
    text,
  )?.[0]
  if (rest) return { text: decodeURIComponent(rest), damage: 'ENCODED_WHOLE' }
  const raw =
    /(https?:\/\/[^/?#\s]+)(\/[^\s"'<>]*?)\?((?:sign=)?q-sign-algorithm(?:=|%3D)[^\s]*)/i.exec(text)
  if (!raw) return { text }
  const [found, origin, target = '', query] = raw
  if (!/[#?]/.test(target)) return { text }
  // `/a?x=1?q-…` has its second question mark for an ampersand.
  const hasQuery = /\?[^?]+=/.test(target)
  const path = hasQuery ? target : target.replace(/\?/g, '%3F')
  const fixed = `${origin}${path.replace(/#/g, '%23')}${hasQuery ? '&' : '?'}${query}`
  return {
    text: text.replace(found, () => fixed),
    damage: target.includes('#') ? 'RAW_HASH' : 'RAW_QUESTION',
  }
}

/** The URL around that place; undefined where it is in none. A key may hold a raw space. */
function signedUrlAt(text: string, at: number): string | undefined {
  const before = text
    .slice(0, at)
    .split(/(?=https?:\/\/)/i)
    .pop()!
  return /^https?:[^?\n]*\?[^\s"'`]*$/i.test(before)
    ? cutAt(text, at - before.length, at)
    : undefined
}

/** The Authorization around that place, which a query holds encoded. */
function authorizationAt(text: string, at: number): string {
  const before = text
    .slice(0, at)
    .split(/[\s"'`<>?:]/)
    .pop()!
  const [after = ''] = text.slice(at).split(/[,.;]?(?:[\s"'`<>，。；]|$)/)
  const found = before.replace(/sign=$/, '') + after
  return /%3[BD]/i.test(found.replace(/q-(header|url-param)-list=[^&]*/g, ''))
    ? decodeURIComponent(found)
    : found
}

/** From `start` to the end, which comes after `from`. */
function cutAt(text: string, start: number, from: number): string {
  const closing = CLOSING[OPENING.indexOf(text[start - 1] || ' ')]
  const rest = text.slice(from)
  // A URL alone may end with a dot: with more around it, that is the end of a sentence.
  if (start === 0 && /^[^\s，。；]*\.$/.test(rest) && !/[\da-f]{40}\.$/.test(rest)) return text
  const length = closing ? rest.indexOf(closing) : rest.search(/[,.;]?(?:\s|$)|[，。；]/)
  return text.slice(start, length < 0 ? undefined : from + length)
}
