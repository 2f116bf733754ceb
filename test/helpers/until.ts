import { performance } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'

/**
 * Milliseconds. What does not come at all fails after it; it is no measure of how fast a machine is,
 * so a busy one sets `TEST_DEADLINE` higher.
 */
export const DEADLINE = Number(process.env['TEST_DEADLINE'] ?? 90_000)

/** Milliseconds between two questions. The longer it takes, the rarer they get. */
const MAX_PAUSE = 50

/**
 * Resolves with the first truthy value of `condition`, which is asked again and again. Rejects with
 * an Error that names `what` at the deadline, `timeout` milliseconds from now. Fake
 * timers do not move its clock.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what = String(condition),
  { timeout = DEADLINE }: { timeout?: number } = {},
): Promise<NonNullable<T>> {
  const start = performance.now()
  for (;;) {
    const value = await condition()
    if (value) return value
    const elapsed = performance.now() - start
    if (elapsed > timeout) throw new Error(`not within ${timeout} ms: ${what}`)
    await setImmediate()
    await setTimeout(Math.min(2 + elapsed / 20, MAX_PAUSE))
  }
}
