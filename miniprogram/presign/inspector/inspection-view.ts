import type { FailureView } from '../../components/failure-panel/failure-panel'
import { detailRows, describeFailure, type DetailRow } from '../../demo/describe'
import { fill } from '../../i18n/index'
import { cosFailure } from '../../transfer/cos-errors'
import { verdictView } from '../comparison-view'
import type { Diagnosis } from '../diagnose'
import type { DiffView } from '../diff-lines/diff-lines'
import type { PresignMessages } from '../i18n/index'
import { timeSuspicion, type Inspection, type Suspicion } from '../inspect'
import { maskMiddle, maskSigned } from '../mask'
import { signedParts } from '../parts'
import type { CosAnswer } from '../read-answer'
import { dateTime, duration } from '../times'

/** A value that is masked until it is tapped. */
interface Secret {
  label: string
  value: string
  masked: string
}

/** `wrong` is a certain 403, or one that key and clock prove. */
export type Level = 'wrong' | 'risk' | 'note'

export interface SuspicionView {
  name: Suspicion
  level: Level
  title: string
  fix: string
}

export interface InspectionView {
  secrets: Secret[]
  facts: DetailRow[]
  /** What is known of the key. */
  notes: string[]
  signed: DetailRow[]
  free: string[]
  httpString: string
  stringToSign: string
}

/** What depends on the time of day. */
export interface TimeView {
  /** `14:59 left` */
  remaining: string
  isValid: boolean
  suspicions: SuspicionView[]
}

/** Why what was pasted is no answer, or what it says. */
export interface AnswerView {
  answerProblem: string
  failure: FailureView | null
  formatString: string
  diff: DiffView | null
  /** What copying did to it, and why there is nothing to compare. */
  notes: string[]
}

const LEVELS: Partial<Record<Suspicion, Level>> = {
  HOST_NOT_SIGNED: 'risk',
  TYPE_NOT_SIGNED: 'risk',
  LONG_LIFE: 'risk',
  PLAIN_HTTP: 'risk',
  TOKEN_NEEDED: 'note',
  RAW_PLUS: 'note',
  RAW_SEMICOLON: 'note',
}

export function inspectionView(
  { inspection, sentMethod }: Diagnosis & { inspection: Inspection },
  t: PresignMessages,
): InspectionView {
  const texts = t.inspector
  const { explanation, isUrl, host, start, end, signedMethod: method } = inspection
  const { SecretId, SecurityToken = '' } = explanation
  const secrets = [
    { label: texts.who, value: SecretId, masked: maskMiddle(SecretId) },
    { label: texts.token, value: SecurityToken, masked: maskMiddle('') },
  ]
  const notes = [
    inspection.isKnownKey && texts.knownKey,
    method !== '' && method === (sentMethod || 'GET') && fill(texts.matches, { method }),
    inspection.keyMayEndEarlier && texts.keyMayEndEarlier,
  ]
  return {
    secrets: secrets.filter(({ value }) => value !== ''),
    facts: detailRows([
      [texts.token, SecurityToken || !isUrl ? '' : texts.noToken],
      [texts.host, host],
      [texts.path, explanation.Pathname],
      [texts.from, dateTime(start)],
      [texts.until, dateTime(end)],
    ]),
    notes: notes.filter((note): note is string => Boolean(note)),
    signed: signedParts(explanation, t, inspection.unknownHeaders),
    free: explanation.FreeParams,
    httpString: maskSigned(explanation.HttpString),
    stringToSign: explanation.StringToSign,
  }
}

/** @param now unix seconds */
export function timeView(
  { inspection, answer }: Pick<Diagnosis, 'answer'> & { inspection: Inspection },
  now: number,
  t: PresignMessages,
): TimeView {
  const texts = t.inspector
  const { start, end, suspicions, signedMethod: method } = inspection
  const problem = timeSuspicion(inspection, now)
  const sentences = { EXPIRED: texts.over, NOT_YET_VALID: texts.notYet }
  const sentence = problem ? sentences[problem] : texts.remaining
  const seconds = problem === 'NOT_YET_VALID' ? start - now : Math.abs(end - now)
  // COS checks the time first: a mismatch was still valid, whatever the clock says now.
  const isOver = answer !== undefined && answer.code === 'SignatureDoesNotMatch'
  const levels = isOver ? { ...LEVELS, EXPIRED: 'note' as const } : LEVELS
  return {
    remaining: Number.isNaN(start + end) ? '' : fill(sentence, { time: duration(seconds, t) }),
    isValid: !problem,
    suspicions: [...(problem ? [problem] : []), ...suspicions].map((name) => {
      const { title, fix } = texts.suspicions[name]
      const level = levels[name] ?? 'wrong'
      return { name, level, title: fill(title, { method }), fix: fill(fix, { method }) }
    }),
  }
}

/** @param pasted the text of the answer's field */
export function answerView(
  { answer, inspection, isSigned, verdict }: Diagnosis,
  pasted: string,
  t: PresignMessages,
): AnswerView {
  const texts = t.inspector
  const nothing = { answerProblem: '', failure: null, formatString: '', diff: null, notes: [] }
  if (!answer) {
    const isOther = pasted.trim() === '' || isSigned
    return { ...nothing, answerProblem: isOther ? '' : texts.noAnswer }
  }
  const notes = [
    answer.lacksBlankLine && texts.blankLineLost,
    answer.isRestored && !answer.lacksBlankLine && texts.linesRestored,
    answer.isDamaged && texts.copyDamaged,
    !verdict && answer.code === 'SignatureDoesNotMatch' && obstacle(answer, inspection, t),
  ]
  const failure = failureView(answer, t)
  return {
    ...nothing,
    failure: verdict ? { ...failure, why: '', fix: '' } : failure, // the verdict says more
    formatString: verdict ? '' : maskSigned(answer.formatString ?? ''),
    notes: notes.filter((note): note is string => Boolean(note)),
    diff: verdict ? verdictView(verdict, t) : null,
  }
}

/** Why there is nothing to compare. */
function obstacle(
  { formatString }: CosAnswer,
  inspection: Inspection | undefined,
  { inspector: texts }: PresignMessages,
): string {
  if (formatString === undefined) return texts.noFormatString
  return inspection ? texts.enterRequestUrl : texts.pasteUrl
}

/** What an error document says, in words. */
function failureView({ xml, statusCode }: CosAnswer, t: PresignMessages): FailureView {
  const failure = cosFailure({ statusCode: statusCode ?? 403, headers: {}, body: xml })
  return describeFailure({ ...failure, statusCode, answer: undefined }, t)
}

/** Why a text cannot be taken apart; empty where it can, or where there is none. */
export function problemText(
  { pasted, problem }: Diagnosis,
  signed: string,
  { inspector: texts }: PresignMessages,
): string {
  if (problem === undefined) return ''
  if (pasted?.foreign) return fill(texts.otherCloud, { cloud: pasted.foreign })
  if (/[?&]sign=q-sign-algorithm=/.test(signed)) return texts.signNotEncoded
  if (problem instanceof URIError) return texts.notEncoded
  const { message } = problem as Error
  const part = /^(q-[a-z-]+) must be there/.exec(message)?.[1]
  if (part === 'q-sign-algorithm') return texts.notSigned
  return part ? fill(texts.noSignature, { part }) : fill(texts.notRead, { reason: message })
}
