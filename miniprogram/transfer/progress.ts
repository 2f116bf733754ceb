/** How far a transfer is. */
export interface Progress {
  /** Bytes done. */
  loaded: number
  /** Bytes in all; 0 or less where it is not known. */
  total: number
  /** 0 to 100, whole; -1 where the total is not known. */
  percent: number
  /** Bytes per second, smoothed; 0 until there are two readings. */
  speed: number
  /** Seconds left at that speed, or undefined. */
  secondsLeft?: number
}

/** The speed follows a change half-way within this many milliseconds. */
const HALF_LIFE = 2000

/**
 * Turns readings of bytes into Progress. The speed is an exponential moving average weighted by
 * time, so that bursts of events do not make the time left jump.
 */
export function createProgress(now: () => number): (loaded: number, total: number) => Progress {
  let at = now()
  let done = 0
  let speed = 0
  return (loaded, total) => {
    const elapsed = now() - at
    if (elapsed > 0) {
      const current = ((loaded - done) * 1000) / elapsed
      const weight = speed === 0 ? 1 : 1 - 0.5 ** (elapsed / HALF_LIFE)
      speed += (current - speed) * weight
      at += elapsed
      done = loaded
    }
    return {
      loaded,
      total,
      percent: total > 0 ? Math.min(100, Math.floor((loaded / total) * 100)) : -1,
      speed,
      secondsLeft: speed > 0 && total > 0 ? Math.ceil((total - loaded) / speed) : undefined,
    }
  }
}
