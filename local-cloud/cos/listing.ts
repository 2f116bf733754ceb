import { urlEncodePath } from './encode'
import { CosError } from './errors'
import { queryValue, type CosRequest } from './request'
import type { Element } from './xml'

const MAX_ENTRIES = 1000

/** One page of a listing. */
export interface Page<T> {
  entries: readonly T[]
  /** Each stands for all keys that start with it. */
  commonPrefixes: readonly string[]
  /** The last key or common prefix of the page, if there are more. */
  next?: string
}

export interface PageOptions {
  prefix: string
  /** Empty for none. */
  delimiter: string
  /** Where the page before ended: a common prefix is not listed again. */
  marker: string
  /** Entries and common prefixes together. */
  max: number
}

/**
 * Takes one page from `sorted`, which holds only what starts with `prefix` and comes after `marker`. Keys that
 * agree up to the first `delimiter` after `prefix` become one common prefix.
 */
export function paginate<T extends { key: string }>(
  sorted: Iterable<T>,
  { prefix, delimiter, marker, max }: PageOptions,
): Page<T> {
  const entries: T[] = []
  const commonPrefixes: string[] = []
  let last = marker
  for (const entry of sorted) {
    const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length)
    const common = end < 0 ? undefined : entry.key.slice(0, end + delimiter.length)
    if (common !== undefined && common === last) continue
    if (entries.length + commonPrefixes.length === max) {
      return { entries, commonPrefixes, ...(max > 0 && { next: last }) }
    }
    if (common === undefined) entries.push(entry)
    else commonPrefixes.push(common)
    last = common ?? entry.key
  }
  return { entries, commonPrefixes }
}

/**
 * Reads `max-keys` and its like: 0 or more, 1000 if missing, never more than that.
 *
 * @throws CosError `InvalidArgument`
 */
export function countParameter(request: CosRequest, name: string): number {
  return Math.min(wholeNumberParameter(request, name) ?? MAX_ENTRIES, MAX_ENTRIES)
}

/**
 * Reads a parameter that is a whole number.
 *
 * @throws CosError `InvalidArgument`
 */
export function wholeNumberParameter(request: CosRequest, name: string): number | undefined {
  const text = queryValue(request, name)
  if (!text) return undefined
  if (!/^\d{1,9}$/.test(text)) {
    throw new CosError('InvalidArgument', { message: `${name} must be a whole number.` })
  }
  return Number(text)
}

/** How keys are written in an answer: as they are, or with `encoding-type=url` percent-encoded. */
export interface KeyEncoding {
  encode(key: string): string
  /** The `EncodingType` element, only when it was asked for. */
  element?: Element
}

/**
 * Reads `encoding-type`.
 *
 * @throws CosError `InvalidArgument`
 */
export function keyEncoding(request: CosRequest): KeyEncoding {
  const type = queryValue(request, 'encoding-type')
  if (!type) return { encode: (key) => key }
  if (type !== 'url') {
    throw new CosError('InvalidArgument', { message: 'encoding-type can only be url.' })
  }
  return { encode: urlEncodePath, element: ['EncodingType', type] }
}

export function commonPrefixElements<T>(page: Page<T>, { encode }: KeyEncoding): Element[] {
  return page.commonPrefixes.map((prefix) => ['CommonPrefixes', [['Prefix', encode(prefix)]]])
}
