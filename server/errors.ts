/**
 * An answer that is not a success: the route throws it, app.ts writes it as
 * `{ error: { code, message, detail? } }` with its status.
 *
 * `message` and `detail` go to the client; `cause` goes to the log only.
 */
export class ApiError extends Error {
  statusCode: number
  code: string
  detail: string | undefined

  constructor(
    statusCode: number,
    code: string,
    message: string,
    options: { detail?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.statusCode = statusCode
    this.code = code
    this.detail = options.detail
  }
}
