import type { OutgoingHttpHeaders } from 'node:http'
import { CosError } from './errors'
import { headerValue, type CosRequest } from './request'

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD']
const MAX_AGE_SECONDS = 600

/** Headers of an answer that a script may read, beside all `x-cos-*`. */
const EXPOSED = [
  'ETag',
  'Content-Length',
  'Content-Range',
  'Content-Disposition',
  'Accept-Ranges',
  'Last-Modified',
  'Location',
  'Date',
]

/**
 * Answers a preflight as a bucket with one permissive rule does: any origin, any header, five methods.
 * Source: manual 436/8288 (OPTIONS Object); it is never signed.
 *
 * @throws CosError `AccessForbidden`
 */
export function preflightHeaders(request: CosRequest): OutgoingHttpHeaders {
  const method = headerValue(request, 'access-control-request-method')
  if (!headerValue(request, 'origin') || !method || !METHODS.includes(method)) {
    throw new CosError('AccessForbidden', {
      reason: `a preflight needs Origin and one of the methods ${METHODS.join(', ')}`,
    })
  }
  const headers = headerValue(request, 'access-control-request-headers')
  return {
    'Access-Control-Allow-Methods': METHODS.join(','),
    ...(headers && { 'Access-Control-Allow-Headers': headers }),
    'Access-Control-Max-Age': MAX_AGE_SECONDS,
  }
}

/** What every answer to a cross-origin request carries; `names` are those of its other headers. */
export function corsHeaders(names: readonly string[]): OutgoingHttpHeaders {
  const ofCos = names.filter((name) => /^x-cos-/i.test(name))
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': [...EXPOSED, ...ofCos].join(','),
    Vary: 'Origin,Access-Control-Request-Headers,Access-Control-Request-Method',
  }
}
