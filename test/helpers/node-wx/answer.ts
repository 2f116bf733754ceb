import { setImmediate } from 'node:timers' // jsdom has none

/** What a failed wx API hands to `fail`, or rejects with: a plain object, not an Error. */
export interface Failure {
  errMsg: string
  errno?: number
}

interface Callbacks {
  success?(result: object): void
  fail?(failure: Failure): void
  complete?(result: object): void
}

/** Thrown by the work of an API to fail with `<api>:fail <reason>`. */
export class FailReason extends Error {
  constructor(
    reason: string,
    readonly errno?: number,
  ) {
    super(reason)
  }
}

function toFailure(api: string, error: unknown): Failure {
  const { message, errno } = error as FailReason
  const errMsg = `${api}:fail ${message}`
  return errno === undefined ? { errMsg } : { errMsg, errno }
}

/**
 * Runs the work of an asynchronous API and answers as wx does: through the callbacks of `option`
 * when it has any, through a promise otherwise. Adds `errMsg`.
 */
export function answer(api: string, option: object = {}, work: () => unknown): unknown {
  const { success, fail, complete } = option as Callbacks
  const outcome = (async () => {
    try {
      return { ...((await work()) as object | undefined), errMsg: `${api}:ok` }
    } catch (error) {
      throw toFailure(api, error)
    }
  })()
  if (!success && !fail && !complete) return outcome
  // Outside of the promise, so that an error thrown by a callback is uncaught and fails the test.
  outcome.then(
    (result) => setImmediate(() => (success?.(result), complete?.(result))),
    (failure: Failure) => setImmediate(() => (fail?.(failure), complete?.(failure))),
  )
  return undefined
}
