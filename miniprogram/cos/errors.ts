/**
 * What can go wrong although every argument is right.
 *
 * - `NO_CREDENTIALS`: nothing to sign with was given to `new COS`
 * - `CREDENTIALS_EXPIRED`: the temporary key has ended, or would end before the signature begins
 * - `INVALID_CREDENTIALS`: what `getAuthorization` handed back cannot sign
 */
export type SignerErrorCode = 'NO_CREDENTIALS' | 'CREDENTIALS_EXPIRED' | 'INVALID_CREDENTIALS'

/** An Error with a stable `code`. Branch on the code: ES5 output breaks `instanceof`. */
export interface SignerError extends Error {
  code: SignerErrorCode
}

export function signerError(code: SignerErrorCode, message: string): SignerError {
  return Object.assign(new Error(message), { code })
}
