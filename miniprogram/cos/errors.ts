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

/** Misuse: the argument, what it must be, and what it is. */
export function misuse(argument: string, wanted: string, got: unknown): TypeError {
  const isPlain = got === null || !/object|function/.test(typeof got)
  return new TypeError(`${argument} must be ${wanted}, got ${isPlain ? String(got) : typeof got}`)
}

/** An argument that is a text of a certain form. */
export function checkText(argument: string, value: unknown, form: RegExp, wanted: string): string {
  if (typeof value !== 'string' || !form.test(value)) throw misuse(argument, wanted, value)
  return value
}

/** An argument that must be there, of a type. The value is not quoted: it may be a secret. */
export function checkType(
  argument: string,
  value: unknown,
  type: 'object' | 'function' | 'string',
): void {
  if (!value || typeof value !== type) throw misuse(argument, `a non-empty ${type}`, typeof value)
}
