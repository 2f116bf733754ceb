import { ApiError } from './errors'

/** COS: at most 850 bytes of UTF-8. https://cloud.tencent.com/document/product/436/13324 */
const MAX_KEY_BYTES = 850

/**
 * Refuses a key that COS would refuse, that a client or proxy would rewrite on its way (`.` and
 * `..`), or that belongs to somebody else.
 *
 * @throws ApiError 400 `INVALID_REQUEST` for a key that cannot be an object's, 403 `KEY_NOT_ALLOWED`
 * for one outside the prefix
 */
export function checkObjectKey(key: string, prefix: string): void {
  const problem = problemOf(key)
  if (problem !== undefined) throw new ApiError(400, 'INVALID_REQUEST', `key ${problem}`)
  if (!key.startsWith(prefix) || key === prefix) {
    throw new ApiError(403, 'KEY_NOT_ALLOWED', `key must name an object below ${prefix}`)
  }
}

/**
 * Refuses, besides, a key that a policy would read as more than one object: `*` is a wildcard of the
 * policy language, `${…}` one of its variables.
 *
 * @throws ApiError as `checkObjectKey`
 */
export function checkPolicyKey(key: string, prefix: string): void {
  checkObjectKey(key, prefix)
  if (/\*|\$\{/.test(key)) {
    const message = 'key holds * or ${, which a policy cannot name: ask without key'
    throw new ApiError(400, 'INVALID_REQUEST', message)
  }
}

function problemOf(key: string): string | undefined {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`
  if (/[\p{Cc}\p{Cs}]/u.test(key)) return 'holds a control character or half a surrogate pair'
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) {
    return 'holds a segment . or ..'
  }
  return undefined
}
