/** How pages put things into words: failures, results, problems of a key. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import { formatBytes, formatSeconds, fill, type Messages } from '../i18n/index'
import { asFailure, type Failure, type FailureCode } from '../transfer/failure'
import { keyProblem } from '../transfer/object-key'
import type { Progress } from '../transfer/progress'
import type { Uploaded } from '../transfer/task'

/** A line of a result: what it is, and its value. */
export interface Fact {
  label: string
  value: string
}

interface Words {
  title: string
  why: string
  fix: string
  /** Stand in for those above where the details that they name are known. */
  known?: { why?: string; fix?: string }
}

export function failureView(error: unknown, t: Messages): FailureView {
  const failure = asFailure(error)
  const words: Record<FailureCode, Words> = t.failures
  const { title, why, fix, known = {} } = words[failure.code]
  return {
    title,
    why: filled(known.why ?? '', failure) || why,
    fix: filled(known.fix ?? '', failure) || fix,
    facts: facts([
      [t.facts.code, failure.code],
      [t.facts.status, failure.statusCode],
      [t.facts.errorCode, failure.errorCode],
      [t.facts.errorMessage, failure.errorMessage],
      [t.facts.requestId, failure.requestId],
      [t.facts.origin, failure.origin],
      ['errMsg', failure.errMsg],
      [t.facts.help, helpOf(failure.code, t)],
    ]),
    answer: failure.answer,
  }
}

/** Where the repository says more about a failure. */
function helpOf(code: FailureCode, t: Messages): string {
  return `${t.facts.helpFile}#${code.toLowerCase().replace(/_/g, '-')}`
}

/** A sentence with the details of a failure; empty where one that it names is not known. */
function filled(sentence: string, { api, origin, action, limit }: Failure): string {
  const bytes = limit === undefined ? undefined : formatBytes(limit)
  const text = fill(sentence, { api, origin, action, limit: bytes })
  return /\{\w+\}/.test(text) ? '' : text
}

/** What a page shows of a transfer that did not end well. */
export function outcomeOf(
  error: unknown,
  t: Messages,
): { phase: 'cancelled' | 'failed'; failure: FailureView | null } {
  return asFailure(error).code === 'CANCELLED'
    ? { phase: 'cancelled', failure: null }
    : { phase: 'failed', failure: failureView(error, t) }
}

/** The lines that have a value. */
export function facts(lines: [label: string, value: string | number | undefined][]): Fact[] {
  return lines
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([label, value]) => ({ label, value: String(value) }))
}

/** What has been transferred. */
export function resultFacts(result: Uploaded & { contentType?: string }, t: Messages): Fact[] {
  const seconds = (result.elapsed / 1000).toFixed(2)
  return facts([
    [t.facts.key, result.key],
    [t.facts.size, formatBytes(result.size)],
    [t.facts.type, result.contentType],
    [t.facts.elapsed, fill(t.units.seconds, { seconds })],
    ['ETag', result.etag],
    [t.facts.requestId, result.requestId],
  ])
}

/** What is wrong with a key, in words; empty when nothing is. */
export function keyProblemText(prefix: string, name: string, t: Messages): string {
  const problem = keyProblem(name) ?? keyProblem(prefix + name)
  return problem ? t.key[problem] : ''
}

/** `3.2 MB / 8.0 MB · 1.1 MB/s · 5 s left` */
export function progressText(progress: Progress, t: Messages): string {
  const { loaded, total, speed, secondsLeft, stalled } = progress
  const parts = [bytesText(loaded, total)]
  if (stalled) parts.push(t.transfer.stalled)
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

/** A query value of a page. WeChat hands it over as it stands; one typed by hand may not be encoded. */
export function queryValue(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? '')
  } catch {
    return value ?? ''
  }
}

/** A key as it is typed: the prefix is the user's own and stands before it. */
export function withoutPrefix(key: string, prefix: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key
}
