import { utf8 } from '../cos/encode'
import { DOT_SEGMENT } from '../cos/object-url'

/** Why a key cannot be the name of an object. */
export type KeyProblem =
  'EMPTY' | 'LEADING_SLASH' | 'DOT_SEGMENT' | 'TOO_LONG' | 'CONTROL' | 'NOT_UNICODE'

/** A key takes at most this many bytes of UTF-8 (manual page 436/13324). */
const LONGEST = 850

/** What is wrong with an object key, or undefined. For forms: ask before signing. */
export function keyProblem(key: string): KeyProblem | undefined {
  if (key === '') return 'EMPTY'
  if (/^[/\\]/.test(key)) return 'LEADING_SLASH'
  if (DOT_SEGMENT.test(key)) return 'DOT_SEGMENT'
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(key)) return 'CONTROL'
  try {
    return utf8(key, 'key').length > LONGEST ? 'TOO_LONG' : undefined
  } catch {
    return 'NOT_UNICODE'
  }
}
