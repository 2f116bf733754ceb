import { byteLength } from './byte-length'

/** Why a key cannot be the name of an object. */
export type KeyProblem =
  | 'EMPTY'
  | 'LEADING_SLASH'
  | 'DOT_SEGMENT'
  | 'TOO_LONG'
  | 'CONTROL'
  | 'NOT_UNICODE'

/** Bytes of UTF-8 (manual page 436/13324). */
const MAX_KEY_BYTES = 850
/** HTTP clients resolve `.` and `..` as folders, so the signature would not match. */
const DOT_SEGMENT = /(^|\/)\.\.?(\/|$)/

/** What is wrong with an object key, or undefined. For input fields: call it before signing. */
export function keyProblem(key: string): KeyProblem | undefined {
  if (key === '') return 'EMPTY'
  if (/^[/\\]/.test(key)) return 'LEADING_SLASH'
  if (DOT_SEGMENT.test(key)) return 'DOT_SEGMENT'
  // oxlint-disable-next-line no-control-regex -- this is the check for them
  if (/[\u0000-\u001f\u007f]/.test(key)) return 'CONTROL'
  try {
    return byteLength(key) > MAX_KEY_BYTES ? 'TOO_LONG' : undefined
  } catch {
    return 'NOT_UNICODE'
  }
}
