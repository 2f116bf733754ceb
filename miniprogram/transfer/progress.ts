declare function setTimeout(callback: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void

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
  /** A request has failed and is tried again: the number of the retry, from 1; 0 otherwise. */
  retry: number
}

export interface ProgressMeter {
  /** Starts with bytes that were done before: they do not count for the speed. */
  begin(loaded: number): void
  /** Takes a reading of bytes. */
  update(loaded: number, total: number): void
  /**
   * Reports the retry of a request. With `number` 0, it has succeeded, and the speed is shown again.
   * @param request tells requests that run at once from each other
   */
  setRetry(number: number, request?: number): void
  /** Reports nothing from then on. */
  end(): void
}

export interface ProgressOptions {
  /** Bytes in all, where they are known from the start. */
  total?: number
  /** Bytes that are under way at once, where only whole parts are seen: they take their time. */
  inFlight?: number
}

/** The speed follows a change half-way within this many milliseconds. */
const HALF_LIFE = 2000
/** Milliseconds. setData crosses to the rendering thread: ten reports in a second look smooth, more cost frames. */
const REPORT_EVERY = 100
/** Milliseconds without a byte until it counts as stalled. */
const MIN_STALL = 10_000
const MAX_STALL = 60_000
/** Bytes per second that are assumed as long as there is no speed. */
const ASSUMED_SPEED = 256 * 1024

/**
 * Turns readings of bytes into reports. The speed is an exponential moving average weighted by time,
 * so that bursts of events do not make the time left jump.
 */
export function createProgress(
  report: (progress: Progress) => void,
  { total: knownTotal = 0, inFlight = 0 }: ProgressOptions = {},
): ProgressMeter {
  let readSpeed = createSpeed(0)
  let latest = progressOf(0, knownTotal, 0)
  const retries = new Map<number, number>()
  let reportedAt = -Infinity
  let stopReport: (() => void) | undefined
  let stopWatch = inFlight > 0 ? () => {} : watch() // parts begin later
  let isOver = false

  function flush() {
    stopReport?.()
    stopReport = undefined
    reportedAt = Date.now()
    const retry = Math.max(0, ...retries.values())
    report(retry > 0 ? { ...progressOf(latest.loaded, latest.total, 0), retry } : latest)
  }

  /** While nothing moves, reports a speed of 0, and later a stall. */
  function watch() {
    const quiet = (stalled: boolean) => () => {
      latest = { ...progressOf(latest.loaded, latest.total, 0), stalled }
      flush()
    }
    const expected = (3000 * inFlight) / (latest.speed || ASSUMED_SPEED)
    const stallAfter = Math.min(MAX_STALL, Math.max(MIN_STALL, expected))
    // Two timers, not a chain: both are due at once after the phone was asleep.
    const stopIdle = after(MIN_STALL / 4, quiet(false))
    const stopStall = after(stallAfter, quiet(true))
    return () => {
      stopIdle()
      stopStall()
    }
  }

  return {
    begin(loaded) {
      readSpeed = createSpeed(loaded)
      latest = progressOf(loaded, knownTotal, 0)
      stopWatch()
      stopWatch = watch()
      flush()
    },
    update(loaded, total) {
      const isNew = loaded !== latest.loaded || reportedAt === -Infinity
      if (isOver || !isNew) return
      stopWatch()
      stopWatch = watch()
      latest = progressOf(loaded, total, readSpeed(loaded))
      const wait = reportedAt + REPORT_EVERY - Date.now()
      if (wait <= 0 || loaded === total) flush()
      else stopReport ??= after(wait, flush)
    },
    setRetry(number, request = 0) {
      if (isOver || number === (retries.get(request) ?? 0)) return
      if (number > 0) retries.set(request, number)
      else retries.delete(request)
      flush()
    },
    end() {
      isOver = true
      stopWatch()
      stopReport?.()
    },
  }
}

function createSpeed(initialLoaded: number): (loaded: number) => number {
  let at = Date.now()
  let done = initialLoaded
  let speed = 0
  return (loaded) => {
    const elapsed = Date.now() - at
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

/** Calls back in so many milliseconds. Returns how to prevent that. */
function after(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

function progressOf(loaded: number, total: number, speed: number): Progress {
  return {
    loaded,
    total,
    percent: total > 0 ? Math.min(100, Math.floor((loaded / total) * 100)) : -1,
    speed,
    secondsLeft: speed > 0 && total > 0 ? Math.ceil((total - loaded) / speed) : undefined,
    stalled: false,
    retry: 0,
  }
}
