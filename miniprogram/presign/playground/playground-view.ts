import type { Credentials } from '../../cos/index'
import { fill } from '../../i18n/index'
import { presignMessages } from '../i18n/index'
import { keyProblem } from '../../transfer/object-key'
import type { DetailRow } from '../../demo/describe'
import { carry, type Carrier } from '../carriers'
import { lacksType, toCurl, toWxCode } from '../copy-as'
import { headerLines, readHeaders, readQuery } from '../fields'
import { maskSigned } from '../mask'
import { signedParts } from '../parts'
import { dateTime } from '../times'
import { readyRequest, type Form, type Signed } from './sign'

const t = presignMessages()
const texts = t.playground

/** What is wrong with each field, in words. */
export type Problems = Partial<Record<keyof Form | keyof Credentials, string>>

/** What each step is made of, in the words of manual page 436/7778. */
const STEPS = {
  KeyTime: 'StartTimestamp;EndTimestamp',
  SignKey: 'HMAC-SHA1(SecretKey, KeyTime)',
  HttpString: 'HttpMethod\\nUriPathname\\nHttpParameters\\nHttpHeaders\\n',
  StringToSign: 'sha1\\nKeyTime\\nSHA1(HttpString)\\n',
  Signature: 'HMAC-SHA1(SignKey, StringToSign)',
}

/** One string on the way to the signature. */
interface StepView {
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
  copies: { label: string; text: string }[]
  /** Empty where nothing is signed, as are its parts. */
  steps: StepView[]
  parts: DetailRow[]
  /** The sender will set a Content-Type of its own. */
  lacksType: boolean
}

/** What is wrong with the fields before anything is signed. */
export function validateForm({ Key, Query, Headers, Expires }: Form): Problems {
  const problem = Key === '' ? undefined : keyProblem(Key) // empty: the bucket itself
  const query = readQuery(Query)
  const headers = headersProblem(Headers)
  const problems: Problems = {}
  if (problem) problems.Key = t.key[problem]
  if ('sign' in query.fields) problems.Query = texts.signInQuery
  if (query.wrongLine !== undefined) {
    problems.Query = fill(texts.wrongQuery, { line: query.wrongLine })
  }
  if (headers) problems.Headers = headers
  if (Expires !== '' && !/^0*[1-9]\d*$/.test(Expires)) {
    problems.Expires = texts.problems.Expires
  }
  return problems
}

/** What is wrong with headers that are to be sent, in words; empty when nothing is. */
export function headersProblem(text: string): string {
  const { fields, wrongLine } = readHeaders(text)
  if (wrongLine !== undefined) return fill(texts.wrongHeader, { line: wrongLine })
  const line = headerLines(fields)
    .split('\n')
    .find((one) => /[^ -~]/.test(one))
  return line === undefined ? '' : fill(texts.notAscii, { line })
}

/** A TypeError of the signer, as the problem of the field that it names. */
export function errorProblem(error: unknown, form: Form): Problems | undefined {
  if (!(error instanceof TypeError)) return undefined
  const name = /^[A-Z]\w+/.exec(error.message)?.[0] ?? ''
  if (!(name in form)) return undefined
  const words = new Map(Object.entries(texts.problems)).get(name) ?? texts.problem
  return { [name]: fill(words, { reason: error.message }) }
}

/**
 * @param sent the headers that are sent, as they are signed or otherwise
 * @param body of a PUT or POST
 */
export function signedView(
  signed: Signed,
  carrier: Carrier,
  sent: Record<string, string>,
  body: string,
): SignedView {
  const { url, explanation, expires = 0 } = signed
  const request = readyRequest(signed, carrier, signed.headers, body)
  const carried = headerLines(request.carried)
  const [start, end] = (explanation?.KeyTime ?? '0;0').split(';').map(Number) as [number, number]
  const until = end - start < expires ? texts.untilKeyEnds : texts.until
  const copies = [
    { label: 'URL', text: request.url },
    { label: 'Authorization', text: explanation ? headerLines(carry(url, 'header').headers) : '' },
    { label: 'curl', text: toCurl(request) },
    { label: 'wx.request', text: toWxCode(request) },
  ]
  return {
    url: request.url,
    masked: maskSigned(request.url),
    carried,
    maskedCarried: maskSigned(carried),
    until: explanation ? fill(until, { time: dateTime(end) }) : texts.unsigned,
    copies: copies.filter(({ text }) => text !== ''),
    ...describeSteps(signed),
    lacksType: lacksType({ headers: sent, body: request.body }),
  }
}

/** The steps, and what is signed. */
function describeSteps({ explanation }: Signed): Pick<SignedView, 'steps' | 'parts'> {
  if (!explanation) return { steps: [], parts: [] }
  const values = { ...explanation, Signature: explanation.GivenSignature }
  return {
    steps: (Object.keys(STEPS) as (keyof typeof STEPS)[]).flatMap((name) => {
      const value = values[name]
      if (value === undefined) return [] // the SignKey of a server is not known
      const isSecret = name.startsWith('Sign')
      return [{ name, about: STEPS[name], value: isSecret ? value : maskSigned(value), isSecret }]
    }),
    parts: signedParts(explanation, t),
  }
}
