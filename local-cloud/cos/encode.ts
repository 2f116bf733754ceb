/**
 * COS's UrlEncode: everything but `A-Z a-z 0-9 - _ . ~` becomes upper-case `%XX` of its UTF-8 bytes
 * (manual 436/7778).
 */
export function urlEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Encodes a key for a path: as urlEncode, but `/` stays. */
export function urlEncodePath(key: string): string {
  return key.split('/').map(urlEncode).join('/')
}

/** Decodes percent-encoded UTF-8. `undefined` when it is not that. */
export function urlDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
