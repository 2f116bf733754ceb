const SECRET = /((?:x-cos-security-token|q-signature|sign|authorization)(?:=|%3D))[^&\s]+/gi

/** A text for the log and the console: without the values of tokens and signatures in it. */
export function masked(text: string): string {
  return text.replace(SECRET, '$1***')
}
