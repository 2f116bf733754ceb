/** How a request ended, for the log. It never holds a secret, a token or a signature. */
export interface Outcome {
  readonly status: number
  /** The error code in the answer. */
  readonly code?: string
  /** Why it was refused, as far as the local cloud knows. */
  readonly reason?: string
}
