import type { Renewal, SignedForm, SignedRequest } from '../cos/types'
import { systemClock, type Clock } from './clock'
import { asFailure, failure, isKeyAtFault, type Failure } from './failure'
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
  /** Called with the bytes done so far. A wx.request PUT never does: it has no progress events. */
  onProgress?: ((progress: Progress) => void) | undefined
  /** Called with what was signed, as the first byte leaves; again when it is signed anew. */
  onStart?: ((signed: SignedRequest | SignedForm) => void) | undefined
  /** Where time comes from. Default: the phone. */
  clock?: Clock | undefined
}

/** What every upload gives. */
export interface Uploaded {
  key: string
  /** ETag of the object, with its quotes. */
  etag: string
  requestId: string
  /** Bytes. */
  size: number
  /** Milliseconds from the first byte to the answer; in parts: of all work, without pauses. */
  elapsed: number
}

/** The part of a wx task that a transfer can be cancelled through. */
interface Abortable {
  abort(): void
}

/** What the steps of a transfer use to be cancellable. */
export interface Steps {
  clock: Clock
  /** Goes on with a value, unless the transfer has ended meanwhile. */
  step<T>(value: T | Promise<T>): Promise<T>
  /** Names what `cancel` has to abort. Call what it returns when that has ended. */
  running(task: Abortable): () => void
  /** Goes on in so many milliseconds. */
  wait(milliseconds: number): Promise<void>
}

/** Runs the steps of a transfer. `cancel` ends it at once, whatever it waits for. */
export function startTask<Result>(
  run: (steps: Steps) => Promise<Result>,
  clock: Clock = systemClock,
): TransferTask<Result> {
  const tasks = new Set<Abortable>()
  let over: Failure | undefined
  let end: (reason: Failure) => void
  const ended = new Promise<never>((_resolve, reject) => {
    end = reject
  })
  /** Nothing goes on after this: no step, no request. */
  const stop = (reason: Failure) => {
    over ??= reason
    end(over)
    tasks.forEach((task) => task.abort())
  }
  const steps: Steps = {
    clock,
    async step(value) {
      const reached = await value
      if (over) throw over
      return reached
    },
    running(task) {
      tasks.add(task)
      if (over) task.abort()
      return () => tasks.delete(task)
    },
    wait(milliseconds) {
      return new Promise((resolve, reject) => {
        const stopTimer = clock.after(milliseconds, () => (done(), resolve()))
        const done = steps.running({ abort: () => (stopTimer(), reject(over)) })
      })
    },
  }
  const running = run(steps)
  running.catch((error: unknown) => stop(asFailure(error)))
  return {
    result: Promise.race([running, ended]),
    cancel: () => stop(failure('CANCELLED')),
  }
}

/**
 * Signs and sends. When COS refuses the key or the time of the signature, it does so again, once,
 * with a new key and by COS's clock.
 */
export async function signAndSend<Signed, Answer>(
  { step }: Steps,
  sign: (renew?: Renewal) => Promise<Signed>,
  send: (signed: Signed) => Promise<Answer>,
): Promise<Answer> {
  const signed = await step(sign())
  try {
    return await send(signed)
  } catch (error) {
    if (!isKeyAtFault(error)) throw error
    return send(await step(sign({ serverTime: asFailure(error).serverTime })))
  }
}

/** WeChat's own 60 s ends large transfers. */
const SHORTEST_TIMEOUT = 60_000
/** Bytes per second below which waiting on makes no sense: 64 KB/s, a weak 3G network. */
const SLOWEST = 64 * 1024

/** A timeout in milliseconds that a slow network still meets. */
export function timeoutFor(bytes: number): number {
  return SHORTEST_TIMEOUT + Math.ceil((bytes / SLOWEST) * 1000)
}
