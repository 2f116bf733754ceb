/** Reads the responses of COS: headers and XML. */

export type Headers = Record<string, unknown>

/** A header by its lower-case name, or an empty text. Platforms differ in the case of names. */
export function headerOf(headers: Headers, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name)
  return found === undefined ? '' : String(headers[found])
}

export function etagAndRequestId(headers: Headers): { etag: string; requestId: string } {
  return { etag: headerOf(headers, 'etag'), requestId: headerOf(headers, 'x-cos-request-id') }
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
])

/** The text of the first element of this name in XML, or undefined. */
export function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text?.replace(/&(?:#(x[\da-f]{1,5}|\d{1,6})|(\w+));/gi, (whole, code, entity: string) =>
    code ? String.fromCodePoint(Number(`0${code}`)) : (ENTITIES.get(entity) ?? whole),
  )
}
