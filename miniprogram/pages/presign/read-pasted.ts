/** A URL ends where the quote or bracket before it is closed. */
const OPENING = '"\'`<([“‘「（'
const CLOSING = '"\'`>)]”’」）'

const TOKEN = /x-cos-security-token["']?\s*[:=]\s*["']?([^\s"'&]+)/i

/** What is in a text that was pasted: a URL, header lines, a command, a log, a sentence. */
export interface Pasted {
  /** The first signed URL or Authorization; all of the text where there is none. */
  signed: string
  /** The first URL, signed or not; empty where there is none. */
  url: string
  /** The header `x-cos-security-token`, or nothing. */
  token: string
}

/**
 * Finds a signature in what was pasted, whatever stands around it.
 * @throws URIError when it is not percent-encoded UTF-8
 */
export function readPasted(pasted: string): Pasted {
  const text = pasted
    .replace(/&amp;|\\u0026/g, '&')
    .replace(/\\(["/])/g, '$1')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    // A long line has been broken anywhere; a header, or another URL, begins a line of its own.
    .reduce((all, line) => all + (/^[\w-]+['"]?\s*:/.test(line) ? '\n' : '') + line, '')
    .trim()
  const at = text.search(/q-sign-algorithm(=|%3D)/i)
  const url = text.search(/https?:\/\//i)
  return {
    signed: at < 0 ? text : (signedUrlAt(text, at) ?? authorizationAt(text, at)),
    url: url < 0 ? '' : cutAt(text, url, url),
    token: decodeURIComponent(TOKEN.exec(text)?.[1] ?? ''),
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
  const length = closing ? rest.indexOf(closing) : rest.search(/[,.;]?(?:\s|$)|[，。；]/)
  return text.slice(start, length < 0 ? undefined : from + length)
}
