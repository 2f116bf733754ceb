/** A question that only a phone can answer, and its answer. */
import type { AbortSignal } from '../../transfer/abort'
import { asFailure } from '../../transfer/failure'

export interface Probe {
  name: string
  expected: string
  /**
   * Gives what was found; it passes if it is the expected text.
   * @throws Failure, which then is what was found; the error of `couldNotRun`
   */
  run(context: Context): Promise<string | Finding>
}

export interface Context {
  signal: AbortSignal
  /** Milliseconds that the app has spent in the background since the run began. */
  inBackground(): number
}

/** Where the expected text is not the only right one. */
export interface Finding {
  found: string
  passes: boolean
}

export interface Outcome {
  state: 'waiting' | 'running' | 'passes' | 'differs' | 'couldNotRun'
  found: string
}

const COULD_NOT_RUN = 'COULD_NOT_RUN'

/** Codes of failures that say nothing of the phone. */
const NOT_OF_THE_PHONE: string[] = [
  COULD_NOT_RUN,
  'ACCESS_DENIED',
  'CANCELLED',
  'DOMAIN_NOT_ALLOWED',
  'INVALID_KEY_ID',
  'KEY_NOT_ALLOWED',
  'NO_CREDENTIALS',
  'NO_SUCH_KEY', // an upload has failed before
  'SERVER_REFUSED',
  'SERVER_UNREACHABLE',
  'UNEXPECTED', // a function of wx that is not there
]

/** The error of a probe that cannot answer its question here. */
export function couldNotRun(reason: string): Error {
  return Object.assign(new Error(reason), { code: COULD_NOT_RUN, errorMessage: reason })
}

/** Never rejects. */
export async function runProbe({ run, expected }: Probe, context: Context): Promise<Outcome> {
  try {
    const result = await run(context)
    const { found, passes } =
      typeof result === 'string' ? { found: result, passes: result === expected } : result
    return { state: passes ? 'passes' : 'differs', found }
  } catch (error) {
    const isOfThePhone = !NOT_OF_THE_PHONE.includes(asFailure(error).code)
    return { state: isOfThePhone ? 'differs' : 'couldNotRun', found: describe(error) }
  }
}

/** `NETWORK request:fail …` */
export function describe(error: unknown): string {
  const { code, statusCode, errorCode, errMsg, errorMessage } = asFailure(error)
  const name = String(code) === COULD_NOT_RUN ? '' : code
  return [name, statusCode, errorCode ?? errMsg ?? errorMessage].filter(Boolean).join(' ')
}
