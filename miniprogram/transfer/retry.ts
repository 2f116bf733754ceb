import { isTransient } from './failure'
import type { Steps } from './task'

const RETRIES = 5
/** Milliseconds before the first retry. */
const FIRST_PAUSE = 1000

/**
 * Runs what can succeed when it is tried again: up to five more times, after pauses of about 1, 2, 4,
 * 8 and 16 s. The pauses vary by a half, so that many phones do not come back in the same instant.
 * @param run gets the failure before, if any
 */
export async function retry<Result>(
  { step, wait }: Steps,
  run: (before?: unknown) => Promise<Result>,
): Promise<Result> {
  let before: unknown
  for (let retries = 0; ; retries++) {
    try {
      return await step(run(before))
    } catch (error) {
      if (retries === RETRIES || !isTransient(error)) throw error
      before = error
      await wait(FIRST_PAUSE * 2 ** retries * (0.75 + Math.random() / 2))
    }
  }
}
