/** How a request carries its signature: flat `q-…` parameters, one `sign` parameter, or a header. */
export type Carrier = 'flat' | 'sign' | 'header'

export interface Carried {
  url: string
  /** What the carrier itself adds to the headers of the request. */
  headers: Record<string, string>
}

const TOKEN = 'x-cos-security-token'

/**
 * A signed URL in another carrier; the signature stays the same.
 * @param url with flat `q-…` parameters, as `presignedUrl` makes it
 */
export function carry(url: string, carrier: Carrier): Carried {
  if (carrier === 'flat') return { url, headers: {} }
  const { address, params } = split(url)
  const Authorization = authorizationOf(url)
  const others = params.filter((param) => !isPart(param))
  if (carrier === 'sign') {
    return {
      url: join(address, [`sign=${encodeURIComponent(Authorization)}`, ...others]),
      headers: {},
    }
  }
  const token = others.find((param) => param.startsWith(`${TOKEN}=`))
  return {
    url: join(
      address,
      others.filter((param) => param !== token),
    ),
    headers: {
      Authorization,
      ...(token && { [TOKEN]: decodeURIComponent(token.slice(TOKEN.length + 1)) }),
    },
  }
}

/** The Authorization string in a URL with flat `q-…` parameters, where each value is encoded once more. */
export function authorizationOf(url: string): string {
  return split(url).params.filter(isPart).map(decodeURIComponent).join('&')
}

function isPart(param: string): boolean {
  return param.startsWith('q-')
}

function split(url: string): { address: string; params: string[] } {
  const [address = '', query = ''] = url.split('?')
  return { address, params: query.split('&').filter(Boolean) }
}

function join(address: string, params: string[]): string {
  return params.length > 0 ? `${address}?${params.join('&')}` : address
}
