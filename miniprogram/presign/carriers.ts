/** How a request carries its signature: flat `q-…` parameters, one `sign` parameter, or a header. */
export type Carrier = 'flat' | 'sign' | 'header'

export interface Carried {
  url: string
  /** What the carrier itself adds to the headers of the request. */
  headers: Record<string, string>
}

const TOKEN = 'x-cos-security-token='

/**
 * A signed URL in another carrier; the signature stays the same.
 * @param url with flat `q-…` parameters, as `presignedUrl` makes it
 */
export function carry(url: string, carrier: Carrier): Carried {
  if (carrier === 'flat') return { url, headers: {} }
  const [address = '', query = ''] = url.split('?')
  const to = (params: string[]) => [address, params.join('&')].filter(Boolean).join('?')
  const Authorization = authorizationOf(url)
  const others = query.split('&').filter((param) => !isPart(param))
  if (carrier === 'sign') {
    return { url: to([`sign=${encodeURIComponent(Authorization)}`, ...others]), headers: {} }
  }
  const token = others.find((param) => param.startsWith(TOKEN))
  return {
    url: to(others.filter((param) => param !== token)),
    headers: {
      Authorization,
      ...(token && { 'x-cos-security-token': decodeURIComponent(token.slice(TOKEN.length)) }),
    },
  }
}

/** The Authorization string in a URL with flat `q-…` parameters, where each value is encoded once more. */
export function authorizationOf(url: string): string {
  return url.replace(/^.*\?/, '').split('&').filter(isPart).map(decodeURIComponent).join('&')
}

function isPart(param: string): boolean {
  return param.startsWith('q-')
}
