import type { SignedForm, SignedRequest } from '../cos/types'
import { headerOf, isSuccess, type Headers } from './answer'
import { cosFailure, failure, wxFailure } from './failure'
import { createProgress, type ProgressMeter } from './progress'
import type { Steps } from './task'

/** What is watched of wx.uploadFile or wx.downloadFile. */
export interface Watching<Result> {
  /** What a policy must allow for it, such as `name/cos:PostObject`: told when COS denies it. */
  action: string
  /** The error document, where the status is none of a success. */
  bodyOf(result: Result): string | Promise<string>
  /** Bytes, where they are known before. */
  total?: number
  /** Bytes of an answer that wx can take. */
  limit?: number
}

/** The callbacks to give to wx. */
interface Callbacks<Result> {
  success(result: Result): void
  fail(error: { errMsg: string; errno?: number }): void
}

/** None where wx refuses the call: it tells why in `fail`. */
type WxTask = WechatMiniprogram.UploadTask | WechatMiniprogram.DownloadTask | undefined

/** What came of it: the answer of wx, the headers, and the milliseconds that it took. */
export interface Watched<Result> {
  result: Result
  headers: Headers
  elapsed: number
}

/**
 * Starts wx.uploadFile or wx.downloadFile and waits for its end, with headers, progress and cancel.
 * @throws Failure by its `code`, for any status but 2xx, too: wx calls every answer a success;
 * `FILE_TOO_LARGE` when the headers announce more than `limit`
 */
export function watchTask<Result extends { statusCode: number }>(
  { clock, cancellable, onStart, onProgress }: Steps,
  signed: SignedForm | SignedRequest,
  { action, bodyOf, total, limit = Infinity }: Watching<Result>,
  start: (callbacks: Callbacks<Result>, progress: ProgressMeter) => WxTask,
): Promise<Watched<Result>> {
  onStart(signed)
  const started = clock.now()
  const progress = createProgress(onProgress, { clock, total })
  const watched = cancellable<Watched<Result>>((resolve, reject) => {
    let headers: Headers = {}
    const callbacks: Callbacks<Result> = {
      success(result) {
        const { statusCode } = result
        if (isSuccess(statusCode)) {
          resolve({ result, headers, elapsed: clock.now() - started })
        } else {
          const refuse = (body: string) => reject(cosFailure({ statusCode, headers, body, action }))
          Promise.resolve(bodyOf(result)).then(refuse, reject)
        }
      },
      fail: (error) => reject(wxFailure(error, signed.url)),
    }
    const task = start(callbacks, progress)
    task?.onHeadersReceived(({ header }) => {
      headers = header
      if (Number(headerOf(headers, 'content-length')) > limit) {
        reject(failure('FILE_TOO_LARGE', { limit }))
        task?.abort()
      }
    })
    return () => task?.abort()
  })
  watched.then(progress.end, progress.end)
  return watched
}
