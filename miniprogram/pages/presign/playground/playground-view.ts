import type { DiffView } from '../../../components/diff-lines/diff-lines'
import type { FailureView } from '../../../components/failure-panel/failure-panel'
import { fill } from '../../../i18n/index'
import { presignMessages } from '../../../i18n/presign/index'
import { signingSource } from '../../../signing/index'
import type { Failure } from '../../../transfer/failure'
import { keyProblem } from '../../../transfer/object-key'
import { failureView, type Fact } from '../../views'
import { authorizationOf } from '../carriers'
import { comparisonView } from '../comparison-view'
import { toCurl, toWxCode, type ReadyRequest } from '../copy-as'
import { headerLines, readHeaders, readQuery } from '../fields'
import { maskSigned } from '../mask'
import { readAnswer } from '../read-answer'
import { dateTime } from '../times'
import type { Form, Signed } from './sign'
import type { Tried } from './try-request'

const t = presignMessages()
const texts = t.playground

/** What is wrong with each field, in words. */
export type Problems = Partial<Record<keyof Form, string>>

/** One string on the way to the signature. */
export interface StepView {
  name: string
  about: string
  value: string
  isSecret: boolean
}

/** The signed request, as it is shown and copied. */
export interface SignedView {
  url: string
  masked: string
  /** The headers of the carrier. */
  carried: string
  maskedCarried: string
  until: string
  authorization: string
  isSigned: boolean
  curl: string
  code: string
}

export interface ResultView {
  method: string
  status: string
  isSuccess: boolean
  /** It was refused, and has a signature to take apart. */
  canInspect: boolean
  facts: Fact[]
  text: string
  note: string
  failure: FailureView | null
  diff: DiffView | null
}

/** A key and what stands for it: long ones are told by their beginning. */
export function named(key: string): { key: string; shown: string } {
  const visible = key.replace(/\t/g, '\\t')
  return { key, shown: visible.length > 24 ? `${visible.slice(0, 10)}…` : visible }
}

/** What is wrong with the fields before anything is signed. */
export function problemsOf({ Key, Query, Headers, Expires }: Form): Problems {
  const problem = Key === '' ? undefined : keyProblem(Key) // empty: the bucket itself
  const query = readQuery(Query)
  const header = readHeaders(Headers).wrongLine
  const problems: Problems = {}
  if (problem) problems.Key = t.key[problem]
  if ('sign' in query.fields) problems.Query = texts.signInQuery
  if (query.wrongLine !== undefined) {
    problems.Query = fill(texts.wrongQuery, { line: query.wrongLine })
  }
  if (header !== undefined) problems.Headers = fill(texts.wrongHeader, { line: header })
  if (Expires !== '' && !/^0*[1-9]\d*$/.test(Expires)) {
    problems.Expires = fill(texts.problems.Expires, { reason: Expires })
  }
  return problems
}

/** A TypeError of the signer, as the problem of the field that it names. */
export function problemOf(error: unknown): Problems | undefined {
  if (!(error instanceof TypeError)) return undefined
  const name = /^[A-Z]\w+/.exec(error.message)?.[0] ?? ''
  const words = new Map(Object.entries(texts.problems)).get(name)
  return words === undefined ? undefined : { [name]: fill(words, { reason: error.message }) }
}

export function sourceText(byServer: boolean): string {
  if (byServer) return texts.byServer
  return signingSource() === 'permanent-key' ? texts.byPermanentKey : texts.byTemporaryKey
}

export function signedView({ url, explanation }: Signed, request: ReadyRequest): SignedView {
  const { headers } = request
  const carried = Object.fromEntries(
    Object.entries(headers).filter(([name]) =>
      /^(authorization|x-cos-security-token)$/i.test(name),
    ),
  )
  const end = Number(explanation?.KeyTime.split(';')[1])
  return {
    url: request.url,
    masked: maskSigned(request.url),
    carried: headerLines(carried),
    maskedCarried: maskSigned(headerLines(carried)),
    until: explanation ? fill(texts.until, { time: dateTime(end) }) : texts.unsigned,
    authorization: explanation ? authorizationOf(url) : '',
    isSigned: explanation !== undefined,
    curl: toCurl(request),
    code: toWxCode(request),
  }
}

export function stepsOf({ explanation }: Signed): StepView[] {
  if (!explanation) return []
  const { KeyTime, SignKey, HttpString, StringToSign, GivenSignature } = explanation
  const values = { KeyTime, SignKey, HttpString, StringToSign, Signature: GivenSignature }
  return Object.entries(values)
    .filter((step): step is [string, string] => step[1] !== undefined)
    .map(([name, value]) => ({
      name,
      about: texts.stepTexts[name as keyof typeof texts.stepTexts],
      value,
      isSecret: name === 'SignKey' || name === 'Signature',
    }))
}

/** What is signed, without what carries the signature. */
export function signedParts({ explanation }: Signed): Fact[] {
  const { SignedParams = [], SignedHeaders = [] } = explanation ?? {}
  return [...SignedParams, ...SignedHeaders].map(({ name, value }) => ({
    label: name,
    value: value || texts.emptyValue,
  }))
}

export function resultOf(tried: Tried, { method, explanation }: Signed): ResultView {
  const { statusCode, headers, body, text, size, failure } = tried
  const answer = failure && readAnswer(body)
  const note = body === '' ? texts.noBody : fill(texts.binary, { size })
  return {
    method: fill(texts.sent, { method }),
    status: String(statusCode),
    isSuccess: !failure,
    canInspect: failure !== undefined && explanation !== undefined,
    facts: headers.map(([label, value]) => ({ label, value })),
    text,
    note: text ? '' : note,
    failure: failure ? refusalView(failure, explanation !== undefined) : null,
    diff: (answer && explanation && comparisonView(answer, explanation, t)) ?? null,
  }
}

/** The comparison stands below, so there is no link to it. */
function refusalView(failure: Failure, isSigned: boolean): FailureView {
  const view = failureView({ ...failure, answer: undefined }, t)
  return isSigned || failure.code !== 'ACCESS_DENIED' ? view : { ...view, ...texts.notSigned }
}

export function failedResult(error: unknown, method: string): ResultView {
  return {
    method: fill(texts.sent, { method }),
    status: '',
    isSuccess: false,
    canInspect: false,
    facts: [],
    text: '',
    note: '',
    failure: failureView(error, t),
    diff: null,
  }
}
