import { hash } from 'node:crypto'

import { ApiError } from './errors'
import type { GetTemporaryKey, TemporaryKey } from './sts'

/** Bounds the memory (a token is up to 4 KB), whatever number of keys users ask for. */
const MAX_ENTRIES = 5000

interface Entry {
  temporaryKey: TemporaryKey
  /** By both clocks: one can be set back, the other may stand still while the machine sleeps. */
  askedAt: number
  askedAtElapsed: number
}

/**
 * Remembers temporary keys by the hash of their policy. A key handed out has at least half of its
 * life left; concurrent calls for one policy share one call to STS; a failure is not remembered.
 *
 * @param now milliseconds since 1970, of a clock that may be set
 * @param elapsed milliseconds, of a clock that never runs back
 * @returns a function that rejects, besides, with ApiError 503 `CLOCK_SKEW` when a new key has already
 * ended by the clock of this server
 */
export function cacheTemporaryKeys(
  getTemporaryKey: GetTemporaryKey,
  now: () => number,
  elapsed: () => number = () => performance.now(),
): GetTemporaryKey {
  const entries = new Map<string, Entry>()
  const calls = new Map<string, Promise<TemporaryKey>>()

  /** Half of the life is counted on our own clocks, which need not agree with that of STS. */
  const isFresh = ({ temporaryKey, askedAt, askedAtElapsed }: Entry): boolean => {
    const halfLife = ((temporaryKey.expiredTime - temporaryKey.startTime) * 1000) / 2
    const age = now() - askedAt
    const isYoung = age >= 0 && age < halfLife && elapsed() - askedAtElapsed < halfLife
    return isYoung && !hasEnded(temporaryKey, now())
  }

  async function renew(id: string, policy: string): Promise<TemporaryKey> {
    const [askedAt, askedAtElapsed] = [now(), elapsed()]
    const temporaryKey = await getTemporaryKey(policy)
    if (hasEnded(temporaryKey, now())) throw clockSkew(now() / 1000 - temporaryKey.startTime)
    entries.delete(id)
    entries.set(id, { temporaryKey, askedAt, askedAtElapsed })
    const [oldest] = entries.keys()
    if (entries.size > MAX_ENTRIES && oldest !== undefined) entries.delete(oldest)
    return temporaryKey
  }

  return (policy) => {
    const id = hash('sha256', policy, 'base64url')
    const entry = entries.get(id)
    if (entry && isFresh(entry)) {
      // Those that were asked for last stay the longest.
      entries.delete(id)
      entries.set(id, entry)
      return Promise.resolve(entry.temporaryKey)
    }
    const call = calls.get(id) ?? renew(id, policy).finally(() => calls.delete(id))
    calls.set(id, call)
    return call
  }
}

function hasEnded({ expiredTime }: TemporaryKey, now: number): boolean {
  return expiredTime * 1000 <= now
}

function clockSkew(seconds: number): ApiError {
  const skew = `The clock of this server is ${Math.round(seconds)} s ahead of that of STS`
  return new ApiError(503, 'CLOCK_SKEW', `${skew}: set it by NTP`)
}
