import { setTimeout } from 'node:timers'
import { jest } from '@jest/globals'

/**
 * Stops the date and the timers of the app: `tick` moves them on, and `jest.useRealTimers()` ends it.
 * The network, the files and `until` take their time from node:timers, so they go on.
 */
export function stopClock(): void {
  jest.useFakeTimers({
    doNotFake: [
      'clearImmediate',
      'clearInterval',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'setInterval',
    ],
  })
}

/** Moves a stopped clock on by so many milliseconds. */
export function tick(milliseconds: number): void {
  jest.advanceTimersByTime(milliseconds)
}

/** The least wait in milliseconds that is not skipped: the watches for a stall. */
const WATCH = 30_000

/**
 * Ends every wait of the app at once, until `jest.restoreAllMocks()`.
 * @returns how long the app wanted to wait, in milliseconds, so far
 */
export function skipWaits(): number[] {
  const waits: number[] = []
  const skip = (callback: () => void, milliseconds = 0) => {
    if (milliseconds >= WATCH) return setTimeout(callback, milliseconds)
    waits.push(milliseconds)
    return setTimeout(callback, 0)
  }
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(skip as typeof globalThis.setTimeout)
  return waits
}
