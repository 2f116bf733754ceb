import { hash } from 'node:crypto'

import type { GetTemporaryKey, TemporaryKey } from './sts'

/** Bounds the memory (a token is up to 4 KB), whatever number of keys users ask for. */
const MAX_ENTRIES = 5000

/**
 * Remembers temporary keys by the hash of their policy. A key handed out has at least half of its
 * life left; concurrent calls for one policy share one call to STS; a failure is not remembered.
 *
 * @param now milliseconds since 1970
 */
export function cacheTemporaryKeys(
  getTemporaryKey: GetTemporaryKey,
  now: () => number,
): GetTemporaryKey {
  const entries = new Map<string, { temporaryKey: TemporaryKey; renewAt: number }>()
  const calls = new Map<string, Promise<TemporaryKey>>()

  async function renew(id: string, policy: string): Promise<TemporaryKey> {
    // Half of the life is counted on our own clock, which need not agree with that of STS.
    const askedAt = now()
    const temporaryKey = await getTemporaryKey(policy)
    const life = (temporaryKey.expiredTime - temporaryKey.startTime) * 1000
    entries.delete(id)
    entries.set(id, { temporaryKey, renewAt: askedAt + life / 2 })
    const [oldest] = entries.keys()
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest)
    return temporaryKey
  }

  return (policy) => {
    const id = hash('sha256', policy, 'base64url')
    const known = entries.get(id)
    if (known && now() < known.renewAt) {
      // Those that were asked for last stay the longest.
      entries.delete(id)
      entries.set(id, known)
      return Promise.resolve(known.temporaryKey)
    }
    const call = calls.get(id) ?? renew(id, policy).finally(() => calls.delete(id))
    calls.set(id, call)
    return call
  }
}
