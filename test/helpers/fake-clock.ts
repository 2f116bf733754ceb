import type { Clock } from '../../miniprogram/transfer/clock'

/** A clock that stands still until `tick`. */
export interface FakeClock extends Clock {
  /** Moves on by so many milliseconds, and calls what was due on the way, in order. */
  tick(milliseconds: number): void
}

export function fakeClock(start = 0): FakeClock {
  let now = start
  let timers: { at: number; callback: () => void }[] = []
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    tick(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const [next] = timers.toSorted((a, b) => a.at - b.at)
        if (!next || next.at > end) break
        timers = timers.filter((one) => one !== next)
        now = next.at
        next.callback()
      }
      now = end
    },
  }
}

/** A clock on which every wait is over at once; what is waited for is noted in `waits`. */
export function hastyClock(): Clock & { waits: number[] } {
  const waits: number[] = []
  return {
    waits,
    now: () => Date.now(),
    after(milliseconds, callback) {
      // Longer ones are watches for a stall: they would all be over, too.
      if (milliseconds >= 30_000) return () => {}
      waits.push(milliseconds)
      const timer = setImmediate(callback)
      return () => clearImmediate(timer)
    },
  }
}
