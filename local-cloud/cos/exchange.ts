import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Check } from '../request-outcome'
import type { ObjectStore } from '../store/object-store'
import type { Address } from './address'
import type { CosRequest } from './request'

/** One request, the way to answer it, and what stands behind it. */
export interface Exchange extends Address {
  request: CosRequest
  response: ServerResponse
  /** Starts the answer: adds what every answer of COS carries. */
  writeHead(status: number, headers: OutgoingHttpHeaders): void
  buckets: ReadonlyMap<string, ObjectStore>
  region: string
  /** Milliseconds since 1970. */
  now: number
  /** The checks made so far, for the console. */
  checks: Check[]
  /** What the console shows of a form beside its path. */
  form: { key?: string }
}
