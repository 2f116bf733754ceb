import { randomBytes } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Outcome } from '../outcome'
import type { ObjectStore } from '../store/object-store'
import type { AccessKeys } from '../sts/access-keys'
import { authenticate, authorize, conditionContext, securityToken } from './authorize'
import { corsHeaders, preflightHeaders } from './cors'
import { CosError, errorXml } from './errors'
import type { Exchange } from './exchange'
import { checkKey } from './object-key'
import { operationOf } from './operation'
import { postObject } from './post-object'
import { parseRequest, resourceOf, type CosRequest } from './request'
import { findSignature } from './signature'

export interface CosOptions {
  /** `<name>-<appid>` */
  readonly bucket: string
  readonly region: string
  readonly keys: AccessKeys
  readonly store: ObjectStore
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Answers one bucket of COS, over its XML API. */
export function createCosHandler(options: CosOptions) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<Outcome> => {
    const now = options.now()
    const requestId = createRequestId(now)
    const writeHead = (status: number, headers: OutgoingHttpHeaders): void => {
      const common = { ...headers, Server: 'tencent-cos', 'x-cos-request-id': requestId }
      const cors = message.headers.origin ? corsHeaders(Object.keys(common)) : {}
      response.writeHead(status, { ...common, ...cors })
    }
    try {
      const request = parseRequest(message)
      const { bucket, region, store } = options
      await handle({ request, response, writeHead, store, bucket, region, now }, options.keys)
      return { status: response.statusCode }
    } catch (error) {
      if (response.headersSent) {
        response.destroy()
        return { status: response.statusCode, reason: 'the connection was closed in the middle' }
      }
      const refusal = toCosError(error, message)
      const traceId = randomBytes(48).toString('base64')
      const xml = errorXml(refusal, { resource: resourceOf(message), requestId, traceId, now })
      writeHead(refusal.status, {
        'Content-Type': 'application/xml',
        'Content-Length': Buffer.byteLength(xml),
        'x-cos-trace-id': traceId,
      })
      response.end(message.method === 'HEAD' ? undefined : xml)
      return { status: refusal.status, code: refusal.code, reason: refusal.reason }
    }
  }
}

/** COS's order of checks: bucket, CORS, signature, permission, then the operation itself. */
async function handle(exchange: Exchange, keys: AccessKeys): Promise<void> {
  const { request, response, writeHead } = exchange
  checkHost(exchange)
  if (request.key !== '') checkKey(request.key)
  if (request.method === 'OPTIONS') {
    writeHead(200, { ...preflightHeaders(request), 'Content-Length': 0 })
    response.end()
    return
  }
  if (isPostForm(request)) return postObject(exchange, keys)

  const operation = operationOf(request)
  const key = authenticate(exchange, findSignature(request), securityToken(request), keys)
  if (operation.action !== undefined) {
    authorize(exchange, key, {
      action: operation.action,
      objectKey: request.key,
      context: conditionContext(request),
    })
  }
  if (!operation.run) throw new CosError('NotImplemented')
  return operation.run(exchange)
}

function isPostForm({ method, key, message }: CosRequest): boolean {
  return (
    method === 'POST' &&
    key === '' &&
    /^multipart\/form-data/i.test(message.headers['content-type'] ?? '')
  )
}

/**
 * The bucket answers on its own host, `<bucket>.cos.<region>.…`, and on any other name, as a custom domain
 * does. Errors: `NoSuchBucket`, `PathStyleDomainForbidden`.
 */
function checkHost({ request, bucket, region }: Exchange): void {
  const host = request.message.headers.host ?? ''
  const [, name, place] = /^(?:([a-z0-9-]+-\d+)\.)?cos\.([a-z]+-[a-z0-9-]+)\./.exec(host) ?? []
  if (place === undefined) return
  if (name === undefined) throw new CosError('PathStyleDomainForbidden')
  if (name !== bucket || place !== region) {
    throw new CosError('NoSuchBucket', {
      reason: `the host is that of ${name} in ${place}, the local cloud has ${bucket} in ${region}`,
    })
  }
}

function toCosError(error: unknown, message: IncomingMessage): CosError {
  if (error instanceof CosError) return error
  if (message.destroyed && !message.complete) {
    return new CosError('IncompleteBody', {
      reason: 'the connection was closed before the body was whole: nothing was changed',
    })
  }
  return new CosError('InternalError', { reason: String(error) })
}

/** base64 of `<hex unix time>_<hex>_<hex>_<hex>` */
function createRequestId(now: number): string {
  const [a, b, c] = [4, 2, 3].map((bytes) => randomBytes(bytes).toString('hex'))
  return Buffer.from(`${Math.floor(now / 1000).toString(16)}_${a}_${b}_${c}`).toString('base64')
}
