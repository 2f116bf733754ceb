/** An outcome of a wx API that ends up in `fail`; the message is what follows `fail ` in errMsg. */
export class ApiFailure extends Error {
  constructor(
    message: string,
    readonly errno?: number,
  ) {
    super(message)
  }
}

interface Callbacks {
  success?: (result: object) => void
  fail?: (error: object) => void
  complete?: (outcome: object) => void
}

/**
 * A wx API made of `run`: it calls `success` or `fail`, then `complete`; with none of the three it
 * returns a promise. What `run` throws becomes `{ errMsg: 'name:fail …', errno? }`.
 */
export function asyncApi<Options extends object>(
  name: string,
  run: (options: Options) => object | void | Promise<object | void>,
) {
  return (
    options: Options & Callbacks = {} as Options & Callbacks,
  ): Promise<object> | undefined => {
    const promise = (async () => ({ ...(await run(options)), errMsg: `${name}:ok` }))().catch(
      (error: Error) => {
        throw failure(name, error)
      },
    )
    if (!options.success && !options.fail && !options.complete) return promise
    promise.then(
      (result) => settle(options, 'success', result),
      (error: object) => settle(options, 'fail', error),
    )
    return undefined
  }
}

/** Calls `success` or `fail`, then `complete`. */
export function settle(options: Callbacks, outcome: 'success' | 'fail', value: object): void {
  options[outcome]?.(value)
  options.complete?.(value)
}

/** The object that `fail` is called with. */
export function failure(name: string, error: Error): object {
  const errMsg = `${name}:fail ${error.message}`
  return error instanceof ApiFailure && error.errno !== undefined
    ? { errMsg, errno: error.errno }
    : { errMsg }
}
