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

/** What every upload takes. */
export interface UploadRequest {
  /** Object key, decoded. */
  key: string
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and signed. */
  contentType: string
}

/** What every transfer takes besides what it transfers. */
export interface TransferOptions {
  /** Called with the bytes done so far. A wx.request PUT never does: it has no progress events. */
  onProgress?: (progress: Progress) => void
  /**
   * Called with what was signed, as the first byte leaves; again when it is signed anew. In parts:
   * for the first part, and again after a pause.
   */
  onStart?: (signed: SignedRequest | SignedForm) => void
  /** Where time comes from. Default: the phone. */
  clock?: Clock
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

/** Begins something, and gives how to abort it. */
type Begin<T> = (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void

/** What the steps of a transfer use: to be cancellable, and to report nothing after its end. */
export interface Steps {
  clock: Clock
  onProgress(progress: Progress): void
  onStart(signed: SignedRequest | SignedForm): void
  /** Goes on with a value, unless the transfer has ended meanwhile. */
  step<T>(value: T | Promise<T>): Promise<T>
  /** Waits for what begins, and aborts it when the transfer ends before it. */
  cancellable<T>(begin: Begin<T>): Promise<T>
  /** Goes on in so many milliseconds. */
  wait(milliseconds: number): Promise<void>
}

/** Runs the steps of a transfer. `cancel` ends it at once, whatever it waits for. */
export function startTask<Result>(
  run: (steps: Steps) => Promise<Result>,
  options: TransferOptions = {},
): TransferTask<Result> {
  const { clock = systemClock } = options
  const aborts = new Set<() => void>()
  let over: Failure | undefined
  let end: (reason: Failure) => void
  /** Nothing goes on after this: no step, no request, no report. */
  const stop = (reason: Failure) => {
    over ??= reason
    end(over)
    aborts.forEach((abort) => abort())
  }
  const steps: Steps = {
    clock,
    onProgress(progress) {
      if (!over) options.onProgress?.(progress)
    },
    onStart(signed) {
      if (!over) options.onStart?.(signed)
    },
    step: (value) =>
      Promise.resolve(value).then((reached) => {
        if (over) throw over
        return reached
      }),
    cancellable<T>(begin: Begin<T>) {
      let abort = () => {}
      const waiting = new Promise<T>((resolve, reject) => {
        if (over) throw over
        const abortIt = begin(resolve, reject)
        abort = () => (reject(over), abortIt())
        aborts.add(abort)
        if (over) abort()
      })
      const ended = () => aborts.delete(abort)
      waiting.then(ended, ended)
      return waiting
    },
    wait: (milliseconds) => steps.cancellable((resolve) => clock.after(milliseconds, resolve)),
  }
  const result = new Promise<Result>((resolve, reject) => {
    end = reject
    run(steps).then(resolve, (error: unknown) => stop(asFailure(error)))
  })
  return { result, cancel: () => stop(failure('CANCELLED')) }
}

/**
 * Runs steps that end together: with the transfer that they are a part of, and when one of them
 * fails, whatever the transfer does then.
 */
export function together<Result>(
  steps: Steps,
  run: (own: Steps) => Promise<Result>,
): Promise<Result> {
  return steps.cancellable((resolve, reject) => {
    const { result, cancel } = startTask(run, steps)
    result.then(resolve, reject)
    return cancel
  })
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
