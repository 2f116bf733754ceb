/**
 * Bytes of data as it is sent; text in UTF-8. Mini programs may lack TextEncoder.
 * @throws URIError for a lone surrogate: it has no UTF-8 form
 */
export function byteLength(data: ArrayBuffer | string): number {
  if (typeof data !== 'string') return data.byteLength
  return encodeURIComponent(data).replace(/%../g, ' ').length
}
