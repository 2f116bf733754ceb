import { failure, wxFailure } from './failure'
import { headerOf, type Headers } from './answer'
import { createProgress, type ProgressMeter } from './progress'
import type { Steps, TransferOptions } from './task'

/** What is watched of wx.uploadFile or wx.downloadFile. */
export interface Watching {
  url: string
  /** Bytes, where they are known before. */
  total?: number
  /** Bytes of an answer that wx can take. */
  limit?: number
  onProgress: TransferOptions['onProgress']
}

/** The callbacks to give to wx. */
interface Callbacks<Result> {
  success(result: Result): void
  fail(error: { errMsg: string; errno?: number }): void
  complete(): void
}

type WxTask = WechatMiniprogram.UploadTask | WechatMiniprogram.DownloadTask

/** What came of it: the answer of wx, the headers, and the milliseconds that it took. */
export interface Watched<Result> {
  result: Result
  headers: Headers
  elapsed: number
}

/**
 * Starts wx.uploadFile or wx.downloadFile and waits for its end, with headers, progress and cancel.
 * @throws Failure by its `code`; `FILE_TOO_LARGE` when the headers announce more than `limit`
 */
export function watchTask<Result>(
  { clock, running }: Steps,
  { url, total = 0, limit = Infinity, onProgress }: Watching,
  start: (callbacks: Callbacks<Result>, progress: ProgressMeter) => WxTask,
): Promise<Watched<Result>> {
  const started = clock.now()
  const progress = createProgress(onProgress, { clock, total })
  return new Promise((resolve, reject) => {
    let headers: Headers = {}
    let ended = () => {}
    const callbacks: Callbacks<Result> = {
      success: (result) => resolve({ result, headers, elapsed: clock.now() - started }),
      fail: (error) => reject(wxFailure(error, url)),
      complete: () => (ended(), progress.end()),
    }
    const task = start(callbacks, progress)
    ended = running({ abort: () => (progress.end(), task.abort()) })
    task.onHeadersReceived(({ header }) => {
      headers = header
      const isTooLarge = Number(headerOf(headers, 'content-length')) > limit
      if (isTooLarge) reject(failure('FILE_TOO_LARGE', { limit })) // which ends the task
    })
  })
}
