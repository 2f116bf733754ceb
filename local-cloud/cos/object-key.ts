import { CosError } from './errors'

const MAX_KEY_BYTES = 850

/**
 * Checks an object key: 1 to 850 bytes of UTF-8, no `/` or `\` at its start, none of the control characters
 * 24 to 27 (manual 436/13324).
 *
 * @throws CosError `InvalidObjectName`, `KeyTooLong`
 */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new CosError('KeyTooLong')
  // oxlint-disable-next-line no-control-regex
  if (key === '' || /^[/\\]|[\u0018-\u001b]/.test(key)) throw new CosError('InvalidObjectName')
}
