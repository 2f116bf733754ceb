import { wait, type AbortSignal } from './abort'
import { isTransient } from './failure'

export const MAX_RETRIES = 5
/** Milliseconds. */
const FIRST_PAUSE = 1000

/**
 * Retries what failed for a temporary reason: up to five times, after about 1, 2, 4, 8 and 16 s.
 * Each pause varies by up to 25 % either way, so that many phones do not retry in the same instant.
 * @param run gets the previous error, if any
 * @param onRetry called before each pause with the number of the retry, from 1
 */
export async function retry<Result>(
  signal: AbortSignal | undefined,
  run: (previousError?: unknown) => Promise<Result>,
  onRetry?: (number: number) => void,
): Promise<Result> {
  let previousError: unknown
  for (let retries = 0; ; retries++) {
    try {
      return await run(previousError)
    } catch (error) {
      if (retries === MAX_RETRIES || !isTransient(error)) throw error
      previousError = error
      onRetry?.(retries + 1)
      await wait(FIRST_PAUSE * 2 ** retries * (0.75 + Math.random() / 2), signal)
    }
  }
}
