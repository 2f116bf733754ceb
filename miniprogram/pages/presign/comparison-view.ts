import type { DiffLine, DiffView, Marked } from '../../components/diff-lines/diff-lines'
import { fill } from '../../i18n/index'
import type { PresignMessages } from '../../i18n/presign/index'
import { compareFormatString, type Cause, type ComparedLine } from './compare-format-string'
import { dotted, hideSigned, maskMiddle } from './mask'
import type { CosAnswer } from './read-answer'

/** What was signed, as far as it is known. */
export interface OurSide {
  HttpString: string
  StringToSign: string
  unknownHeaders?: readonly string[]
  /** Nobody has said for which method: it is taken from the FormatString. */
  isAnyMethod?: boolean
  /** It has a mistake that both sides share, such as a list that is encoded once. */
  isFaulty?: boolean
}

/** A 403 beside what was signed, in words; undefined for an answer without a FormatString. */
export function comparisonView(
  { formatString, stringToSign }: CosAnswer,
  signed: OurSide,
  t: PresignMessages,
): DiffView | undefined {
  if (formatString === undefined) return undefined
  const { lines, first } = compareFormatString(
    formatString,
    signed.HttpString,
    signed.unknownHeaders,
  )
  const shown = lines.map((line) => lineView(line, t))
  if (!first) return { where: '', cause: equalCause(stringToSign, signed, t), lines: shown }
  const causes: Record<Cause, string> = t.compare.causes
  const { name, at } = lines[first.line]!
  const place = { line: first.line + 1, name: t.compare.lines[name], column: at + 1 }
  const isToken = first.field.toLowerCase() === 'x-cos-security-token'
  const shownValue = (value: string) =>
    (value && isToken ? maskMiddle('') : value) || t.compare.empty
  return {
    where: at < 0 ? '' : fill(t.compare.where, place),
    cause: fill(causes[first.cause], {
      field: first.field,
      theirs: shownValue(first.theirs),
      ours: shownValue(first.ours),
    }),
    lines: shown,
  }
}

/** Why COS refuses what it received just as it was signed. */
function equalCause(
  stringToSign: string | undefined,
  { HttpString, StringToSign, isAnyMethod, isFaulty }: OurSide,
  t: PresignMessages,
): string {
  const { otherTime, equal, equalButMethod, equalButWrong } = t.compare
  if (timeOf(stringToSign ?? StringToSign) !== timeOf(StringToSign)) return otherTime
  if (isFaulty) return equalButWrong
  const method = HttpString.split('\n')[0]!.toUpperCase()
  return isAnyMethod ? fill(equalButMethod, { method }) : equal
}

/** The second line of a StringToSign. */
function timeOf(stringToSign: string): string {
  return stringToSign.split('\n')[1] ?? ''
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
  if (at < 0) return { before: visible(text), mark: '', after: '' }
  if (text === '') return { before: '', mark: t.compare.empty, after: '' }
  // A character beyond U+FFFF is two units, and must not be cut in half.
  const start = at - (isSecondHalf(text, at) ? 1 : 0)
  const mark = String.fromCodePoint(...(start < text.length ? [text.codePointAt(start)!] : []))
  return {
    before: visible(text.slice(0, start)),
    mark: mark === ' ' ? '␣' : visible(mark) || '⏎',
    after: visible(text.slice(start + mark.length)),
  }
}

function isSecondHalf(text: string, at: number): boolean {
  return /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '')
}

/** Control characters by their pictures, U+2400 for NUL and so on; what is hidden by dots. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return dotted(text).replace(/[\u0000-\u001f\u007f]/g, (mark) =>
    mark === '\u007f' ? '␡' : String.fromCharCode(0x2400 + mark.charCodeAt(0)),
  )
}
