/** Milliseconds that work may take before the page shows it. */
export const SPINNER_DELAY = 300

/** Calls `show` if the work still runs after that time. What ends sooner does not flash. */
export function delaySpinner(work: Promise<unknown>, show: () => void): void {
  const timer = setTimeout(show, SPINNER_DELAY)
  const stop = () => clearTimeout(timer)
  work.then(stop, stop)
}
