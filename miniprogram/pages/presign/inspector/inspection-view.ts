import type { DiffView } from '../../../components/diff-lines/diff-lines'
import type { FailureView } from '../../../components/failure-panel/failure-panel'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { cosFailure } from '../../../transfer/failure'
import { facts, failureView, type Fact } from '../../views'
import { comparisonView, type OurSide } from '../comparison-view'
import { timeSuspicion, type Inspection, type Suspicion } from '../inspect'
import { maskMiddle, maskSigned } from '../mask'
import { signedParts } from '../parts'
import { readAnswer } from '../read-answer'
import { dateTime, duration } from '../times'

const t = presignMessages()
const texts = t.inspector

/** A value that is masked until it is tapped. */
interface Secret {
  label: string
  value: string
  masked: string
}

interface SuspicionView {
  name: Suspicion
  /** `wrong` is a certain 403, or one that key and clock prove. */
  level: 'wrong' | 'risk' | 'note'
  title: string
  fix: string
}

export interface InspectionView {
  secrets: Secret[]
  facts: Fact[]
  /** What is known of the key. */
  notes: string[]
  signed: Fact[]
  free: string[]
  httpString: string
  stringToSign: string
}

/** What depends on the time of day. */
export interface TimeView {
  /** `14:59 left` */
  left: string
  isValid: boolean
  suspicions: SuspicionView[]
}

/** Why what was pasted is no answer, or what it says. */
export interface AnswerView {
  answerProblem?: string
  failure?: FailureView
  formatString?: string
  diff?: DiffView | null | undefined
  /** Why there is nothing to compare. */
  answerNote?: string
}

const LEVELS: Partial<Record<Suspicion, SuspicionView['level']>> = {
  HOST_NOT_SIGNED: 'risk',
  TYPE_NOT_SIGNED: 'risk',
  LONG_LIFE: 'risk',
  PLAIN_HTTP: 'risk',
  TOKEN_NEEDED: 'note',
  RAW_PLUS: 'note',
  RAW_SEMICOLON: 'note',
}

/** Mistakes that are on both sides: a comparison does not show them. */
const SHARED: Suspicion[] = ['OTHER_METHOD', 'LIST_ENCODED_ONCE', 'LIST_UPPER_CASE', 'RAW_PLUS']

/** @param method what the person says the request uses */
export function inspectionView(found: Inspection, method: string): InspectionView {
  const { explanation, isUrl, host, start, end } = found
  const { SecretId, SecurityToken = '' } = explanation
  const secrets = [
    { label: texts.who, value: SecretId, masked: maskMiddle(SecretId) },
    { label: texts.token, value: SecurityToken, masked: maskMiddle('') },
  ]
  const notes = [
    found.isKnownKey && texts.knownKey,
    found.signedMethod === method && fill(texts.matches, { method }),
    found.keyMayEndEarlier && texts.keyMayEndEarlier,
  ]
  return {
    secrets: secrets.filter(({ value }) => value !== ''),
    facts: facts([
      [texts.token, SecurityToken || !isUrl ? '' : texts.noToken],
      [texts.host, host],
      [texts.path, explanation.Pathname],
      [texts.from, dateTime(start)],
      [texts.until, dateTime(end)],
    ]),
    notes: notes.filter((note): note is string => Boolean(note)),
    signed: signedParts(explanation, found.unknownHeaders),
    free: explanation.FreeParams,
    httpString: maskSigned(explanation.HttpString),
    stringToSign: explanation.StringToSign,
  }
}

/** @param now unix seconds */
export function timeView(found: Inspection, now: number): TimeView {
  const { start, end, suspicions, signedMethod: method } = found
  const problem = timeSuspicion(found, now)
  const sentences = { EXPIRED: texts.over, NOT_YET_VALID: texts.notYet }
  const sentence = problem ? sentences[problem] : texts.left
  const seconds = problem === 'NOT_YET_VALID' ? start - now : Math.abs(end - now)
  return {
    left: Number.isNaN(start + end) ? '' : fill(sentence, { time: duration(seconds, t) }),
    isValid: !problem,
    suspicions: [...(problem ? [problem] : []), ...suspicions].map((name) => {
      const { title, fix } = texts.suspicions[name]
      const level = LEVELS[name] ?? 'wrong'
      return { name, level, title: fill(title, { method }), fix: fill(fix, { method }) }
    }),
  }
}

/**
 * @param pasted the answer of COS
 * @param found the signature that it is held against
 * @param method what the person says the request uses, or nothing
 */
export function answerView(pasted: string, found: Inspection | null, method: string): AnswerView {
  const answer = readAnswer(pasted)
  if (!answer) return { answerProblem: pasted.trim() && texts.noAnswer }
  const { xml, code, formatString = '' } = answer
  const isMismatch = code === 'SignatureDoesNotMatch'
  const answerNote = isMismatch ? obstacle(formatString, found) : ''
  const diff =
    isMismatch && found && !answerNote ? comparisonView(answer, ourSide(found, method), t) : null
  const failure = failureOf(xml)
  return {
    failure: diff ? { ...failure, fix: '' } : failure, // nothing is left to compare by hand
    formatString: maskSigned(formatString),
    answerNote,
    diff,
  }
}

/** Why there is nothing to compare, or nothing. */
function obstacle(formatString: string, found: Inspection | null): string {
  if (formatString === '') return texts.noFormatString
  if (!found) return texts.pasteUrl
  return found.host ? '' : texts.enterRequestUrl
}

function ourSide(
  { explanation, unknownHeaders, signedMethod, suspicions }: Inspection,
  method: string,
): OurSide {
  const isAnyMethod = !method && !signedMethod
  const isFaulty = suspicions.some((name) => SHARED.includes(name))
  return { ...explanation, unknownHeaders, isAnyMethod, isFaulty }
}

/** What an error document says, in words. Its HTTP status is not in it, and this is the inspector. */
function failureOf(xml: string): FailureView {
  const failure = cosFailure({ statusCode: 403, headers: {}, body: xml })
  return failureView({ ...failure, statusCode: undefined, answer: undefined }, t)
}

/** Why a text cannot be taken apart. */
export function problemText(error: unknown, signed: string): string {
  if (/[?&]sign=q-sign-algorithm=/.test(signed)) return texts.signNotEncoded
  if (error instanceof URIError) return texts.notEncoded
  const { message } = error as Error
  const part = /^(q-[a-z-]+) must be there/.exec(message)?.[1]
  if (part === 'q-sign-algorithm') return texts.notSigned
  return part ? fill(texts.noSignature, { part }) : fill(texts.notRead, { reason: message })
}
