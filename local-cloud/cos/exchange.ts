import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { ObjectStore } from '../store/object-store'
import type { CosRequest } from './request'

/** One request, the way to answer it, and what stands behind it. */
export interface Exchange {
  readonly request: CosRequest
  readonly response: ServerResponse
  /** Starts the answer: adds what every answer of COS carries. */
  writeHead(status: number, headers: OutgoingHttpHeaders): void
  readonly store: ObjectStore
  readonly bucket: string
  readonly region: string
  /** Milliseconds since 1970. */
  readonly now: number
}
