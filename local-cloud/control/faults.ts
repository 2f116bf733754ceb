import { randomFrom } from './random-from'

export const FAULT_KINDS = [
  'expired',
  'skew',
  '403',
  '404',
  '503',
  'slow',
  'drop-before',
  'drop-during',
  'drop-after',
  'truncate',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** A fault for the next request, for the next `times`, or for a `share` of all. */
export interface FaultOrder {
  kind: FaultKind
  /** Default 1, without a share. */
  times?: number
  /** From 0 to 1; until the orders are cleared. */
  share?: number
  /** Of the share: the same seed picks the same requests of a sequence. Default: any. */
  seed?: number
  /** Only requests of this method, and whose decoded path starts like this. */
  match?: { method?: string; path?: string }
  /** For `slow`: milliseconds before the request is handled. Default 3000 where no rate is given. */
  delay?: number
  /** For `slow`: bytes of a body in one second, in both directions. */
  rate?: number
  /** Who orders it, so that they can tell their orders from those of others. */
  by?: string
}

/** An order that still waits. `times` counts down. */
export interface PendingFault extends FaultOrder {
  id: number
}

export interface Faults {
  /** Orders of the oldest first. */
  list(): readonly PendingFault[]
  add(order: FaultOrder): PendingFault
  /** Removes one order. Returns whether it was still waiting. */
  remove(id: number): boolean
  clear(): void
  /** The fault for this request, if any; it is used up. `path` is decoded. */
  next(request: { method: string; path: string }): FaultOrder | undefined
  /** Calls back after each change. Returns how to stop that. */
  subscribe(listener: () => void): () => void
}

/** Keeps the orders of faults, oldest first: the first one that applies is used. */
export function createFaults(): Faults {
  let pending: { fault: PendingFault; random: () => number }[] = []
  let lastId = 0
  const listeners = new Set<() => void>()
  const change = (next: typeof pending) => {
    pending = next
    for (const listener of listeners) listener()
  }
  return {
    list: () => pending.map(({ fault }) => fault),

    add(order) {
      const seed = order.seed ?? Math.floor(Math.random() * 2 ** 32)
      const mode = order.share === undefined ? { times: order.times ?? 1 } : { seed }
      const fault = { ...order, ...mode, id: ++lastId }
      change([...pending, { fault, random: randomFrom(seed) }])
      return fault
    },

    remove(id) {
      const rest = pending.filter(({ fault }) => fault.id !== id)
      const isWaiting = rest.length < pending.length
      if (isWaiting) change(rest)
      return isWaiting
    },

    clear: () => change([]),

    next(request) {
      const found = pending.find(
        ({ fault, random }) =>
          applies(fault, request) && (fault.share === undefined || random() < fault.share),
      )
      if (!found) return undefined
      const { fault } = found
      if (fault.times !== undefined) {
        const rest = { ...found, fault: { ...fault, times: fault.times - 1 } }
        change(pending.flatMap((one) => (one !== found ? one : rest.fault.times > 0 ? rest : [])))
      }
      return fault
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A preflight never gets a fault, and only the answer to a GET has a body worth cutting. */
function applies(
  { kind, match }: FaultOrder,
  { method, path }: { method: string; path: string },
): boolean {
  if (method === 'OPTIONS' || (kind === 'truncate' && method !== 'GET')) return false
  return (match?.method ?? method) === method && path.startsWith(match?.path ?? '')
}

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string' && value !== ''
const isWhole: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isPositive: Check = (value) => isWhole(value) && value !== 0

const FIELDS: Readonly<Record<string, readonly [Check, string]>> = {
  kind: [(value) => FAULT_KINDS.some((kind) => kind === value), FAULT_KINDS.join(', ')],
  times: [isPositive, 'a positive whole number'],
  share: [(value) => typeof value === 'number' && value > 0 && value <= 1, 'above 0, at most 1'],
  seed: [isWhole, 'a whole number'],
  match: [isMatch, '{ method?, path? }, both texts'],
  delay: [(value) => isWhole(value) && Number(value) <= 100_000, '0 to 100000 (milliseconds)'],
  rate: [isPositive, 'a positive whole number (bytes in one second)'],
  by: [isText, 'a text'],
}

/**
 * Checks an order that came as JSON.
 *
 * @throws TypeError that names the field and what it wants
 */
export function readFaultOrder(value: unknown): FaultOrder {
  const order = Object(value) as Record<string, unknown>
  for (const [name, field] of Object.entries({ kind: undefined, ...order })) {
    const [check, wanted] = (Object.hasOwn(FIELDS, name) && FIELDS[name]) || []
    if (!check) throw new TypeError(`${name} is not a field of a fault`)
    if (!check(field)) throw new TypeError(`${name} must be: ${wanted}`)
  }
  if (order['times'] !== undefined && order['share'] !== undefined) {
    throw new TypeError('a fault has times or a share, not both')
  }
  return value as FaultOrder
}

/**
 * Reads `503`, or `slow,times=3,delay=500,method=PUT,path=/users/`.
 *
 * @throws TypeError as `readFaultOrder` does
 */
export function parseFaultOrder(text: string): FaultOrder {
  const [kind, ...settings] = text.split(',')
  const fields = settings.map((setting) => {
    const [, name = setting, value = ''] = /^(\w+)=(.*)$/s.exec(setting) ?? []
    return [name, value] as const
  })
  const isMatchField = ([name]: readonly [string, string]) => name === 'method' || name === 'path'
  const match = Object.fromEntries(fields.filter(isMatchField))
  const numbers = fields.filter((field) => !isMatchField(field))
  return readFaultOrder({
    kind,
    ...Object.fromEntries(numbers.map(([name, value]) => [name, value ? Number(value) : value])),
    ...(Object.keys(match).length > 0 && { match }),
  })
}

function isMatch(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, text]) => /^(method|path)$/.test(name) && isText(text))
  )
}
