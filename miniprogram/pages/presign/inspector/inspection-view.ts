import { fill } from '../../../i18n/index'
import type { PresignMessages } from '../../../i18n/presign/index'
import { facts, type Fact } from '../../views'
import { timeSuspicion, type Inspection, type Suspicion } from '../inspect'
import { maskMiddle, maskSigned } from '../mask'
import { dateTime, duration } from '../times'

/** A value that is masked until it is tapped. */
interface Secret {
  label: string
  value: string
  masked: string
}

export interface SuspicionView {
  name: Suspicion
  /** `wrong` is a certain 403, or one that key and clock prove. */
  level: 'wrong' | 'risk' | 'note'
  levelText: string
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
  suspicions: SuspicionView[]
  httpString: string
  stringToSign: string
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

/** @param method what the person says the request uses */
export function inspectionView(
  found: Inspection,
  method: string,
  t: PresignMessages,
): InspectionView {
  const { explanation, isUrl, host, start, end, isKnownKey, keyMayEndEarlier } = found
  const { SecretId, SecurityToken, Pathname, FreeParams, HttpString, StringToSign } = explanation
  const words = t.inspector
  const notes = [
    isKnownKey && words.knownKey,
    found.signedMethod === method && fill(words.matches, { method }),
    keyMayEndEarlier && words.keyMayEndEarlier,
  ]
  return {
    secrets: [
      { label: words.who, value: SecretId, masked: maskMiddle(SecretId) },
      ...(SecurityToken
        ? [{ label: words.token, value: SecurityToken, masked: maskMiddle('') }]
        : []),
    ],
    facts: facts([
      [words.token, SecurityToken || !isUrl ? '' : words.noToken],
      [words.host, host || words.unknownHost],
      [words.path, Pathname],
      [words.from, dateTime(start)],
      [words.until, dateTime(end)],
    ]),
    notes: notes.filter((note): note is string => Boolean(note)),
    signed: [...explanation.SignedParams, ...explanation.SignedHeaders].map(({ name, value }) => ({
      label: name,
      value: valueText(name, value, found, t),
    })),
    free: FreeParams,
    suspicions: found.suspicions.map((name) => suspicionView(name, found, t)),
    httpString: maskSigned(HttpString),
    stringToSign: StringToSign,
  }
}

export function suspicionView(
  name: Suspicion,
  { signedMethod }: Pick<Inspection, 'signedMethod'>,
  t: PresignMessages,
): SuspicionView {
  const { title, fix } = t.inspector.suspicions[name]
  const level = LEVELS[name] ?? 'wrong'
  return {
    name,
    level,
    levelText: t.inspector.levels[level],
    title: fill(title, { method: signedMethod }),
    fix: fill(fix, { method: signedMethod }),
  }
}

/** `14:59 left`, and whether that is bad news. @param now unix seconds */
export function countdown(
  found: Inspection,
  now: number,
  t: PresignMessages,
): { text: string; suspicion: SuspicionView | null } {
  const { start, end } = found
  if (Number.isNaN(start + end)) return { text: '', suspicion: null }
  const problem = timeSuspicion(found, now)
  const suspicion = problem ? suspicionView(problem, found, t) : null
  const { left, over, notYet } = t.inspector
  const [sentence, seconds] =
    problem === 'EXPIRED'
      ? [over, now - end]
      : problem === 'NOT_YET_VALID'
        ? [notYet, start - now]
        : [left, end - now]
  return { text: fill(sentence, { time: duration(seconds, t) }), suspicion }
}

function valueText(
  name: string,
  value: string | undefined,
  { unknownHeaders }: Inspection,
  t: PresignMessages,
): string {
  if (unknownHeaders.includes(name)) return t.inspector.valueUnknown
  if (name === 'x-cos-security-token') return maskMiddle('')
  return value || t.playground.emptyValue
}
