import type { Exchange } from './target'

export interface Difference {
  step: string
  request: string
  /** `status`, `code`, or the name of a header. */
  what: string
  real: string
  local: string
}

/** Headers whose values must be the same. */
const VALUES = [
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
  'content-type',
  'expires',
  'server',
  'x-cos-force-download',
  'x-cos-hash-crc64ecma',
  'x-cos-meta-note',
  'x-cos-server-side-encryption',
  'x-cos-storage-class',
  'x-cos-version-id',
]

/** Headers that only must be there, or not: their values are new each time. */
const PRESENCE = [
  'connection',
  'content-length',
  'date',
  'etag',
  'last-modified',
  'location',
  'transfer-encoding',
  'vary',
  'x-cos-request-id',
  'x-cos-trace-id',
]

/** Compares the answers to the same requests: those of the same name in the same step. */
export function differences(real: Exchange[], local: Exchange[]): Difference[] {
  const nameOf = ({ step, request }: Exchange) => JSON.stringify([step, request])
  const others = new Map(local.map((exchange) => [nameOf(exchange), exchange]))
  return real.flatMap((exchange) => {
    const other = others.get(nameOf(exchange))
    if (!other) return []
    const { step, request } = exchange
    const [one, two] = [facts(exchange), facts(other)]
    return Object.keys(one)
      .filter((what) => one[what] !== two[what])
      .map((what) => ({ step, request, what, real: one[what]!, local: two[what]! }))
  })
}

function facts({ answer: { status, code, headers } }: Exchange): Record<string, string> {
  return {
    status: String(status),
    code: code || '-',
    ...Object.fromEntries(VALUES.map((name) => [name, headers.get(name) ?? '-'])),
    ...Object.fromEntries(PRESENCE.map((name) => [name, headers.has(name) ? 'there' : '-'])),
  }
}

/** Columns of text. The same difference in many requests is one line. */
export function differenceTable(found: Difference[]): string {
  const groups = new Map<string, Difference[]>()
  for (const difference of found) {
    const { what, real, local } = difference
    const name = JSON.stringify([what, real, local])
    groups.set(name, [...(groups.get(name) ?? []), difference])
  }
  const rows = [...groups.values()].map(([first, ...more]) => {
    const { step, request, what, real, local } = first!
    const others = more.length > 0 ? ` and ${more.length} more` : ''
    return [what, real, local, `${step}: ${request}${others}`]
  })
  const lines = [['what', 'real', 'local', 'where'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .join('\n')
}
