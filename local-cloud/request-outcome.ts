/** One of the checks of a request, in COS's order; `policy` is the one of the key, `form` that of a POST form. */
export interface Check {
  name: 'key' | 'time' | 'signature' | 'form' | 'policy'
  passed: boolean
  /** The statement, action, resource or condition that decided. */
  detail?: string
}

/** The likely mistake behind a signature that does not match. */
export type Mistake =
  | 'method'
  | 'raw-plus'
  | 'path'
  | 'content-type'
  | 'host'
  | 'header'
  | 'parameter'
  | 'list-encoded-once'
  | 'computation'
  | 'secret'

/** What is signed, in the terms of manual page 436/7778. */
export interface SignedText {
  httpString: string
  stringToSign: string
}

/** Both sides of a signature that does not match. Security tokens are masked. */
export interface Mismatch {
  mistake: Mistake
  server: SignedText
  /** What the client signed. Missing when it could not be found out. */
  client?: SignedText
  /** Where the two HttpStrings differ first: an index in UTF-16 code units. */
  difference?: number
}

/** How a request ended, for the log and the console. It never holds a secret, a token or a signature. */
export interface RequestOutcome {
  status: number
  /** The error code in the answer. */
  code?: string
  /** Why it was refused, as far as the local cloud knows, or what it left undone. */
  reason?: string
  /** `x-cos-request-id`, or the RequestId of STS. */
  requestId?: string
  /** Those that were made, the last one may have failed. */
  checks?: readonly Check[]
  mismatch?: Mismatch
  /** The key that a form names, with the name of its file filled in. */
  formKey?: string
  /** The kind of the fault that was ordered for this request. */
  fault?: string
}
