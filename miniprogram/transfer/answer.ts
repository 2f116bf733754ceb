/** Headers of an answer. */
export type Headers = Record<string, unknown>

/** A header by its lower-case name, or an empty text; the platforms differ in the case of names. */
export function headerOf(headers: Headers, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name)
  return found === undefined ? '' : String(headers[found])
}

/** What COS calls the object of an answer, and the answer itself. */
export function identityOf(headers: Headers): { etag: string; requestId: string } {
  return { etag: headerOf(headers, 'etag'), requestId: headerOf(headers, 'x-cos-request-id') }
}

/** wx hands every status to `success`. */
export function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode <= 299
}
