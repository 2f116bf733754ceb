/**
 * Outcomes that no argument check prevents.
 *
 * - `NO_CREDENTIALS`: `new COS` was given no key and no `getAuthorization`, or that threw or did
 *   not answer
 * - `CREDENTIALS_EXPIRED`: the temporary key has expired
 * - `INVALID_CREDENTIALS`: the answer of `getAuthorization` cannot sign
 */
export type SignerErrorCode = 'NO_CREDENTIALS' | 'CREDENTIALS_EXPIRED' | 'INVALID_CREDENTIALS'

/** An Error with a stable `code`. Branch on the code: ES5 output breaks `instanceof`. */
export interface SignerError extends Error {
  code: SignerErrorCode
}

export function signerError(code: SignerErrorCode, message: string): SignerError {
  return Object.assign(new Error(message), { code })
}

/** A bare JavaScript engine has no console. */
declare const console: { warn(message: string): void } | undefined

const warned = new Set<string>()

export const names = (text: string): Set<string> => new Set(text.split(' '))

/** Warns once about each option (a capitalized name, or `getSTS`) that is not in `known`. */
export function warnOfOthers(known: Set<string>, given: object): void {
  for (const name of Object.keys(given)) {
    if (known.has(name) || warned.has(name) || !/^[A-Z]|^getSTS$/.test(name)) continue
    warned.add(name)
    if (typeof console !== 'undefined')
      console.warn(`cos: ${name} has no effect here. See docs/from-cos-wx-sdk.md`)
  }
}

/** Misuse of an argument: its name, what it must be, and what it is. */
export function invalidArgument(argument: string, expected: string, actual: unknown): TypeError {
  const isPlain = actual === null || !/object|function/.test(typeof actual)
  return new TypeError(
    `${argument} must be ${expected}, got ${isPlain ? String(actual) : typeof actual}`,
  )
}

/** Checks an argument that is text of a certain form. */
export function checkText(
  argument: string,
  value: unknown,
  form: RegExp,
  expected: string,
): string {
  if (typeof value !== 'string' || !form.test(value))
    throw invalidArgument(argument, expected, value)
  return value
}

/** Checks a required argument. The error never quotes the value: it may be a secret. */
export function checkType(
  argument: string,
  value: unknown,
  type: 'object' | 'function' | 'string',
): void {
  if (!value || typeof value !== type)
    throw invalidArgument(argument, `a non-empty ${type}`, typeof value)
}
