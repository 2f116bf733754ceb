import type { IncomingMessage } from 'node:http'
import { urlDecode } from './encode'
import { CosError } from './errors'

export type Pair = readonly [name: string, value: string]

/** A request as COS sees it: taken from the raw request target, never from a re-serialized URL. */
export interface CosRequest {
  /** Upper case, as sent. */
  method: string
  /** The decoded path, starting with `/`. This is what is signed. */
  path: string
  /** The path without its leading `/`; empty for the bucket itself. */
  key: string
  /** Decoded, in request order. */
  query: readonly Pair[]
  /** In request order. */
  headers: readonly Pair[]
  /** The body and node's own view of the headers. */
  message: IncomingMessage
}

/** Node takes the first of several, and drops the others without a word. */
const SINGLE_HEADERS = [
  'authorization',
  'content-type',
  'expires',
  'host',
  'if-modified-since',
  'if-unmodified-since',
]

/**
 * Parses a request.
 *
 * A raw `+` in the path means a space: seen in real answers (PicGo#638). For the query the same is assumed.
 *
 * @throws CosError `InvalidURI` when the target is not percent-encoded UTF-8, `InvalidArgument` for two headers of a
 * name that can have one value only
 */
export function parseRequest(message: IncomingMessage): CosRequest {
  const [rawPath, rawQuery] = splitTarget(message.url ?? '/')
  const path = decode(rawPath)
  return {
    method: message.method ?? '',
    path,
    key: path.slice(1),
    query: parseQuery(rawQuery),
    headers: parseHeaders(message.rawHeaders),
    message,
  }
}

/** The path as it was sent. */
export function rawPathOf(message: IncomingMessage): string {
  return splitTarget(message.url ?? '/')[0]
}

/** The path for `<Resource>` and the log: decoded where that is possible, `+` as it was sent. */
export function resourceOf(message: IncomingMessage): string {
  const rawPath = rawPathOf(message)
  return urlDecode(rawPath) ?? rawPath
}

/** The value of the first parameter of this name. */
export function queryValue(request: CosRequest, name: string): string | undefined {
  return request.query.find(([key]) => key === name)?.[1]
}

/** The value of a header, `name` in lower case. `undefined` when it is missing or empty. */
export function headerValue(request: CosRequest, name: string): string | undefined {
  const value = request.message.headers[name]
  return (Array.isArray(value) ? value.join(', ') : value) || undefined
}

/** Splits a request target into path and query; drops the origin of an absolute one (RFC 9112, 3.2.2). */
function splitTarget(target: string): [path: string, query: string] {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = local.indexOf('?')
  const path = mark < 0 ? local : local.slice(0, mark)
  return [path.startsWith('/') ? path : `/${path}`, mark < 0 ? '' : local.slice(mark + 1)]
}

function parseQuery(text: string): Pair[] {
  return text
    .split('&')
    .filter(Boolean)
    .map((part) => {
      const equals = part.indexOf('=')
      return equals < 0
        ? [decode(part), '']
        : [decode(part.slice(0, equals)), decode(part.slice(equals + 1))]
    })
}

function decode(text: string): string {
  const decoded = urlDecode(text.replaceAll('+', ' '))
  if (decoded === undefined) {
    throw new CosError('InvalidURI', { reason: 'path and query must be percent-encoded UTF-8' })
  }
  return decoded
}

/** Pairs up node's flat list. Node reads header bytes as Latin-1; what was UTF-8 becomes text again. */
function parseHeaders(rawHeaders: readonly string[]): Pair[] {
  const pairs: Pair[] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    pairs.push([rawHeaders[i] ?? '', fromLatin1(rawHeaders[i + 1] ?? '')])
  }
  const names = pairs.map(([name]) => name.toLowerCase())
  const twice = SINGLE_HEADERS.find((name) => names.indexOf(name) !== names.lastIndexOf(name))
  if (twice !== undefined) {
    throw new CosError('InvalidArgument', { message: `The header ${twice} is given twice.` })
  }
  return pairs
}

function fromLatin1(value: string): string {
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? value : text
}
