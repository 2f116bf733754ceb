import { headerOf } from '../transfer/response'
import {
  compareFormatString,
  decoded,
  type Comparison,
  type Difference,
} from './compare-format-string'
import { readHeaders } from './fields'
import { findMistake, type Mistake, type SignedRequest } from './find-mistake'
import { restoreFormatString } from './format-string'
import { inspect, isHttp, type Inspection, type KnownKey, type Suspicion } from './inspect'
import { readAnswer, type CosAnswer } from './read-answer'
import { isSignature, methodIn, readPasted, type Pasted } from './read-pasted'

/** What a person knows of a request and its 403. Texts are empty where nothing is known. */
export interface Evidence {
  /** A signed URL, an Authorization, a command, a raw request, a log. */
  request: string
  /** The 403, as XML, JSON or in a log. A paste in the other field is understood, too. */
  answer: string
  /** For an Authorization: where it was sent. */
  requestUrl: string
  /** What was sent, and what was signed: they can differ. */
  sentMethod: string
  signedMethod: string
  /** Headers as they were signed, one on each line. */
  signedHeaders: string
  /** HttpString as the signer built it. */
  httpString: string
}

export const NO_EVIDENCE: Evidence = {
  request: '',
  answer: '',
  requestUrl: '',
  sentMethod: '',
  signedMethod: '',
  signedHeaders: '',
  httpString: '',
}

/** What may be wrong where nothing differs, in the order of likelihood. */
export type Candidate = 'METHOD_UNKNOWN' | 'PATH_SIGNED' | 'LISTS_SIGNED' | 'SECRET_KEY'

/** What a mismatch is due to, as far as the evidence goes. */
export interface Verdict {
  comparison: Comparison
  /**
   * `DIFFERENT`: what COS received is not what was signed. `SAME`: it is, and all is known, so only
   * the SecretKey or the steps after the HttpString are left. `SAME_LINES`: so, but for white space
   * that copying may have changed in the HttpString. `SAME_SO_FAR`: it is what a right
   * signer signs for this URL, but nothing tells what this signer has signed. `MISTAKE`: the key
   * proves what was signed. `KEY_FITS`: the key gives this very signature for what COS received.
   * `OTHER_KEY`: neither the right HttpString nor a known mistake gives the signature with this key.
   */
  kind:
    | 'DIFFERENT'
    | 'OTHER_TIME'
    | 'SHARED'
    | 'SAME'
    | 'SAME_LINES'
    | 'SAME_SO_FAR'
    | 'MISTAKE'
    | 'KEY_FITS'
    | 'OTHER_KEY'
  /** Of `DIFFERENT`. Those that are not known are not certain. */
  differences: Difference[]
  /** Of `MISTAKE`. */
  mistake?: Mistake
  candidates: Candidate[]
}

export interface Diagnosis {
  pasted: Pasted | undefined
  /** The signature; undefined where there is none, or `problem` says why it cannot be read. */
  inspection: Inspection | undefined
  problem: unknown
  /** The paste has a signature of COS, or a part of one. */
  isSigned: boolean
  isAuthorization: boolean
  answer: CosAnswer | undefined
  /** In upper case; empty where nothing tells it. */
  sentMethod: string
  signedMethod: string
  verdict: Verdict | undefined
}

/** Mistakes that both sides share: a comparison does not show them. */
const SHARED: Suspicion[] = [
  'OTHER_METHOD',
  'LIST_ENCODED_ONCE',
  'LIST_UPPER_CASE',
  'BAD_TIME',
  'MILLISECONDS',
  'TOKEN_CHANGED',
]

/**
 * Explains a signature and its 403 by the evidence: certain where it can be, otherwise by candidates.
 * @param key a key that may be the one that signed
 */
export function diagnose(given: Evidence, key?: KnownKey): Diagnosis {
  const evidence = wellFormed(given)
  const [request, response] = sides(evidence)
  const none = { pasted: undefined, inspection: undefined, problem: undefined, verdict: undefined }
  const nothing = { ...none, isSigned: false, isAuthorization: false, sentMethod: '' }
  const { signedMethod } = evidence
  let pasted: Pasted
  try {
    pasted = readPasted(request)
  } catch (problem) {
    return { ...nothing, problem, signedMethod, isSigned: true, answer: readAnswer(response) }
  }
  const isSigned = /q-sign-algorithm(=|%3D)/i.test(pasted.signed)
  const isAuthorization = isSigned && !isHttp(pasted.signed)
  const sentMethod = evidence.sentMethod || pasted.method || methodIn(response)
  const found = { ...nothing, pasted, isSigned, isAuthorization, sentMethod, signedMethod }
  if (request.trim() === '') return { ...found, answer: readAnswer(response) }
  try {
    return explained({ evidence, pasted, response, key, found })
  } catch (problem) {
    return { ...found, problem, answer: readAnswer(response) }
  }
}

/** A copy may end within a character: half of one has no UTF-8 form. */
function wellFormed(evidence: Evidence): Evidence {
  const whole = (text: string) =>
    text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
      found.length === 2 ? found : '\ufffd',
    )
  const entries = Object.entries(evidence).map(([name, text]) => [name, whole(text)] as const)
  return { ...evidence, ...Object.fromEntries(entries) }
}

/** Each paste where it belongs: people take the wrong field, and paste a whole log into one. */
function sides({ request, answer }: Evidence): [request: string, answer: string] {
  const isAnswer = (text: string) => readAnswer(text) !== undefined
  const signed = isSignature(request) || !isSignature(answer) ? request : answer
  const isOnlyAnswer = isAnswer(signed) && !isSignature(signed)
  return [isOnlyAnswer ? '' : signed, isAnswer(answer) || !isAnswer(request) ? answer : request]
}

interface Found {
  evidence: Evidence
  pasted: Pasted
  response: string
  key: KnownKey | undefined
  found: Omit<Diagnosis, 'answer'>
}

function explained({ evidence, pasted, response, key, found }: Found): Diagnosis {
  const typed = readHeaders(evidence.signedHeaders).fields
  const sentHeaders = { ...pasted.headers, ...(pasted.token && tokenHeader(pasted.token)) }
  const request = isHttp(evidence.requestUrl.trim()) ? readPasted(evidence.requestUrl) : undefined
  const text = {
    signed: pasted.signed,
    requestUrl: request ? request.url : pasted.url,
    headers: { ...tokenOf(sentHeaders), ...typed },
    damage: pasted.damage,
  }
  const { explanation } = inspect({ ...text, method: 'GET' })
  const answer = readAnswer(response, {
    signedParams: explanation.SignedParams.map(({ name }) => name),
    signedHeaders: explanation.SignedHeaders.map(({ name }) => name),
    ...(explanation.Host !== undefined && { pathname: explanation.Pathname }),
  })
  const received = answer?.formatString?.split('\n')[0]?.toUpperCase()
  const sentMethod = received || found.sentMethod
  const inspection = inspect({ ...text, method: sentMethod || 'GET' }, key)
  const signedMethod = evidence.signedMethod || inspection.signedMethod
  const isMismatch = answer?.code === 'SignatureDoesNotMatch' && answer.formatString !== undefined
  const isComparable = isMismatch && inspection.host !== ''
  const verdict = isComparable
    ? judge(answer, { inspection, evidence, signedMethod, text, key })
    : undefined
  return { ...found, inspection, answer, sentMethod, signedMethod, verdict }
}

function tokenHeader(token: string): Record<string, string> {
  return { 'x-cos-security-token': token }
}

/** Of the headers that were sent only the token: what was signed may be something else. */
function tokenOf(headers: Record<string, string>): Record<string, string> {
  const token = headerOf(headers, 'x-cos-security-token')
  return token ? tokenHeader(token) : {}
}

interface Signed {
  inspection: Inspection
  evidence: Evidence
  signedMethod: string
  text: { signed: string; requestUrl: string; headers: Record<string, string> }
  key: KnownKey | undefined
}

function judge(answer: CosAnswer, signed: Signed): Verdict {
  const { inspection, evidence, signedMethod } = signed
  const { explanation, unknownHeaders, suspicions } = inspection
  const theirs = answer.formatString!
  const given = restoreFormatString(evidence.httpString, {
    signedParams: explanation.SignedParams.map(({ name }) => name),
    signedHeaders: explanation.SignedHeaders.map(({ name }) => name),
  })
  const method = (signedMethod || theirs.split('\n')[0]!).toLowerCase()
  const ours = given?.text ?? explanation.HttpString.replace(/^[^\n]*/, () => method)
  const comparison = compareFormatString(theirs, ours, given ? [] : unknownHeaders)
  const verdict = { comparison, differences: comparison.differences, candidates: [] }
  const times = [answer.stringToSign ?? explanation.StringToSign, explanation.StringToSign]
  if (timeOf(times[0]!) !== timeOf(times[1]!)) return { ...verdict, kind: 'OTHER_TIME' }
  const isKnown = comparison.differences.some(({ cause }) => cause !== 'NOT_KNOWN')
  const byKey = judgeByKey(theirs, signed)
  const isSame = comparison.differences.length === 0
  // What was changed on its way, or in copying, or is unknown, fits no key.
  const isProof = byKey?.kind !== 'OTHER_KEY' || (isSame && !answer.isDamaged)
  if (byKey && isProof) return { ...verdict, ...byKey }
  if (isKnown) return { ...verdict, kind: 'DIFFERENT' }
  if (suspicions.some((name) => SHARED.includes(name))) return { ...verdict, kind: 'SHARED' }
  if (given) {
    const isCopy = given.isRestored || answer.isDamaged
    return { ...verdict, kind: isCopy ? 'SAME_LINES' : 'SAME' }
  }
  return {
    ...verdict,
    kind: isSame ? 'SAME_SO_FAR' : 'DIFFERENT',
    candidates: [
      ...(signedMethod ? [] : (['METHOD_UNKNOWN'] as const)),
      'PATH_SIGNED',
      'LISTS_SIGNED',
      'SECRET_KEY',
    ],
  }
}

/** The second line of a StringToSign. */
function timeOf(stringToSign: string): string | undefined {
  return stringToSign.split('\n')[1]
}

/** What the SecretKey proves; undefined where it proves nothing of what COS received. */
function judgeByKey(
  theirs: string,
  { inspection, text, key }: Signed,
): Pick<Verdict, 'kind' | 'mistake' | 'comparison' | 'differences'> | undefined {
  if (!key?.SecretKey || !inspection.isKnownKey) return undefined
  const found = findMistake(receivedRequest(theirs, inspection, text), key.SecretKey)
  const comparison = compareFormatString(theirs, found?.httpString ?? theirs)
  const known = { comparison, differences: comparison.differences }
  if (!found) return { ...known, kind: 'OTHER_KEY' }
  const { mistake } = found
  if (mistake !== 'none') return { ...known, kind: 'MISTAKE', mistake }
  // Where something that is signed did not arrive, the key fits the URL, not what COS received.
  return comparison.differences.length === 0 ? { ...known, kind: 'KEY_FITS' } : undefined
}

/** The request that COS received, from its FormatString; what that lacks is taken from the URL. */
function receivedRequest(
  theirs: string,
  { explanation }: Inspection,
  { signed, requestUrl }: Signed['text'],
): SignedRequest {
  const [method = '', pathname = '', params = '', headers = ''] = theirs.split('\n')
  const [, rawPath = '', query = ''] =
    /^https?:\/\/[^/?#]+([^?#]*)\??([^#]*)/i.exec(isHttp(signed) ? signed : requestUrl) ?? []
  const listed = fieldsOf(params)
  const others = fieldsOf(query).filter(
    ([name]) => !/^(q-.*|sign)$/.test(name) && !listed.some(([one]) => one === name.toLowerCase()),
  )
  return {
    method,
    pathname,
    rawPath: rawPath || '/',
    params: [...listed, ...others],
    headers: [...fieldsOf(headers), ...hostOf(headers, explanation.Host ?? '')],
    paramList: explanation.SignedParams.map(({ name }) => name),
    headerList: explanation.SignedHeaders.map(({ name }) => name),
    signTime: explanation.StringToSign.split('\n')[1] ?? '',
    keyTime: explanation.KeyTime,
    signature: explanation.GivenSignature,
  }
}

function hostOf(headers: string, host: string): [string, string][] {
  return /(^|&)host=/.test(headers) ? [] : [['host', host]]
}

/** `a=1&b=2`, decoded; as it stands where a copy has lost a part of an escape. */
function fieldsOf(line: string): [name: string, value: string][] {
  return line
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decoded(name), decoded(value.join('='))]
    })
}
