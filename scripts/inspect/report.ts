import {
  diagnose,
  NO_EVIDENCE,
  type Diagnosis,
  type Evidence,
} from '../../miniprogram/presign/diagnose'
import type { DiffView } from '../../miniprogram/presign/diff-lines/diff-lines'
import type { PresignMessages } from '../../miniprogram/presign/i18n/index'
import type { Inspection } from '../../miniprogram/presign/inspect'
import {
  answerView,
  inspectionView,
  problemText,
  timeView,
} from '../../miniprogram/presign/inspector/inspection-view'
import { readAnswer } from '../../miniprogram/presign/read-answer'
import { isSignature } from '../../miniprogram/presign/read-pasted'

/** What the command was given. */
export interface Sources extends Omit<Evidence, 'request' | 'answer'> {
  /** Requests and 403s in any order. */
  pasted: string[]
  secretKey: string
}

/** The findings of the inspector as text. */
export function report(
  { pasted, secretKey, ...more }: Sources,
  t: PresignMessages,
): { output: string; isExplained: boolean } {
  const isAnswer = (text: string) => readAnswer(text) !== undefined && !isSignature(text)
  const evidence = {
    ...NO_EVIDENCE,
    ...more,
    request: pasted.filter((text) => !isAnswer(text)).join('\n'),
    answer: pasted.filter(isAnswer).join('\n'),
  }
  const diagnosis = withKey(evidence, secretKey)
  const { inspection, answer, problem } = diagnosis
  const lines = [
    ...(inspection ? requestLines({ ...diagnosis, inspection }, t) : []),
    ...(answer ? answerLines(diagnosis, evidence.answer, t) : []),
  ]
  const isForeign = Boolean(diagnosis.pasted?.foreign)
  const problemLine = problem === undefined ? '' : problemText(diagnosis, evidence.request, t)
  if (lines.length === 0) lines.push(problemLine || t.inspector.notSigned)
  else if (problemLine && diagnosis.isSigned) lines.unshift(problemLine, '')
  const isExplained = inspection !== undefined || answer !== undefined || isForeign
  return { output: lines.join('\n').trim(), isExplained }
}

function withKey(evidence: Evidence, SecretKey: string): Diagnosis {
  const diagnosis = diagnose(evidence)
  if (!SecretKey || !diagnosis.inspection) return diagnosis
  return diagnose(evidence, { SecretId: diagnosis.inspection.explanation.SecretId, SecretKey })
}

function requestLines(
  diagnosis: Diagnosis & { inspection: Inspection },
  t: PresignMessages,
): string[] {
  const { facts, notes, secrets, signed, free, httpString } = inspectionView(diagnosis, t)
  const { remaining, suspicions } = timeView(diagnosis, Math.floor(Date.now() / 1000), t)
  const texts = t.inspector
  return [
    heading(texts.signature),
    ...secrets.map(({ label, masked }) => `${label}: ${masked}`),
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    remaining,
    ...suspicions.map(({ level, title, fix }) => `[${texts.levels[level]}] ${title}. ${fix}`),
    ...(suspicions.length === 0 ? [texts.nothingSuspicious] : []),
    ...notes,
    `${t.parts.signed}: ${signed.map(({ label, value }) => `${label} = ${value}`).join('; ')}`,
    ...(free.length > 0 ? [`${t.parts.free}: ${free.join(', ')}`] : []),
    'HttpString:',
    indented(httpString),
    '',
  ].filter((line, i) => line !== '' || i > 0)
}

function answerLines(diagnosis: Diagnosis, pasted: string, t: PresignMessages): string[] {
  const { failure, notes, formatString, diff } = answerView(diagnosis, pasted, t)
  if (!failure) return []
  return [
    heading(t.inspector.answer),
    ...(diff ? diffLines(diff, t) : [`${failure.title}. ${failure.why}`, failure.fix]),
    ...notes,
    ...failure.facts.map(({ label, value }) => `${label}: ${value}`),
    ...(formatString ? ['FormatString:', indented(formatString)] : []),
  ].filter(Boolean)
}

function diffLines({ cause, where, others, candidates, lines }: DiffView, t: PresignMessages) {
  const { theirs, ours } = t.compare
  const text = ({ prefix, mark, rest }: DiffView['lines'][number]['ours']) =>
    `${prefix}${mark && `»${mark}«`}${rest}`
  return [
    where ? `${where}: ${cause}` : cause,
    ...others,
    ...candidates.map(({ title, fix }, i) => `${i + 1}. ${title}. ${fix}`),
    ...lines.flatMap((line) =>
      line.same
        ? [`= ${line.label}: ${text(line.ours) || t.compare.empty}`]
        : [
            `≠ ${line.label}, ${theirs}: ${text(line.theirs)}`,
            `≠ ${line.label}, ${ours}: ${text(line.ours)}`,
          ],
    ),
  ]
}

function heading(title: string): string {
  return `== ${title} ==`
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ').trimEnd()
}
