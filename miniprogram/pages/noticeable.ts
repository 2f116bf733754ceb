import { systemClock } from '../transfer/clock'

/** Milliseconds that work may take before it is spoken of. */
export const NOTICEABLE = 300

/** Calls `notice` when the work is still going on after that time: what ends sooner does not flash. */
export function whenNoticeable(work: Promise<unknown>, notice: () => void): void {
  const ended = systemClock.after(NOTICEABLE, notice)
  work.then(ended, ended)
}
