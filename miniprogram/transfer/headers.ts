/** Headers of an answer. */
export type Headers = Record<string, unknown>

/** A header by its lower-case name, or an empty text; the platforms differ in the case of names. */
export function headerOf(headers: Headers, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name)
  return found === undefined ? '' : String(headers[found])
}
