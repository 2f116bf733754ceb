import type { Clock } from './clock'

/** How far a transfer is. */
export interface Progress {
  /** Bytes done. */
  loaded: number
  /** Bytes in all; 0 or less where it is not known. */
  total: number
  /** 0 to 100, whole; -1 where the total is not known. */
  percent: number
  /** Bytes per second, smoothed; 0 until there are two readings, and when nothing moves. */
  speed: number
  /** Seconds left at that speed, or undefined. */
  secondsLeft?: number
  /** Nothing has moved for some time: 10 seconds, more where only whole parts count. */
  stalled: boolean
}

export interface ProgressMeter {
  /** Takes a reading of bytes. */
  update(loaded: number, total: number): void
  /** Reports nothing from then on. */
  end(): void
}

export interface ProgressOptions {
  clock: Clock
  /** Bytes that were done before: they do not count for the speed. */
  loaded?: number
  /** Bytes in all, where they are known from the start. */
  total?: number
  /** Milliseconds without a byte until it is called stalled. */
  stallAfter?: number
}

/** The speed follows a change half-way within this many milliseconds. */
const HALF_LIFE = 2000
/** setData crosses to the rendering thread: ten reports in a second look smooth, more cost frames. */
const REPORT_EVERY = 100
const STALL_AFTER = 10_000

/**
 * Turns readings of bytes into reports. The speed is an exponential moving average weighted by time,
 * so that bursts of events do not make the time left jump.
 */
export function createProgress(
  report: (progress: Progress) => void,
  { clock, loaded: before = 0, total: all = 0, stallAfter = STALL_AFTER }: ProgressOptions,
): ProgressMeter {
  const readSpeed = createSpeed(clock, before)
  let latest = progressOf(before, all, 0)
  let reportedAt = -Infinity
  let stopReport: (() => void) | undefined
  let stopWatch = watch()
  let isOver = false

  function flush() {
    stopReport?.()
    stopReport = undefined
    reportedAt = clock.now()
    report(latest)
  }

  /** While nothing moves: the speed that was is none any more, and later it is called stalled. */
  function watch() {
    const quiet = (stalled: boolean) => () => {
      latest = { ...progressOf(latest.loaded, latest.total, 0), stalled }
      flush()
    }
    // Not one after the other: both are due when the phone has slept meanwhile.
    const stopIdle = clock.after(stallAfter / 4, quiet(false))
    const stopStall = clock.after(stallAfter, quiet(true))
    return () => {
      stopIdle()
      stopStall()
    }
  }

  return {
    update(loaded, total) {
      const isNews = loaded !== latest.loaded || reportedAt === -Infinity
      if (isOver || !isNews) return
      stopWatch()
      stopWatch = watch()
      latest = progressOf(loaded, total, readSpeed(loaded))
      const wait = reportedAt + REPORT_EVERY - clock.now()
      if (wait <= 0 || loaded === total) flush()
      else stopReport ??= clock.after(wait, flush)
    },
    end() {
      isOver = true
      stopWatch()
      stopReport?.()
    },
  }
}

function createSpeed(clock: Clock, before: number): (loaded: number) => number {
  let at = clock.now()
  let done = before
  let speed = 0
  return (loaded) => {
    const elapsed = clock.now() - at
    if (elapsed > 0) {
      const current = ((loaded - done) * 1000) / elapsed
      const weight = speed === 0 ? 1 : 1 - 0.5 ** (elapsed / HALF_LIFE)
      speed += (current - speed) * weight
      at += elapsed
      done = loaded
    }
    return speed
  }
}

function progressOf(loaded: number, total: number, speed: number): Progress {
  return {
    loaded,
    total,
    percent: total > 0 ? Math.min(100, Math.floor((loaded / total) * 100)) : -1,
    speed,
    secondsLeft: speed > 0 && total > 0 ? Math.ceil((total - loaded) / speed) : undefined,
    stalled: false,
  }
}
