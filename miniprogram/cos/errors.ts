/**
 * What can go wrong although every argument is right.
 *
 * - `NO_CREDENTIALS`: nothing to sign with was given to `new COS`
 * - `CREDENTIALS_EXPIRED`: the temporary key has ended
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

/** Misuse: the argument, what it wanted, and what it got. */
export function misuse(argument: string, wanted: string, got: unknown): TypeError {
  return new TypeError(`${argument} must be ${wanted}, got ${String(got)}`)
}

/** An argument that is a text of a certain form. */
export function checkText(argument: string, value: unknown, form: RegExp, wanted: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw misuse(argument, wanted, value)
  return value
}
