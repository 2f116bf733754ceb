import type { Explanation } from '../../cos/index'
import { presignMessages } from '../../i18n/presign/index'
import type { Fact } from '../views'
import { maskMiddle } from './mask'

const t = presignMessages()

/**
 * What is signed, parameters first.
 * @param unknown signed headers of which only the name is known
 */
export function signedParts(
  { SignedParams, SignedHeaders }: Explanation,
  unknown: readonly string[] = [],
): Fact[] {
  return [...SignedParams, ...SignedHeaders].map(({ name, value }) => {
    if (unknown.includes(name)) return { label: name, value: t.parts.unknown }
    const isToken = name === 'x-cos-security-token'
    return { label: name, value: isToken ? maskMiddle('') : value || t.compare.empty }
  })
}
