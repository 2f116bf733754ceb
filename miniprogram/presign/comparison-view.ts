import type { DiffLine, DiffView, Marked } from './diff-lines/diff-lines'
import { fill } from '../i18n/index'
import type { PresignMessages } from './i18n/index'
import { compareFormatString, type ComparedLine, type Difference } from './compare-format-string'
import type { Verdict } from './diagnose'
import { dotted, hideSigned, maskMiddle } from './mask'
import type { CosAnswer } from './read-answer'

/** The two strings of our own signer: what it has signed is beyond doubt. */
export interface OwnSignature {
  HttpString: string
  StringToSign: string
}

/** A 403 for a signature of our own, in words; undefined for an answer without a FormatString. */
export function comparisonView(
  { formatString, stringToSign }: Pick<CosAnswer, 'formatString' | 'stringToSign'>,
  { HttpString, StringToSign }: OwnSignature,
  t: PresignMessages,
): DiffView | undefined {
  if (formatString === undefined) return undefined
  const comparison = compareFormatString(formatString, HttpString)
  const { differences } = comparison
  const kind = differences.length > 0 ? 'DIFFERENT' : 'SAME'
  const isOther = timeOf(stringToSign ?? StringToSign) !== timeOf(StringToSign)
  const verdict: Verdict = { kind, comparison, differences, candidates: [] }
  return verdictView(isOther ? { ...verdict, kind: 'OTHER_TIME' } : verdict, t)
}

/** The second line of a StringToSign. */
function timeOf(stringToSign: string): string | undefined {
  return stringToSign.split('\n')[1]
}

/** A verdict in words, with both sides line by line. */
export function verdictView(verdict: Verdict, t: PresignMessages): DiffView {
  const { comparison, differences, candidates, kind } = verdict
  const lines = comparison.lines.map((line) => lineView(line, t))
  const [first, ...others] = differences
  const isOther = kind === 'OTHER_TIME'
  return {
    where: first && !isOther ? whereText(comparison.lines, first, t) : '',
    cause: causeText(verdict, t),
    others:
      isOther || kind === 'MISTAKE'
        ? []
        : others.map((one) => differenceText(one, comparison.lines, t)),
    isCertain: candidates.length === 0,
    candidates: candidates.map((name) => ({ name, ...t.compare.candidates[name] })),
    lines,
  }
}

function causeText(
  { kind, comparison, differences, mistake }: Verdict,
  t: PresignMessages,
): string {
  const [first] = differences
  if (kind === 'DIFFERENT' && first) return differenceText(first, comparison.lines, t)
  if (kind === 'MISTAKE' && mistake) return t.compare.mistakes[mistake]
  const method = comparison.lines[0]!.theirs.toUpperCase()
  const kinds: Record<string, string> = t.compare.kinds
  return fill(kinds[kind] ?? '', { method })
}

function whereText(lines: ComparedLine[], { line }: Difference, t: PresignMessages): string {
  const { name, at } = lines[line]!
  if (at < 0) return ''
  return fill(t.compare.where, { line: line + 1, name: t.compare.lines[name], column: at + 1 })
}

function differenceText(
  { line, cause, field, theirs, ours }: Difference,
  lines: ComparedLine[],
  t: PresignMessages,
): string {
  const { name } = lines[line]!
  const isToken = field.toLowerCase() === 'x-cos-security-token'
  const shown = (value: string) => (value && isToken ? maskMiddle('') : value) || t.compare.empty
  return fill(t.compare.causes[cause], {
    field: field || t.compare.lines[name],
    list: name === 'params' ? 'q-url-param-list' : 'q-header-list',
    theirs: shown(theirs),
    ours: shown(ours),
  })
}

function lineView({ name, theirs, ours, at, ourAt }: ComparedLine, t: PresignMessages): DiffLine {
  return {
    label: t.compare.lines[name],
    same: at < 0,
    theirs: marked(hideSigned(theirs), at, t),
    ours: marked(hideSigned(ours), ourAt, t),
  }
}

function marked(text: string, at: number, t: PresignMessages): Marked {
  if (at < 0) return { prefix: visible(text), mark: '', rest: '' }
  if (text === '') return { prefix: '', mark: t.compare.empty, rest: '' }
  // A character beyond U+FFFF is two units, and must not be cut in half.
  const isHalf = /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1))
  const start = isHalf ? at - 1 : at
  const [mark = ''] = text.slice(start)
  return {
    prefix: visible(text.slice(0, start)),
    mark: mark === ' ' ? '␣' : visible(mark) || '⏎',
    rest: visible(text.slice(start + mark.length)),
  }
}

/** Control characters by their pictures, U+2400 for NUL and so on; what is hidden by dots. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return dotted(text).replace(/[\u0000-\u001f\u007f]/g, (mark) =>
    String.fromCharCode(mark === '\u007f' ? 0x2421 : 0x2400 + mark.charCodeAt(0)),
  )
}
