import { invalidArgument } from './errors'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * The UTF-8 bytes of a text as a byte string: one character, `\0` to `\xff`, for each byte. A text
 * in ASCII is its own byte string. Mini programs may lack TextEncoder.
 * @throws TypeError naming the argument, for a lone surrogate: it has no UTF-8 form
 */
export function utf8(text: string, argument: string): string {
  if (!/[\u0080-\uffff]/.test(text)) return text
  const unescape = (_: string, code: string) => String.fromCharCode(parseInt(code, 16))
  return encode(text, argument).replace(/%(..)/g, unescape)
}

/** Base64 of a byte string, with padding (RFC 4648, section 4). */
export function base64(bytes: string): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    // Past the end charCodeAt is NaN, which counts as 0 here.
    const group =
      (bytes.charCodeAt(i) << 16) | (bytes.charCodeAt(i + 1) << 8) | bytes.charCodeAt(i + 2)
    text += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!
    text += i + 1 < bytes.length ? BASE64[(group >> 6) & 63]! : '='
    text += i + 2 < bytes.length ? BASE64[group & 63]! : '='
  }
  return text
}

/**
 * COS's UrlEncode: UTF-8, and everything but `A-Z a-z 0-9 - _ . ~` becomes an upper-case `%XX`
 * (manual page 436/7778). encodeURIComponent leaves `! ' ( ) *` as they are.
 * @throws TypeError naming the argument, for a lone surrogate
 */
export function urlEncode(text: string, argument: string): string {
  return encode(text, argument).replace(
    /[!'()*]/g,
    (mark) => '%' + mark.charCodeAt(0).toString(16).toUpperCase(),
  )
}

function encode(text: string, argument: string): string {
  try {
    // Most names and values are plain, and a test is cheaper than an encoding.
    return /^[\w.~-]*$/.test(text) ? text : encodeURIComponent(text)
  } catch {
    throw invalidArgument(argument, 'without lone surrogates', {})
  }
}
