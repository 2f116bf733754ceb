import type { Explanation } from '../cos/index'
import type { PresignMessages } from './i18n/index'
import type { DetailRow } from '../demo/describe'
import { maskMiddle } from './mask'

/**
 * What is signed, parameters first.
 * @param unknown signed headers of which only the name is known
 */
export function signedParts(
  { SignedParams, SignedHeaders }: Explanation,
  t: PresignMessages,
  unknown: readonly string[] = [],
): DetailRow[] {
  return [...SignedParams, ...SignedHeaders].map(({ name, value }) => {
    if (unknown.includes(name)) return { label: name, value: t.parts.unknown }
    const isToken = name === 'x-cos-security-token'
    return { label: name, value: isToken ? maskMiddle('') : value || t.compare.empty }
  })
}
