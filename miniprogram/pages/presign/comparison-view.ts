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
  const compared = compareFormatString(formatString, signed.HttpString, signed.unknownHeaders)
  const lines = compared.lines.map((line) => lineView(line, t))
  if (!compared.first) return { where: '', cause: equalCause(stringToSign, signed, t), lines }
  const { line, cause, field, theirs, ours } = compared.first
  const { name, at } = compared.lines[line]!
  const isToken = field.toLowerCase() === 'x-cos-security-token'
  const shown = (value: string) => (value && isToken ? maskMiddle('') : value) || t.compare.empty
  const causes: Record<Cause, string> = t.compare.causes
  return {
    where:
      at < 0
        ? ''
        : fill(t.compare.where, { line: line + 1, name: t.compare.lines[name], column: at + 1 }),
    cause: fill(causes[cause], {
      field: field || t.compare.lines[name],
      list: name === 'params' ? 'q-url-param-list' : 'q-header-list',
      theirs: shown(theirs),
      ours: shown(ours),
    }),
    lines,
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
  return isAnyMethod ? fill(equalButMethod, { equal, method }) : equal
}

/** The second line of a StringToSign. */
function timeOf(stringToSign: string): string | undefined {
  return stringToSign.split('\n')[1]
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
  const isHalf = /[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(at - 1, at + 1))
  const start = isHalf ? at - 1 : at
  const [mark = ''] = text.slice(start)
  return {
    before: visible(text.slice(0, start)),
    mark: mark === ' ' ? '␣' : visible(mark) || '⏎',
    after: visible(text.slice(start + mark.length)),
  }
}

/** Control characters by their pictures, U+2400 for NUL and so on; what is hidden by dots. */
function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return dotted(text).replace(/[\u0000-\u001f\u007f]/g, (mark) =>
    String.fromCharCode(mark === '\u007f' ? 0x2421 : 0x2400 + mark.charCodeAt(0)),
  )
}
