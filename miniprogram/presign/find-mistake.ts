import { signature, signKey, stringToSign } from '../cos/authorization'
import { base64, urlEncode } from '../cos/encode'
import { hmacSha1 } from '../cos/sha1'
import { decoded } from './compare-format-string'

/** What a signer got wrong. The local cloud has the same names: a test holds them equal. */
export type Mistake =
  | 'method'
  | 'raw-plus'
  | 'path'
  | 'list-encoded-once'
  | 'parameter'
  | 'host'
  | 'content-type'
  | 'header'
  | 'computation'

/** A request as COS received it, and the signature that it carries. */
export interface SignedRequest {
  /** Lower-case. */
  method: string
  /** Decoded. */
  pathname: string
  /** As the URL spells it. */
  rawPath: string
  /** Decoded, all of the URL but those of the signature. */
  params: [name: string, value: string][]
  headers: [name: string, value: string][]
  /** As the lists name them. */
  paramList: string[]
  headerList: string[]
  signTime: string
  keyTime: string
  signature: string
}

/** One part of the HttpString as a signer may have got it wrong. */
interface Variant {
  text: string
  mistake: Mistake
}

/** What was signed. */
export interface FoundMistake {
  mistake: Mistake | 'none'
  httpString: string
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

/** Parts of the HttpString that are got wrong together: path, parameters and headers. */
const PAIRS = [
  [1, 2],
  [1, 3],
  [2, 3],
] as const

/**
 * Signs what signers are known to sign by mistake, one or two mistakes at once, and finds the one
 * that gives the signature. Undefined: not with this SecretKey, or another mistake.
 */
export function findMistake(request: SignedRequest, secretKey: string): FoundMistake | undefined {
  const key = signKey(secretKey, request.keyTime)
  const signed = (httpString: string) => signature(key, stringToSign(request.signTime, httpString))
  const own = [
    request.method,
    request.pathname,
    pairs(request.paramList, request.params),
    pairs(request.headerList, request.headers),
  ]
  const right = `${own.join('\n')}\n`
  if (signed(right) === request.signature) return { mistake: 'none', httpString: right }
  const candidates = combine(own, [
    methodVariants(),
    pathVariants(request),
    parameterVariants(request),
    headerVariants(request),
  ])
  for (const { parts, mistake } of candidates) {
    const httpString = `${parts.join('\n')}\n`
    if (signed(httpString) === request.signature) return { mistake, httpString }
  }
  return isMiscomputed(right, request, key)
    ? { mistake: 'computation', httpString: right }
    : undefined
}

/** Each variant alone, then two of different parts. */
function combine(own: string[], all: Variant[][]): { parts: string[]; mistake: Mistake }[] {
  const choices = all.map((variants, part) => variants.filter(({ text }) => text !== own[part]))
  const withPart = (parts: string[], part: number, text: string) =>
    parts.map((other, i) => (i === part ? text : other))
  const single = choices.flatMap((variants, part) =>
    variants.map(({ text, mistake }) => ({ parts: withPart(own, part, text), mistake })),
  )
  const double = PAIRS.flatMap(([one, other]) =>
    choices[one]!.flatMap((first) =>
      choices[other]!.map((second) => ({
        parts: withPart(withPart(own, one, first.text), other, second.text),
        mistake: first.mistake,
      })),
    ),
  )
  return [...single, ...double]
}

function methodVariants(): Variant[] {
  return ['get', 'put', 'post', 'head', 'delete', 'GET', 'PUT', 'POST', 'HEAD', 'DELETE'].map(
    (text) => ({ text, mistake: 'method' }),
  )
}

function pathVariants({ pathname, rawPath, headers }: SignedRequest): Variant[] {
  const withPlus = decoded(rawPath)
  const isReceived = [withPlus, decoded(rawPath.replace(/\+/g, ' '))].includes(pathname)
  // Where COS received another path, the URL was changed on its way: the signer made no mistake.
  if (!isReceived) return []
  const bucket = valueOf(headers, 'host').split('.')[0]!
  return [
    { text: withPlus, mistake: 'raw-plus' },
    { text: rawPath, mistake: 'path' },
    { text: pathname.slice(1), mistake: 'path' },
    { text: `/${bucket}${pathname}`, mistake: 'path' },
  ]
}

function parameterVariants({ params, paramList }: SignedRequest): Variant[] {
  const sent = params.map(([name]) => encodedName(name))
  const withoutToken = sent.filter((name) => name !== 'x-cos-security-token')
  return [
    { text: pairs(paramList.map(encodedName), params), mistake: 'list-encoded-once' },
    { text: pairs(sorted(withoutToken), params), mistake: 'parameter' },
    { text: pairs(sorted(sent), params), mistake: 'parameter' },
    { text: '', mistake: 'parameter' },
  ]
}

function headerVariants({ headers, headerList }: SignedRequest): Variant[] {
  const host = valueOf(headers, 'host')
  const type = valueOf(headers, 'content-type')
  const endpoint = host.replace(/^[^.]*\./, '')
  const hosts = [endpoint, host.replace(/:\d+$/, ''), host.replace(/^[\w.]+/, 'localhost')]
  const types = [type.split(';')[0]!.trim(), ...CONTENT_TYPES]
  const other = (name: 'host' | 'content-type', values: string[]) =>
    headerList.includes(name)
      ? values.map((value): Variant => {
          const others = headers.filter(([one]) => one.toLowerCase() !== name)
          return { text: pairs(headerList, [...others, [name, value]]), mistake: name }
        })
      : []
  const without = (name: string) => headerList.filter((one) => one !== name)
  return [
    ...other('host', hosts),
    ...other('content-type', types),
    ...headerList.map((name): Variant => ({
      text: pairs(without(name), headers),
      mistake: mistakeOf(name),
    })),
    ...['content-type', 'host', 'content-length'].map((name): Variant => ({
      text: pairs(sorted([...without(name), name]), headers),
      mistake: mistakeOf(name),
    })),
    { text: '', mistake: 'header' },
  ]
}

/** Mistakes in the steps after the HttpString. */
function isMiscomputed(
  httpString: string,
  { signTime, signature: given }: SignedRequest,
  key: string,
): boolean {
  const text = stringToSign(signTime, httpString)
  const right = signature(key, text)
  return [
    right.toUpperCase(),
    base64(bytesOf(right)),
    signature(key, stringToSign(signTime, httpString.slice(0, -1))),
    signature(key, text.slice(0, -1)),
    hmacSha1(bytesOf(key))(text), // the SignKey as bytes instead of hex
  ].includes(given)
}

/** Hex -> byte string. */
function bytesOf(hex: string): string {
  return hex.replace(/../g, (byte) => String.fromCharCode(parseInt(byte, 16)))
}

/** `a=1&b=2`, of what a list names. */
function pairs(list: string[], fields: [name: string, value: string][]): string {
  const encoded = fields.map(([name, value]) => [encodedName(name), urlEncode(value, 'value')])
  return list.map((name) => `${name}=${encoded.find(([one]) => one === name)?.[1] ?? ''}`).join('&')
}

function encodedName(name: string): string {
  return urlEncode(name, 'name').toLowerCase()
}

function sorted(names: string[]): string[] {
  const copy = [...names]
  copy.sort()
  return copy
}

function valueOf(fields: [name: string, value: string][], wanted: string): string {
  return fields.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
}

function mistakeOf(header: string): Mistake {
  return header === 'host' || header === 'content-type' ? header : 'header'
}
