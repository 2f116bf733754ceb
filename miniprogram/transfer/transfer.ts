/** What all transfers share. */
import { withChildSignal, type AbortSignal } from './abort'
import { asFailure } from './failure'
import type { Progress } from './progress'
import type { SignedForm, SignedRequest } from './signing'
import { getWx } from './wx'

export interface TransferOptions<Signed = SignedRequest> {
  /** Object key, decoded. */
  key: string
  /** Its abort ends the transfer at once, with `CANCELLED`. */
  signal?: AbortSignal | undefined
  /**
   * Called with what was signed, before the first byte leaves; again when it is signed again. In a
   * multipart upload: for the first part.
   */
  onSigned?: ((signed: Signed) => void) | undefined
  /** Called with the bytes done so far. wx.request has no progress events, so putObject never calls it. */
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface UploadOptions<Signed = SignedRequest> extends TransferOptions<Signed> {
  /** Local path, as wx.chooseMedia or wx.chooseMessageFile gave it. */
  filePath: string
  /** Stored with the object, and signed. */
  contentType: string
}

/** What every upload resolves to. */
export interface Uploaded {
  key: string
  /** ETag of the object, with its quotes. */
  etag: string
  requestId: string
  /** Bytes. */
  size: number
  /** The bytes were compared by their MD5. If false, COS has not shown that they are the right ones. */
  verified: boolean
}

/** What a running transfer uses: its own signal, and callbacks that are silent after its end. */
export interface Running<Signed> {
  signal: AbortSignal
  onSigned: (signed: Signed) => void
  onProgress: (progress: Progress) => void
}

/**
 * Runs a transfer. Its signal aborts with the caller's and at the end, so that requests end together.
 * @throws Failure by its `code`; `CANCELLED` as soon as the caller's signal aborts, `NO_WX` before
 * anything is signed
 */
export function runTransfer<Signed extends SignedForm | SignedRequest, Result>(
  options: TransferOptions<Signed>,
  run: (running: Running<Signed>) => Promise<Result>,
): Promise<Result> {
  return withChildSignal(options.signal, (signal) => {
    const unlessOver =
      <Value>(report: ((value: Value) => void) | undefined) =>
      (value: Value) => {
        if (!signal.aborted) report?.(value)
      }
    const { onSigned, onProgress } = options
    getWx() // without it, nothing is signed either
    return run({ signal, onSigned: unlessOver(onSigned), onProgress: unlessOver(onProgress) })
  }).catch((error: unknown) => {
    throw asFailure(error)
  })
}
