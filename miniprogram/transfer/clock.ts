/** Where time comes from: one place, so that a test can be ahead of it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls back once, in so many milliseconds. Returns how to prevent that. */
  after(milliseconds: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds)
    return () => clearTimeout(timer)
  },
}
