import type { IncomingMessage } from 'node:http'
import { urlDecode } from '../cos/encode'
import { resourceOf } from '../cos/request'
import { masked } from '../masked'
import type { RequestOutcome } from '../request-outcome'

/** Where a request carried its signature. */
export type Carrier = 'header' | 'query' | 'sign parameter' | 'form' | 'none'

/** One request as the console shows it. It never holds a secret, a token or a signature. */
export interface RequestRecord extends RequestOutcome {
  /** Counts up. */
  id: number
  /** When it came, in milliseconds since 1970. */
  time: number
  service: 'COS' | 'STS'
  method: string
  /** Decoded; for STS the action. */
  path: string
  /** The names of its parameters, but for those that carry the signature. */
  parameters: readonly string[]
  carrier: Carrier
  milliseconds: number
  /** Of the body, as far as it was taken. */
  bytesIn: number
  /** Of the whole answer. */
  bytesOut: number
}

export interface RequestLog {
  /** Newest first. */
  list(): readonly RequestRecord[]
  /** Starts to observe a request. Call what it returns when the request has ended. */
  observe(message: IncomingMessage, service: 'COS' | 'STS'): (outcome: RequestOutcome) => void
  /** Calls back with each new record. Returns how to stop that. */
  subscribe(listener: (record: RequestRecord) => void): () => void
}

const SIGNATURE_PARAMETERS = /^(q-|sign$|x-cos-security-token$)/

/** Remembers the last `capacity` requests. */
export function createRequestLog(capacity = 200): RequestLog {
  const records: RequestRecord[] = []
  const listeners = new Set<(record: RequestRecord) => void>()
  let lastId = 0
  return {
    list: () => records,

    observe(message, service) {
      const time = Date.now()
      const start = performance.now()
      const bytesIn = countBody(message)
      const { socket } = message
      const written = socket.bytesWritten
      return (outcome) => {
        const record = {
          ...describe(message, service),
          ...maskOutcome(outcome),
          id: ++lastId,
          time,
          milliseconds: Math.round(performance.now() - start),
          bytesIn: bytesIn(),
          bytesOut: socket.bytesWritten - written,
        }
        records.unshift(record)
        records.length = Math.min(records.length, capacity)
        for (const listener of listeners) listener(record)
      }
    },

    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function describe(message: IncomingMessage, service: 'COS' | 'STS') {
  const action = message.headers['x-tc-action']
  const names = parameterNames(message)
  return {
    service,
    method: message.method ?? '',
    path: masked(service === 'STS' ? String(action) : resourceOf(message)),
    parameters: names.filter((name) => !SIGNATURE_PARAMETERS.test(name)),
    carrier: carrierOf(message, names),
  }
}

function parameterNames({ url = '' }: IncomingMessage): string[] {
  const mark = url.indexOf('?')
  const query = mark < 0 ? '' : url.slice(mark + 1)
  const encoded = query.split('&').map((part) => part.replace(/=.*/s, ''))
  // An encoded `=` would make a value part of a name.
  return encoded.map((name) => (urlDecode(name) ?? name).replace(/(=|%3D).*/is, '')).filter(Boolean)
}

function maskOutcome(outcome: RequestOutcome): RequestOutcome {
  const { reason, checks, formKey } = outcome
  return {
    ...outcome,
    reason: reason && masked(reason),
    formKey: formKey && masked(formKey),
    checks: checks?.map((check) => ({ ...check, detail: check.detail && masked(check.detail) })),
  }
}

function carrierOf({ method, headers }: IncomingMessage, names: string[]): Carrier {
  if (headers.authorization) return 'header'
  if (names.some((name) => name.startsWith('q-'))) return 'query'
  if (names.includes('sign')) return 'sign parameter'
  const isForm = method === 'POST' && /^multipart\/form-data/i.test(headers['content-type'] ?? '')
  return isForm ? 'form' : 'none'
}

/** Counts what node's parser pushes into a request, and leaves its reader alone. */
function countBody(message: IncomingMessage): () => number {
  const push = message.push.bind(message)
  let bytes = 0
  message.push = (chunk: Buffer | null) => {
    bytes += chunk?.length ?? 0
    return push(chunk)
  }
  return () => bytes
}
