/** Describes transfers and object keys in the words of the screen. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import { fill, formatBytes, formatSeconds, type Messages } from '../i18n/index'
import { asFailure, type FailureCode } from '../transfer/failure'
import { keyProblem } from '../transfer/object-key'
import type { Progress } from '../transfer/progress'
import { MAX_RETRIES } from '../transfer/retry'
import type { Uploaded } from '../transfer/transfer'
import { describeFailure, detailRows, type DetailRow } from './describe'

/** What a page shows of a transfer that was canceled or has failed. */
export function describeOutcome(
  error: unknown,
  t: Messages,
): { phase: 'cancelled' | 'failed'; failure: FailureView | null; isFinal: boolean } {
  const { code } = asFailure(error)
  if (code === 'CANCELLED') return { phase: 'cancelled', failure: null, isFinal: false }
  return { phase: 'failed', failure: describeFailure(error, t), isFinal: FINAL.includes(code) }
}

/** Another try with the same file, on the same phone, fails alike. */
const FINAL: FailureCode[] = ['FILE_TOO_LARGE', 'FILE_UNREADABLE', 'NO_DIGEST']

/**
 * The result of a transfer: a line, and its details.
 * @param elapsed milliseconds
 */
export function describeResult(
  { key, size, contentType, etag, requestId, verified }: Uploaded & { contentType?: string },
  elapsed: number,
  t: Messages,
): { summary: string; rows: DetailRow[] } {
  const seconds = fill(t.units.seconds, { seconds: (elapsed / 1000).toFixed(2) })
  return {
    summary: [formatBytes(size), seconds, verified ? '' : t.facts.notVerified]
      .filter(Boolean)
      .join(' · '),
    rows: detailRows([
      [t.facts.key, key],
      [t.facts.type, contentType],
      ['ETag', etag],
      [t.facts.requestId, requestId],
    ]),
  }
}

/** What is wrong with a key, in words; empty when nothing is. */
export function keyProblemText(prefix: string, name: string, t: Messages): string {
  const problem = keyProblem(name) ?? keyProblem(prefix + name)
  return problem ? t.key[problem] : ''
}

/** `3.2 MB / 8.0 MB · 1.1 MB/s · 5 s left` */
export function progressText(progress: Progress, t: Messages): string {
  const { loaded, total, speed, secondsLeft, stalled, retry } = progress
  const parts = [bytesText(loaded, total)]
  if (retry > 0) parts.push(fill(t.transfer.retrying, { number: retry, max: MAX_RETRIES }))
  else if (stalled) parts.push(t.transfer.stalled)
  else if (total > 0 && loaded >= total) parts.push(t.transfer.finishing)
  else {
    if (speed > 0) parts.push(`${formatBytes(speed)}/s`)
    const time = secondsLeft !== undefined && formatSeconds(secondsLeft, t)
    if (time) parts.push(fill(t.transfer.left, { time }))
  }
  return parts.join(' · ')
}

/** `3.2 MB / 8.0 MB` */
export function bytesText(loaded: number, total: number): string {
  return total > 0 ? `${formatBytes(loaded)} / ${formatBytes(total)}` : formatBytes(loaded)
}
