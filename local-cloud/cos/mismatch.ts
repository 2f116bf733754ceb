import { createHash, createHmac } from 'node:crypto'
import { masked } from '../masked'
import type { Mismatch, Mistake, SignedText } from '../request-outcome'
import { urlDecode, urlEncode } from './encode'
import type { Exchange } from './exchange'
import { rawPathOf, resourceOf, type CosRequest, type Pair } from './request'
import {
  equalInConstantTime,
  namesOf,
  sign,
  signedText,
  signText,
  type RequestSignature,
} from './signature'

/** One part of the HttpString as a client may have got it wrong. */
interface Variant {
  text: string
  mistake: Mistake
  /** What the client did, and what to do instead. */
  reason: string
}

export interface Explanation {
  reason: string
  mismatch: Mismatch
}

/** What HTTP libraries set on their own, and what is uploaded most. */
const CONTENT_TYPES = [
  '',
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'text/plain',
  'text/plain;charset=UTF-8',
  'multipart/form-data',
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'application/pdf',
]

/** Of so many listed headers it is tried that one was not signed. */
const MAX_DROPPED = 16

/**
 * Finds out what a client signed when its signature does not match: signs what other clients are known to
 * sign by mistake, one or two mistakes at once, and looks which of it gives the signature that was sent.
 * It explains only: the request stays refused.
 */
export function explainMismatch(
  exchange: Pick<Exchange, 'request' | 'bucket' | 'region'>,
  given: RequestSignature,
  secretKey: string,
): Explanation {
  const { request } = exchange
  const own = [
    request.method.toLowerCase(),
    request.path,
    signedText(given.urlParamList, request.query),
    signedText(given.headerList, request.headers),
  ]
  const httpStringOf = (parts: readonly string[]) => `${parts.join('\n')}\n`
  const server = shown(sign(httpStringOf(own), given, secretKey))
  for (const variants of candidates(own, [
    methodVariants(request),
    pathVariants(exchange),
    parameterVariants(request, given),
    headerVariants(exchange, given),
  ])) {
    const parts = own.map((text, part) => variants.get(part)?.text ?? text)
    const signed = sign(httpStringOf(parts), given, secretKey)
    if (!equalInConstantTime(signed.signature, given.signature)) continue
    const [first] = variants.values()
    const reason = Array.from(variants.values(), (variant) => variant.reason).join('; and ')
    const client = shown(signed)
    const difference = firstDifference(server.httpString, client.httpString)
    return {
      reason,
      mismatch: { mistake: first?.mistake ?? 'computation', server, client, difference },
    }
  }
  const { mistake, reason } =
    computationMistake(httpStringOf(own), given, secretKey) ?? guess(request, given)
  return { reason, mismatch: { mistake, server } }
}

/** Parts that are got wrong together: path, parameters and headers. */
const PAIRS = [
  [1, 2],
  [1, 3],
  [2, 3],
] as const

/** Each variant alone, then two of different parts; the keys are indexes of parts. */
function* candidates(
  own: readonly string[],
  all: readonly Variant[][],
): Generator<ReadonlyMap<number, Variant>> {
  const choices = all.map((variants, part) => {
    const seen = new Set([own[part]])
    return variants.filter(({ text }) => !seen.has(text) && seen.add(text))
  })
  for (const [part, variants] of choices.entries()) {
    for (const variant of variants) yield new Map([[part, variant]])
  }
  for (const [one, other] of PAIRS) {
    for (const first of choices[one] ?? []) {
      for (const second of choices[other] ?? []) {
        yield new Map([
          [one, first],
          [other, second],
        ])
      }
    }
  }
}

function methodVariants({ method }: CosRequest): Variant[] {
  return [method, 'get', 'put', 'post', 'head', 'delete'].map((text) => ({
    text,
    mistake: 'method',
    reason: `the method was signed as "${text}", the request is a "${method.toLowerCase()}"`,
  }))
}

function pathVariants({ request, bucket }: Pick<Exchange, 'request' | 'bucket'>): Variant[] {
  const { path, message } = request
  const encoded = 'the path was signed as it is encoded in the URL: sign the decoded path'
  return [
    { text: resourceOf(message), mistake: 'raw-plus', reason: RAW_PLUS },
    { text: rawPathOf(message), mistake: 'path', reason: encoded },
    { text: path.slice(1), mistake: 'path', reason: 'the path was signed without its leading "/"' },
    {
      text: `/${bucket}${path}`,
      mistake: 'path',
      reason: 'the path was signed with the bucket in it: the bucket belongs to the host',
    },
  ]
}

function parameterVariants({ query }: CosRequest, given: RequestSignature): Variant[] {
  const listed = namesOf(given.urlParamList)
  const variant = (names: string[], mistake: Mistake, reason: string): Variant => ({
    text: signedText(names.join(';'), query),
    mistake,
    reason,
  })
  const sent = query
    .map(([name]) => urlEncode(name).toLowerCase())
    .filter((name) => name !== 'sign' && !name.startsWith('q-'))
  const withoutToken = sent.filter((name) => name !== 'x-cos-security-token')
  const unlisted = (names: string[]) => {
    const missing = names.filter((name) => !listed.includes(name)).join(', ')
    return `parameters were signed that q-url-param-list does not name: ${missing}`
  }
  return [
    variant(
      listed.map((name) => urlEncode(name).toLowerCase()),
      'list-encoded-once',
      encodedOnce(listed),
    ),
    variant(withoutToken, 'parameter', unlisted(withoutToken)),
    variant(sent, 'parameter', unlisted(sent)),
    variant([], 'parameter', 'q-url-param-list names parameters that were not signed'),
  ]
}

function headerVariants(
  { request, bucket, region }: Pick<Exchange, 'request' | 'bucket' | 'region'>,
  { headerList }: RequestSignature,
): Variant[] {
  const { headers } = request
  const listed = namesOf(headerList)
  const host = valueOf(headers, 'host') ?? ''
  const port = /:\d+$/.exec(host)?.[0] ?? ''
  const endpoint = `cos.${region}.myqcloud.com`
  const hosts = [`${bucket}.${endpoint}`, endpoint, host.replace(port, ''), `localhost${port}`]
  const contentType = valueOf(headers, 'content-type') ?? ''
  const types = [contentType.split(';')[0]?.trim() ?? '', ...CONTENT_TYPES]
  return [
    ...otherValues(headers, listed, 'host', [...hosts, `127.0.0.1${port}`]),
    ...otherValues(headers, listed, 'content-type', types),
    ...listed.slice(0, MAX_DROPPED).map((name) => ({
      text: signedText(listed.filter((one) => one !== name).join(';'), headers),
      mistake: mistakeOf(name),
      reason: `q-header-list names ${name}, which was not signed`,
    })),
    ...['content-type', 'host', 'content-length'].map((name) => ({
      text: signedText([...listed.filter((one) => one !== name), name].join(';'), headers),
      mistake: mistakeOf(name),
      reason: `${name} was signed, but q-header-list does not name it`,
    })),
    { text: '', mistake: 'header', reason: 'q-header-list names headers that were not signed' },
  ]
}

/** The listed headers, with other values of one of them. */
function otherValues(
  headers: readonly Pair[],
  listed: string[],
  name: 'host' | 'content-type',
  values: string[],
): Variant[] {
  if (!listed.includes(name)) return []
  const others = headers.filter(([one]) => one.toLowerCase() !== name)
  const sent = valueOf(headers, name)
  const came = sent === undefined ? 'without one' : `with "${sent}"`
  const advice =
    name === 'host'
      ? 'send it to the host that was signed, through nothing that rewrites Host'
      : 'set it yourself, exactly as signed, or do not sign it'
  return values.map((value) => ({
    text: signedText(listed.join(';'), [...others, [name, value]]),
    mistake: name,
    reason: `the ${name} "${value}" was signed, the request came ${came}: ${advice}`,
  }))
}

/** Mistakes after the HttpString. */
function computationMistake(
  httpString: string,
  given: RequestSignature,
  secretKey: string,
): Pick<Variant, 'mistake' | 'reason'> | undefined {
  const { stringToSign, signature } = sign(httpString, given, secretKey)
  const signKey = createHmac('sha1', secretKey).update(given.keyTime).digest()
  const mistakes = [
    [signature.toUpperCase(), 'the signature must be in lower case'],
    [Buffer.from(signature, 'hex').toString('base64'), 'the signature must be hex, not base64'],
    [
      sign(httpString.slice(0, -1), given, secretKey).signature,
      'HttpString was signed without the line feed at its end',
    ],
    [
      signText(stringToSign.slice(0, -1), given.keyTime, secretKey),
      'StringToSign was signed without the line feed at its end',
    ],
    [
      createHmac('sha1', signKey).update(stringToSign).digest('hex'),
      'SignKey was used as bytes: it is its lower-case hex that signs',
    ],
  ] as const
  const found = mistakes.find(([candidate]) => equalInConstantTime(candidate, given.signature))
  return found && { mistake: 'computation', reason: found[1] }
}

/** What was signed in place of the SHA-1 of a POST form's policy. It explains only. */
export function explainPolicyMismatch(
  policy: string,
  given: string,
  keyTime: string,
  secretKey: string,
): { reason: string } {
  const text = Buffer.from(policy, 'base64').toString()
  const mistakes = [
    [sha1(policy), 'the base64 of the policy was signed: it is the policy itself that is signed'],
    [text, 'the policy was signed as it is: sign its hex SHA-1'],
    [policy, 'the base64 of the policy was signed: sign the hex SHA-1 of the policy'],
  ] as const
  const found = mistakes.find(([signed]) => {
    return equalInConstantTime(signText(signed, keyTime, secretKey), given)
  })
  return {
    reason: found?.[1] ?? 'q-signature is not that of this policy, q-key-time and SecretKey',
  }
}

/** Nothing that was tried gives the signature. */
function guess(
  request: CosRequest,
  { urlParamList, headerList }: RequestSignature,
): Pick<Variant, 'mistake' | 'reason'> {
  const listed = namesOf(urlParamList)
  if (listed.some(isUnencoded)) {
    return { mistake: 'list-encoded-once', reason: encodedOnce(listed) }
  }
  if (rawPathOf(request.message).includes('+')) return { mistake: 'raw-plus', reason: RAW_PLUS }
  if (hasMoreValues(urlParamList, request.query)) return { mistake: 'parameter', reason: REPEATED }
  if (hasMoreValues(headerList, request.headers)) return { mistake: 'header', reason: REPEATED }
  const absent = namesOf(headerList).find(
    (name) => valueOf(request.headers, urlDecode(name) ?? name) === undefined,
  )
  if (absent !== undefined) {
    return {
      mistake: mistakeOf(absent),
      reason: `q-header-list names ${absent}, which the request does not carry`,
    }
  }
  return {
    mistake: 'secret',
    reason:
      'no likely variant of this request gives the signature that was sent: most likely it was made with ' +
      'another SecretKey, or for another key, parameter or header value; compare FormatString in the ' +
      'answer with the HttpString that was signed',
  }
}

const RAW_PLUS = 'the path holds a raw "+", which COS reads as a space: send %2B'

const REPEATED = 'the request has more values of a signed name than its list names: send it once'

function hasMoreValues(list: string, pairs: readonly Pair[]): boolean {
  const names = namesOf(list)
  return names.length > 0 && signedText(list, pairs).split('&').length > names.length
}

function isUnencoded(name: string): boolean {
  return /[^a-z0-9%._~-]/.test(name)
}

function encodedOnce(listed: readonly string[]): string {
  return (
    `q-url-param-list names "${listed.find(isUnencoded)}", which is not an encoded lower-case name: ` +
    'the list is encoded text, so in a URL it must be encoded once more'
  )
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

function mistakeOf(header: string): Mistake {
  return header === 'host' || header === 'content-type' ? header : 'header'
}

function valueOf(headers: readonly Pair[], name: string): string | undefined {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1]
}

function shown({ httpString, stringToSign }: SignedText): SignedText {
  return { httpString: masked(httpString), stringToSign }
}

function firstDifference(a: string, b: string): number {
  let index = 0
  while (index < a.length && a[index] === b[index]) index++
  return index
}
