import { setImmediate, setTimeout } from 'node:timers/promises'

/**
 * Resolves with the first truthy value of `condition`, which is asked again and again. Rejects with
 * an Error that names `what` at the deadline, `timeout` milliseconds from now.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  what = String(condition),
  { timeout = 10_000 }: { timeout?: number } = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeout
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`not within ${timeout} ms: ${what}`)
    await setImmediate()
    await setTimeout(2)
  }
}
