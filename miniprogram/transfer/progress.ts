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
  secondsLeft?: number | undefined
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
  report: ((progress: Progress) => void) | undefined,
  { clock, loaded: before = 0, total: all = 0, stallAfter = STALL_AFTER }: ProgressOptions,
): ProgressMeter {
  const readSpeed = createSpeed(clock, before)
  let latest = progressOf(before, all, 0)
  let reportedAt = -Infinity
  let stopReport: (() => void) | undefined
  let stopIdle = clock.after(stallAfter / 4, idle)
  let stopStall = clock.after(stallAfter, stall)
  let isOver = false

  function flush() {
    stopReport?.()
    stopReport = undefined
    reportedAt = clock.now()
    report?.(latest)
  }

  /** A speed that was is not one that is. */
  function idle() {
    latest = { ...latest, speed: 0, secondsLeft: undefined }
    flush()
  }

  function stall() {
    latest = { ...latest, stalled: true }
    flush()
  }

  return {
    update(loaded, total) {
      const hasMoved = loaded !== latest.loaded
      if (isOver || (!hasMoved && latest.stalled)) return
      if (hasMoved) {
        stopIdle()
        stopStall()
        stopIdle = clock.after(stallAfter / 4, idle)
        stopStall = clock.after(stallAfter, stall)
      }
      latest = progressOf(loaded, total, readSpeed(loaded))
      const wait = reportedAt + REPORT_EVERY - clock.now()
      if (wait <= 0 || loaded === total) flush()
      else stopReport ??= clock.after(wait, flush)
    },
    end() {
      isOver = true
      stopIdle()
      stopStall()
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
