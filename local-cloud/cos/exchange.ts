import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Check } from '../outcome'
import type { ObjectStore } from '../store/object-store'
import type { Address } from './address'
import type { CosRequest } from './request'

/** One request, the way to answer it, and what stands behind it. */
export interface Exchange extends Address {
  readonly request: CosRequest
  readonly response: ServerResponse
  /** Starts the answer: adds what every answer of COS carries. */
  writeHead(status: number, headers: OutgoingHttpHeaders): void
  readonly buckets: ReadonlyMap<string, ObjectStore>
  readonly region: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The checks made so far, for the console. */
  readonly checks: Check[]
}
