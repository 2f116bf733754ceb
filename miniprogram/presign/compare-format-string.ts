/** Where two HttpStrings differ: each has a line of its own. */
const LINES = ['method', 'path', 'params', 'headers'] as const
export type LineName = (typeof LINES)[number]

/** What most likely went wrong. What a person reads about each is in `i18n/`. */
export type Cause =
  | 'METHOD'
  | 'ENCODED_TWICE'
  | 'PLUS'
  | 'CASE'
  | 'VALUE'
  | 'NOT_SENT'
  | 'LIST'
  | 'ORDER'
  | 'PATH_SLASH'
  | 'PATH_BUCKET'
  | 'PATH_CUT'
  | 'PATH'
  | 'HOST_PORT'
  | 'HOST'
  | 'TYPE_EXTENDED'
  | 'TYPE_CHANGED'
  | 'NOT_KNOWN'
  | 'END'

export interface ComparedLine {
  name: LineName
  theirs: string
  ours: string
  /** Where theirs begins to differ, counted from 0; -1 where it does not. */
  at: number
  /** The same place in ours: another one where a header of unknown value stands before it. */
  ourAt: number
}

export interface Difference {
  /** Counted from 0. */
  line: number
  cause: Cause
  /** The parameter or header, as the list names it; empty where it is none. */
  field: string
  /** Decoded. */
  theirs: string
  ours: string
}

export interface Comparison {
  lines: ComparedLine[]
  /** In the order of the lines. Values that are not known come last. */
  differences: Difference[]
  /** The first of them; undefined where the two are equal. */
  first: Difference | undefined
}

/**
 * Compares the FormatString of a 403 with the HttpString that was signed.
 * @param theirs of COS: the request as it arrived
 * @param ours of the signer: the request as it was signed
 * @param unknown signed headers of which only the name is known, so that `ours` has no value
 */
export function compareFormatString(
  theirs: string,
  ours: string,
  unknown: readonly string[] = [],
): Comparison {
  const [theirLines, ourLines] = [theirs.split('\n'), ours.split('\n')]
  const lines = LINES.map((name, i): ComparedLine => {
    const [their = '', our = ''] = [theirLines[i], ourLines[i]]
    const places = placesOf(their, our, name === 'headers' ? unknown : [])
    return { name, theirs: their, ours: our, ...places }
  })
  const found = lines.flatMap((compared, line) =>
    compared.at < 0 ? [] : reasonsOf(compared, unknown).map((reason) => ({ line, ...reason })),
  )
  const isEndDifferent = found.length === 0 && theirs !== ours
  if (isEndDifferent) found.push({ line: 3, cause: 'END', field: '', theirs: '', ours: '' })
  const isKnown = ({ cause }: Difference) => cause !== 'NOT_KNOWN'
  const differences = [...found.filter(isKnown), ...found.filter((one) => !isKnown(one))]
  return { lines, differences, first: differences[0] }
}

type Reason = Omit<Difference, 'line'>

function reasonsOf({ name, theirs, ours }: ComparedLine, unknown: readonly string[]): Reason[] {
  const whole = { field: '', theirs, ours }
  if (name === 'method') return [{ cause: 'METHOD', ...whole }]
  if (name === 'path') return [{ cause: pathCause(theirs, ours), ...whole }]
  const isHeaders = name === 'headers'
  const reasons = fieldReasons(theirs, ours, isHeaders, isHeaders ? unknown : [])
  return reasons.length > 0 ? reasons : [{ cause: 'ORDER', ...whole }]
}

/** Each parameter or header that is on one side only, or has another value. */
function fieldReasons(
  theirs: string,
  ours: string,
  isHeaders: boolean,
  unknown: readonly string[],
): Reason[] {
  const [their, our] = [fieldsOf(theirs), fieldsOf(ours)]
  const names = [...new Set([...their.keys(), ...our.keys()])]
  return names
    .filter(
      (field) =>
        their.get(field) !== our.get(field) || (unknown.includes(field) && !their.get(field)),
    )
    .map((field): Reason => {
      const [received, signed] = [their.get(field), our.get(field)]
      const found = { field, theirs: decoded(received ?? ''), ours: decoded(signed ?? '') }
      // COS may print a signed header that was not sent as an empty one, or not at all.
      const isAbsent = isHeaders ? !received : received === ''
      if (signed === undefined || (received === undefined && !isHeaders)) {
        return { cause: 'LIST', ...found }
      }
      if (isAbsent && (signed !== '' || unknown.includes(field) || received === undefined)) {
        return { cause: 'NOT_SENT', ...found }
      }
      if (unknown.includes(field)) return { cause: 'NOT_KNOWN', ...found }
      const cause = isHeaders ? headerCause(found) : valueCause(found.theirs, found.ours)
      return { cause, ...found }
    })
}

function pathCause(theirs: string, ours: string): Cause {
  const cause = valueCause(theirs, ours)
  if (cause !== 'VALUE') return cause
  if (trimmed(theirs) === trimmed(ours)) return 'PATH_SLASH'
  const withoutBucket = (path: string) => path.replace(/^\/[^/]*-\d{6,}(?=\/|$)/, '') || '/'
  if (withoutBucket(theirs) === ours || withoutBucket(ours) === theirs) return 'PATH_BUCKET'
  return /^[?#]/.test(ours.slice(theirs.length)) && ours.startsWith(theirs) ? 'PATH_CUT' : 'PATH'
}

function headerCause({ field, theirs, ours }: Omit<Reason, 'cause'>): Cause {
  if (theirs.toLowerCase() === ours.toLowerCase()) return 'CASE'
  if (field === 'host') return withoutPort(theirs) === withoutPort(ours) ? 'HOST_PORT' : 'HOST'
  if (field !== 'content-type') return 'VALUE'
  return theirs.startsWith(`${ours};`) ? 'TYPE_EXTENDED' : 'TYPE_CHANGED'
}

function valueCause(theirs: string, ours: string): Cause {
  if (theirs === '') return 'NOT_SENT'
  if (decoded(theirs) === ours || decoded(ours) === theirs) return 'ENCODED_TWICE'
  if (theirs.replace(/\+/g, ' ') === ours.replace(/\+/g, ' ')) return 'PLUS'
  return theirs.toLowerCase() === ours.toLowerCase() ? 'CASE' : 'VALUE'
}

/** `a=1&b=2` */
function fieldsOf(line: string): Map<string, string> {
  const pairs = line.split('&').filter(Boolean)
  return new Map(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name, value.join('=')]
    }),
  )
}

/** Where both begin to differ. What is unknown counts only where all else is equal. */
function placesOf(theirs: string, ours: string, unknown: readonly string[]) {
  const pairs = theirs.split('&')
  const known = pairs.map((pair) => {
    const [name = ''] = pair.split('=')
    return unknown.includes(name) ? `${name}=` : pair
  })
  const ourAt = firstDifference(known.join('&'), ours)
  if (ourAt < 0) {
    const at = firstDifference(theirs, ours)
    if (at >= 0) return { at, ourAt: at }
    // Equal, but a signed header of unknown value arrived empty: it was not sent.
    const missing = pairs.findIndex((pair) => unknown.includes(pair.replace(/=$/, '')))
    const end = pairs.slice(0, missing + 1).join('&').length
    return missing < 0 ? { at, ourAt: at } : { at: end, ourAt: end }
  }
  // Theirs is longer by what was left out of the pairs before that place.
  const before = known.join('&').slice(0, ourAt).split('&')
  const leftOut = before.map((pair, i) => (pair === known[i] ? pairs[i]!.length - pair.length : 0))
  return { at: leftOut.reduce((sum, length) => sum + length, ourAt), ourAt }
}

function firstDifference(a: string, b: string): number {
  if (a === b) return -1
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

/** Decoded once; as it stands where it is not encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}
