/** Describes failures in the words of the screen. */
import type { FailureView } from '../components/failure-panel/failure-panel'
import { config } from '../config'
import { fill, formatBytes, type Messages } from '../i18n/index'
import { asFailure, type Failure, type FailureCode } from '../transfer/failure'

/** A line of a result: what it is, and its value. */
export interface DetailRow {
  label: string
  value: string
}

interface Words {
  title: string
  why: string
  fix: string
  /** Used in place of `why` and `fix` if the details that they name are known. */
  detailed?: { why?: string; fix?: string }
}

export function describeFailure(error: unknown, t: Messages): FailureView {
  const failure = asFailure(error)
  const words: Record<FailureCode, Words> = t.failures
  const { title, why, fix, detailed = {} } = words[failure.code]
  const help = helpOf(failure.code, t)
  return {
    title,
    why: filled(detailed.why ?? '', failure) || why,
    fix: filled(detailed.fix ?? '', failure) || fix,
    facts: detailRows([
      [t.facts.code, failure.code],
      [t.facts.status, failure.statusCode],
      [t.facts.errorCode, failure.errorCode],
      [t.facts.errorMessage, failure.errorMessage],
      [t.facts.requestId, failure.requestId],
      [t.facts.resource, failure.resource],
      [t.facts.origin, failure.origin],
      ['errMsg', failure.errMsg],
      [t.facts.help, help],
    ]),
    help: config.docsUrl && help,
    answer: failure.answer,
  }
}

/** The section of the docs about a failure: its address, or its file where that is not known. */
function helpOf(code: FailureCode, t: Messages): string {
  const section = code.toLowerCase().replace(/_/g, '-')
  return `${config.docsUrl || 'docs'}/${t.facts.helpFile}#${section}`
}

/** A sentence with the details of a failure; empty where one that it names is not known. */
function filled(sentence: string, { api, origin, action, limit }: Failure): string {
  const bytes = limit === undefined ? undefined : formatBytes(limit)
  const text = fill(sentence, { api, origin, action, limit: bytes })
  return /\{\w+\}/.test(text) ? '' : text
}

/** The rows that have a value. */
export function detailRows(
  rows: [label: string, value: string | number | undefined][],
): DetailRow[] {
  return rows
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([label, value]) => ({ label, value: String(value) }))
}
