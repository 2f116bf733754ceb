/** Where two HttpStrings differ: each has a line of its own. */
export const LINES = ['method', 'path', 'params', 'headers'] as const
export type LineName = (typeof LINES)[number]

/** What most likely went wrong. What a person reads about each is in `i18n/`. */
export type Cause =
  | 'METHOD'
  | 'PATH_ENCODED_TWICE'
  | 'PATH_PLUS'
  | 'PATH_SLASH'
  | 'PATH_CASE'
  | 'PATH'
  | 'PARAM_NOT_SENT'
  | 'PARAM_ENCODED_TWICE'
  | 'PARAM_PLUS'
  | 'PARAM_VALUE'
  | 'PARAM_LIST'
  | 'PARAM_ORDER'
  | 'HOST_PORT'
  | 'HOST'
  | 'TYPE_EXTENDED'
  | 'TYPE_CHANGED'
  | 'HEADER_NOT_SENT'
  | 'HEADER_NOT_KNOWN'
  | 'HEADER_CASE'
  | 'HEADER_VALUE'
  | 'HEADER_LIST'
  | 'HEADER_ORDER'
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

export interface Comparison {
  lines: ComparedLine[]
  /** The first line that differs, and why; undefined where the two are equal. */
  first:
    | {
        /** Counted from 0. */
        line: number
        cause: Cause
        /** The parameter or header, as the list names it. */
        field: string
        theirs: string
        ours: string
      }
    | undefined
}

/**
 * Holds the FormatString of a 403 against the HttpString that was signed.
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
  const line = lines.findIndex(({ at }) => at >= 0)
  if (line < 0) {
    const first = { line: 3, cause: 'END', field: '', theirs: '', ours: '' } as const
    return { lines, first: theirs === ours ? undefined : first }
  }
  return { lines, first: { line, ...causeOf(lines[line]!, unknown) } }
}

type Reason = Omit<NonNullable<Comparison['first']>, 'line'>

function causeOf({ name, theirs, ours }: ComparedLine, unknown: readonly string[]): Reason {
  switch (name) {
    case 'method':
      return { cause: 'METHOD', field: '', theirs, ours }
    case 'path':
      return { cause: pathCause(theirs, ours), field: '', theirs, ours }
    default:
      return fieldCause(name, theirs, ours, unknown)
  }
}

function pathCause(theirs: string, ours: string): Cause {
  if (decoded(theirs) === ours || decoded(ours) === theirs) return 'PATH_ENCODED_TWICE'
  if (theirs.replace(/\+/g, ' ') === ours.replace(/\+/g, ' ')) return 'PATH_PLUS'
  if (trimmed(theirs) === trimmed(ours)) return 'PATH_SLASH'
  return theirs.toLowerCase() === ours.toLowerCase() ? 'PATH_CASE' : 'PATH'
}

/** Parameters or headers: the first that is another one, or has another value. */
function fieldCause(
  kind: 'params' | 'headers',
  theirs: string,
  ours: string,
  unknown: readonly string[],
): Reason {
  const [their, our] = [fieldsOf(theirs), fieldsOf(ours)]
  const isParams = kind === 'params'
  const names = new Set([...their.keys(), ...our.keys()])
  const single = [...names].find((name) => !their.has(name) || !our.has(name))
  if (single !== undefined) {
    const cause = isParams ? 'PARAM_LIST' : 'HEADER_LIST'
    return { cause, field: single, ...values(their, our, single) }
  }
  const differing = [...names].filter((name) => their.get(name) !== our.get(name))
  const field = differing.find((name) => isParams || !unknown.includes(name)) ?? differing[0]
  if (field === undefined) {
    return { cause: isParams ? 'PARAM_ORDER' : 'HEADER_ORDER', field: '', theirs, ours }
  }
  const both = values(their, our, field)
  const cause = isParams
    ? paramCause(both.theirs, both.ours)
    : headerCause(field, both.theirs, both.ours, unknown)
  return { cause, field, theirs: decoded(both.theirs), ours: decoded(both.ours) }
}

function paramCause(theirs: string, ours: string): Cause {
  if (theirs === '') return 'PARAM_NOT_SENT'
  if (decoded(theirs) === ours || decoded(ours) === theirs) return 'PARAM_ENCODED_TWICE'
  const isPlus = theirs.replace(/%2B/g, '%20') === ours.replace(/%2B/g, '%20')
  return isPlus ? 'PARAM_PLUS' : 'PARAM_VALUE'
}

function headerCause(
  field: string,
  theirs: string,
  ours: string,
  unknown: readonly string[],
): Cause {
  if (unknown.includes(field)) return 'HEADER_NOT_KNOWN'
  if (field === 'host') return withoutPort(theirs) === withoutPort(ours) ? 'HOST_PORT' : 'HOST'
  if (theirs === '') return 'HEADER_NOT_SENT'
  if (field === 'content-type') {
    return theirs.startsWith(`${ours}%3B`) ? 'TYPE_EXTENDED' : 'TYPE_CHANGED'
  }
  return theirs.toLowerCase() === ours.toLowerCase() ? 'HEADER_CASE' : 'HEADER_VALUE'
}

function values(their: Map<string, string>, our: Map<string, string>, field: string) {
  return { theirs: their.get(field) ?? '', ours: our.get(field) ?? '' }
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
    return { at, ourAt: at }
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
function decoded(text: string): string {
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
  return host.replace(/(:|%3A)\d+$/, '')
}
