import type { SignedForm, SignedRequest } from '../cos/types'
import { failure, type Failure } from './failure'
import type { Progress } from './progress'

/** A running transfer. */
export interface TransferTask<Result> {
  /** Rejects with a Failure: branch on its `code`. */
  result: Promise<Result>
  /** Ends the transfer; `result` then rejects with `CANCELLED`. Later calls do nothing. */
  cancel(): void
}

/** What every transfer takes besides what it transfers. */
export interface TransferOptions {
  /** Called with the bytes done so far. wx.request never does: it has no progress events. */
  onProgress?: (progress: Progress) => void
  /** Called with what was signed, as the first byte leaves. */
  onStart?: (signed: SignedRequest | SignedForm) => void
  /** Current time in milliseconds. Default `Date.now`. */
  now?: () => number
}

/** What every upload gives. */
export interface Uploaded {
  key: string
  /** ETag of the object, with its quotes. */
  etag: string
  requestId: string
  /** Bytes. */
  size: number
  /** Milliseconds from the first byte to the answer. */
  elapsed: number
}

/** The part of a wx task that a transfer can be cancelled through. */
interface Abortable {
  abort(): void
}

/** What the steps of a transfer use to be cancellable. */
export interface Steps {
  /** Goes on with a value, unless the transfer was cancelled meanwhile. */
  step<T>(value: T | Promise<T>): Promise<T>
  /** Names the wx task that `cancel` has to abort. */
  running(task: Abortable): void
}

/** Runs the steps of a transfer. `cancel` ends it at once, whatever it waits for. */
export function startTask<Result>(run: (steps: Steps) => Promise<Result>): TransferTask<Result> {
  let cancelled = false
  let current: Abortable | undefined
  let end: (reason: Failure) => void
  const ended = new Promise<never>((_resolve, reject) => {
    end = reject
  })
  const steps: Steps = {
    async step(value) {
      const reached = await value
      if (cancelled) throw failure('CANCELLED')
      return reached
    },
    running(task) {
      current = task
      if (cancelled) task.abort()
    },
  }
  return {
    result: Promise.race([run(steps), ended]),
    cancel() {
      cancelled = true
      current?.abort()
      end(failure('CANCELLED'))
    },
  }
}

/** A transfer that needs something first. It can be cancelled while it waits for that, too. */
export function startAfter<First, Result>(
  first: Promise<First>,
  start: (value: First) => TransferTask<Result>,
): TransferTask<Result> {
  return startTask(async ({ step, running }) => {
    const task = start(await step(first))
    running({ abort: task.cancel })
    return task.result
  })
}

/** WeChat's own 60 s ends large transfers. */
const SHORTEST_TIMEOUT = 60_000
/** Bytes per second below which waiting on makes no sense: 64 KB/s, a weak 3G network. */
const SLOWEST = 64 * 1024

/** A timeout in milliseconds that a slow network still meets. */
export function timeoutFor(bytes: number): number {
  return SHORTEST_TIMEOUT + Math.ceil((bytes / SLOWEST) * 1000)
}

/** A header by its name; the platforms differ in the case of names. */
export function headerOf(headers: Record<string, unknown>, name: string): string {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name)
  return found === undefined ? '' : String(headers[found])
}
