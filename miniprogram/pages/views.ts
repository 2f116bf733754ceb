/** How pages put things into words: failures, results, problems of a key. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import type { Phase } from '../components/phase'
import { formatBytes, formatSeconds, fill, type Messages } from '../i18n/index'
import { asFailure, type Failure, type FailureCode } from '../transfer/failure'
import { keyProblem } from '../transfer/object-key'
import type { Progress } from '../transfer/progress'

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
    why: filled(known.why, failure) ?? why,
    fix: filled(known.fix, failure) ?? fix,
    facts: facts([
      [t.facts.code, failure.code],
      [t.facts.status, failure.statusCode],
      [t.facts.errorCode, failure.errorCode],
      [t.facts.errorMessage, failure.errorMessage],
      [t.facts.requestId, failure.requestId],
      [t.facts.origin, failure.origin],
      [t.facts.errMsg, failure.errMsg],
      [t.facts.help, helpOf(failure.code, t)],
    ]),
    answer: failure.answer,
  }
}

/** Where the repository says more about a failure. */
function helpOf(code: FailureCode, t: Messages): string {
  return `${t.facts.helpFile}#${code.toLowerCase().replace(/_/g, '-')}`
}

/** A sentence with the details of a failure; undefined where one that it names is not known. */
function filled(sentence: string | undefined, failure: Failure): string | undefined {
  const { api, origin, action, limit } = failure
  const details = { api, origin, action, limit: limit === undefined ? limit : formatBytes(limit) }
  const known = Object.entries(details).filter((detail): detail is [string, string] => !!detail[1])
  const text = sentence && fill(sentence, Object.fromEntries(known))
  return text && !/\{\w+\}/.test(text) ? text : undefined
}

/** What a page shows of a transfer that did not end well. */
export function outcomeOf(
  error: unknown,
  t: Messages,
): { phase: Phase; failure: FailureView | null } {
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

/** What is wrong with a key, in words; empty when nothing is. */
export function keyProblemText(prefix: string, name: string, t: Messages): string {
  const problem = keyProblem(name) ?? keyProblem(prefix + name)
  return problem ? t.key[problem] : ''
}

/** `3.2 MB / 8.0 MB · 1.1 MB/s · 5 s left` */
export function progressText(progress: Progress, t: Messages): string {
  const { loaded, total, speed, secondsLeft, stalled } = progress
  const parts = [bytesText(progress, t)]
  if (stalled) return [...parts, t.transfer.stalled].join(' · ')
  if (total > 0 && loaded >= total) return [...parts, t.transfer.finishing].join(' · ')
  if (speed > 0) parts.push(fill(t.transfer.speed, { speed: formatBytes(speed) }))
  if (secondsLeft !== undefined) {
    parts.push(fill(t.transfer.left, { time: formatSeconds(secondsLeft, t) }))
  }
  return parts.join(' · ')
}

/** Milliseconds -> `1.35 s`. */
export function elapsedText(milliseconds: number, t: Messages): string {
  return fill(t.units.seconds, { seconds: (milliseconds / 1000).toFixed(2) })
}

/** `3.2 MB / 8.0 MB` */
export function bytesText(
  { loaded, total }: Pick<Progress, 'loaded' | 'total'>,
  t: Messages,
): string {
  const done = { loaded: formatBytes(loaded), total: formatBytes(total) }
  return total > 0 ? fill(t.transfer.progress, done) : done.loaded
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
