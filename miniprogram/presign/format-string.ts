import { sha1 } from '../cos/sha1'
import { utf8 } from '../cos/encode'

/** What is known of a signature besides its 403. Names as the lists have them. */
export interface FormatStringHints {
  signedParams?: string[]
  signedHeaders?: string[]
  /** Decoded path of the signed URL. */
  pathname?: string
  /** Of the 403: its third line is the SHA-1 of the FormatString. */
  stringToSign?: string | undefined
}

/** A FormatString out of a paste. */
export interface RestoredFormatString {
  /** Four lines, each with a line feed at its end. */
  text: string
  /** Lines were rebuilt: copying had changed their white space. */
  isRestored: boolean
  /** The empty line of the parameters, or of the headers, was lost. */
  lacksBlankLine: boolean
  /** Whether its SHA-1 is that of the StringToSign; undefined without one. */
  isVerified: boolean | undefined
}

const METHOD = /^\s*(get|head|put|post|delete|options)(?=[\s/])\s*/i

/** `a=1&b=2`, encoded. */
const PAIRS = /^[\w.%~*-]+=[^\s=&]*(&[\w.%~*-]+=[^\s=&]*)*$/

/** Parameters that COS's signers list most. A lone line of others is one of headers. */
const PARAMETER =
  /^(acl|append|continuation-token|cors|delete|delimiter|encoding-type|imagemogr2.*|lifecycle|list-type|location|marker|max-(keys|parts|uploads)|part-?number(-marker)?|policy|prefix|response-.*|select.*|tagging|uploadid|uploads|versionid|versioning|versions)$/

/**
 * Rebuilds the four lines of a FormatString whose white space was changed in copying: spaces for
 * line feeds, blank lines lost or doubled, ends trimmed. Undefined if it has no method and path.
 */
export function restoreFormatString(
  pasted: string,
  hints: FormatStringHints = {},
): RestoredFormatString | undefined {
  const text = pasted.replace(/\r\n?/g, '\n')
  const all = candidates(text, hints)
  const best = all.reduce<Candidate | undefined>(
    (found, one) => (found && rate(found, text, hints) >= rate(one, text, hints) ? found : one),
    undefined,
  )
  if (!best) return undefined
  const restored = toText(best)
  const digest = digestOf(hints.stringToSign)
  return {
    text: restored,
    isRestored: restored !== text,
    lacksBlankLine:
      text.trim().split('\n').length === restored.trim().split('\n').length - 1 &&
      /\n\n/.test(restored.trim()) &&
      !/\n\s*\n/.test(text.trim()),
    isVerified: digest === undefined ? undefined : sha1Of(restored) === digest,
  }
}

type Candidate = [method: string, path: string, params: string, headers: string]

function candidates(text: string, hints: FormatStringHints): Candidate[] {
  const method = METHOD.exec(text)
  if (!method) return []
  const rest = text.slice(method[0].length)
  const found = [...byUnits(rest), ...byNames(rest, hints)]
  const lines = text.replace(/\n$/, '').split('\n')
  const whole = lines.length === 4 ? [lines as Candidate] : []
  return [...whole, ...found.flatMap((parts) => withOurPath(parts, hints))].map(
    (parts): Candidate => (parts.length === 4 ? parts : [method[1]!, ...parts]),
  )
}

type Tail = [path: string, params: string, headers: string]

/** The last units that look like pairs are the parameters and the headers. */
function byUnits(rest: string): Tail[] {
  // A path may hold spaces, but no line feed: where there are line feeds, they separate.
  const separator = rest.trim().includes('\n') ? /\s*\n\s*/ : /\s+/
  const units = rest.trim().split(separator)
  const path = (count: number) => pathOf(rest, units.slice(units.length - count))
  const isPairs = (unit = '') => PAIRS.test(unit)
  const [beforeLast = '', last = ''] = units.slice(-2)
  const found: Tail[] = [[path(0), '', '']]
  if (units.length > 1 && isPairs(last)) {
    found.push([path(1), '', last], [path(1), last, ''])
    if (units.length > 2 && isPairs(beforeLast)) found.push([path(2), beforeLast, last])
  }
  return found
}

/** What stands before the last units, its inner spaces as they are. */
function pathOf(rest: string, last: string[]): string {
  return last
    .reduceRight((text, unit) => text.slice(0, text.lastIndexOf(unit)), rest.trim())
    .trim()
    .replace(/\s*\n\s*/g, '')
}

/** Nothing is left between the parts: the lists of the signature tell where they begin. */
function byNames(rest: string, { signedParams, signedHeaders }: FormatStringHints): Tail[] {
  if (!signedParams || !signedHeaders) return []
  const pairs = (names: string[]) => names.map((name) => `${escape(name)}=[^&\\s]*?`).join('&')
  const pattern = `^(/[^\\n]*?)\\s*(${pairs(signedParams)})\\s*(${pairs(signedHeaders)})\\s*$`
  const found = new RegExp(pattern).exec(rest.trim())
  return found ? [[found[1]!.trim(), found[2]!, found[3]!]] : []
}

/** A path whose spaces were collapsed may be that of the URL. */
function withOurPath(tail: Tail, { pathname = '' }: FormatStringHints): Tail[] {
  const [path, params, headers] = tail
  const isOurs = path !== pathname && spaceless(path) === spaceless(pathname)
  return isOurs ? [tail, [pathname, params, headers]] : [tail]
}

/** How likely COS has written it. The SHA-1 proves it. */
function rate(candidate: Candidate, text: string, hints: FormatStringHints): number {
  const [, path, params, headers] = candidate
  const [paramNames, headerNames] = [namesOf(params), namesOf(headers)]
  const { signedParams, signedHeaders, stringToSign, pathname } = hints
  const restored = toText(candidate)
  let points = 0
  if (sha1Of(restored) === digestOf(stringToSign)) points += 100
  if (restored === text) points += 5
  if (path === pathname) points += 3
  if (path.includes('=') && /\s/.test(path)) points -= 2
  if (isSame(paramNames, signedParams)) points += 4
  if (isSame(headerNames, signedHeaders)) points += 4
  if (headerNames.includes('host')) points += 3
  if (paramNames.includes('host')) points -= 6
  if (paramNames.some((name) => PARAMETER.test(name))) points += 2
  if (headerNames.some((name) => PARAMETER.test(name))) points -= 2
  if (paramNames.length > 0 && !paramNames.some((name) => PARAMETER.test(name))) points -= 1
  if ([params, headers].some((line) => line !== '' && !PAIRS.test(line))) points -= 4
  return points
}

function isSame(names: string[], signed: string[] | undefined): boolean {
  return signed !== undefined && names.join(';') === signed.join(';')
}

function namesOf(line: string): string[] {
  return line
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.replace(/=.*/, ''))
}

function toText(candidate: Candidate): string {
  return `${candidate.join('\n')}\n`
}

function digestOf(stringToSign: string | undefined): string | undefined {
  return /\b[\da-f]{40}\b/.exec(stringToSign ?? '')?.[0]
}

/** Empty for a text that has no UTF-8 form: a copy may end within a character. */
function sha1Of(text: string): string {
  try {
    return sha1(utf8(text, 'FormatString'))
  } catch {
    return ''
  }
}

function spaceless(text: string): string {
  return text.replace(/\s+/g, '')
}

function escape(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
