/**
 * AbortController in the WHATWG shape (https://dom.spec.whatwg.org/#aborting-ongoing-activities).
 * Mini programs have none.
 */
import { failure } from './failure'

declare function setTimeout(callback: () => void, milliseconds: number): unknown
declare function clearTimeout(timer: unknown): void

/** The part of the standard AbortSignal that transfers use. A native signal fits, too. */
export interface AbortSignal {
  aborted: boolean
  reason?: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

export class AbortController {
  private listeners = new Set<() => void>()

  signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: 'abort', listener: () => void) => void this.listeners.add(listener),
    removeEventListener: (_: 'abort', listener: () => void) => void this.listeners.delete(listener),
    throwIfAborted: () => throwIfAborted(this.signal),
  }

  /** Later calls do nothing. */
  abort(reason?: unknown): void {
    if (this.signal.aborted) return
    Object.assign(this.signal, { aborted: true, reason })
    this.listeners.forEach((listener) => listener())
  }
}

/** @throws Failure `CANCELLED` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw failure('CANCELLED')
}

/**
 * Waits for what `start` starts. When the signal aborts first, it rejects with `CANCELLED` at once
 * and calls the function that `start` returned.
 */
export function abortable<T>(
  signal: AbortSignal | undefined,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  let onAbort = () => {}
  const waiting = new Promise<T>((resolve, reject) => {
    throwIfAborted(signal)
    const abort = start(resolve, reject)
    onAbort = () => {
      reject(failure('CANCELLED'))
      abort()
    }
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort)
  })
  return waiting.finally(() => signal?.removeEventListener('abort', onAbort))
}

/**
 * Runs work under a signal of its own, which aborts with `parent` and when the work has ended:
 * what the work started and nothing waits for ends with it.
 */
export function withChildSignal<T>(
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const abort = () => controller.abort(parent?.reason)
  return abortable<T>(parent, (resolve, reject) => {
    work(controller.signal).then(resolve, reject)
    return abort
  }).finally(abort)
}

/** Waits so many milliseconds, or until the signal aborts. */
export function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return abortable(signal, (resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    return () => clearTimeout(timer)
  })
}
