const HEX = '0123456789abcdef'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * UTF-8 bytes of a text. Written out because mini programs may lack TextEncoder.
 * @throws TypeError for a lone surrogate, which has no UTF-8 form
 */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code < 0x80) {
      bytes[length++] = code
      continue
    }
    if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6)
    } else {
      if (code >= 0xd800 && code < 0xe000) {
        const low = code < 0xdc00 ? text.charCodeAt(i + 1) : NaN
        if (!(low >= 0xdc00 && low < 0xe000)) throw loneSurrogate(text)
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        i++
        bytes[length++] = 0xf0 | (code >> 18)
        bytes[length++] = 0x80 | ((code >> 12) & 63)
      } else {
        bytes[length++] = 0xe0 | (code >> 12)
      }
      bytes[length++] = 0x80 | ((code >> 6) & 63)
    }
    bytes[length++] = 0x80 | (code & 63)
  }
  return bytes.subarray(0, length)
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    text += HEX[byte >> 4]! + HEX[byte & 15]!
  }
  return text
}

/** Base64 with padding (RFC 4648, section 4). */
export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text += BASE64[group >> 18]! + BASE64[(group >> 12) & 63]!
    text += i + 1 < bytes.length ? BASE64[(group >> 6) & 63]! : '='
    text += i + 2 < bytes.length ? BASE64[group & 63]! : '='
  }
  return text
}

/**
 * COS's UrlEncode: UTF-8, and everything but `A-Z a-z 0-9 - _ . ~` becomes an upper-case `%XX`
 * (manual page 436/7778). encodeURIComponent leaves `! ' ( ) *` as they are.
 * @throws TypeError for a lone surrogate
 */
export function urlEncode(text: string): string {
  let encoded: string
  try {
    encoded = encodeURIComponent(text)
  } catch {
    throw loneSurrogate(text)
  }
  return encoded.replace(/[!'()*]/g, (mark) => '%' + mark.charCodeAt(0).toString(16).toUpperCase())
}

function loneSurrogate(text: string): TypeError {
  return new TypeError(`${JSON.stringify(text)} holds half of a surrogate pair: it is not Unicode`)
}
