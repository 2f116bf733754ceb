const DOTS = '••••••'

/** A SecretId names its owner: only its ends are shown. */
export function maskMiddle(text: string): string {
  return text.length > 12 ? `${text.slice(0, 6)}${DOTS}${text.slice(-4)}` : DOTS
}

/** A text without what is derived from a secret: signatures and tokens, in URLs and in headers. */
export function maskSigned(text: string): string {
  const name = '(?:q-signature|x-cos-security-token)'
  return text.replace(new RegExp(`(${name}(?:=|%3D|: ))(?:(?!%26)[^&\\s])+`, 'gi'), `$1${DOTS}`)
}
