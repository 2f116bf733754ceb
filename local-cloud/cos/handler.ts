import { randomBytes } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Check, RequestOutcome } from '../request-outcome'
import type { ObjectStore } from '../store/object-store'
import type { AccessKeys } from '../sts/access-keys'
import { addressOf } from './address'
import { authenticate, authorize, conditionContext, resourceName, securityToken } from './authorize'
import { corsHeaders, preflightHeaders } from './cors'
import { CosError, errorXml } from './errors'
import type { Exchange } from './exchange'
import { checkKey } from './object-key'
import { operationOf, serviceOperationOf, subResourceOf, type Operation } from './operation'
import { postObject } from './post-object'
import { parseRequest, queryValue, resourceOf, type CosRequest } from './request'
import { findSignature } from './signature'
import { limitTraffic } from './traffic-limit'

export interface CosOptions {
  /** The buckets by name, `<name>-<appid>`. The first one answers on hosts that name none. */
  buckets: ReadonlyMap<string, ObjectStore>
  /** Of all buckets. */
  region: string
  keys: AccessKeys
  /** Milliseconds since 1970. */
  now: () => number
}

/** Answers the buckets of one account, over COS's XML API. A `fault` is answered at once, before any check. */
export function createCosHandler(options: CosOptions) {
  return async (
    message: IncomingMessage,
    response: ServerResponse,
    fault?: CosError,
  ): Promise<RequestOutcome> => {
    const checks: Check[] = []
    const form: { key?: string } = {}
    const now = options.now()
    const requestId = createRequestId(now)
    const common = () => ({ requestId, checks, formKey: form.key })
    const writeHead = (status: number, headers: OutgoingHttpHeaders): void => {
      const all = {
        ...headers,
        Date: new Date(now).toUTCString(), // by the cloud's clock, which need not be the machine's
        Server: 'tencent-cos',
        'x-cos-request-id': requestId,
      }
      const cors = message.headers.origin ? corsHeaders(Object.keys(all)) : {}
      response.writeHead(status, { ...all, ...cors })
    }
    try {
      if (fault) throw fault
      const request = parseRequest(message)
      const { buckets, region, keys } = options
      const address = addressOf(request, buckets, region)
      await handle(
        { ...address, request, response, writeHead, buckets, region, now, checks, form },
        keys,
      )
      return { status: response.statusCode, reason: noteOn(request), ...common() }
    } catch (error) {
      if (response.headersSent) {
        response.destroy()
        const reason = 'the connection was closed in the middle'
        return { status: response.statusCode, reason, ...common() }
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
      // A client may read the answer only when it has sent its whole body.
      message.resume()
      const { status, code, reason, mismatch } = refusal
      return { status, code, reason, mismatch, ...common() }
    }
  }
}

/** COS's order of checks: bucket, CORS, signature, permission, then the operation itself. */
async function handle(exchange: Exchange, keys: AccessKeys): Promise<void> {
  const { request, response, writeHead, service } = exchange
  if (request.key !== '') checkKey(request.key)
  if (request.method === 'OPTIONS') {
    writeHead(200, { ...preflightHeaders(request), 'Content-Length': 0 })
    response.end()
    return
  }
  if (!service && isPostForm(request)) return postObject(exchange, keys)

  const operation = service ? serviceOperationOf(request) : operationOf(request)
  const key = authenticate(exchange, findSignature(request), securityToken(request), keys)
  if (operation.action !== undefined) {
    authorize(exchange, key, {
      action: `name/cos:${operation.action}`,
      resources: resourceKeys(request, operation).map((name) => resourceName(exchange, name)),
      context: conditionContext(request),
    })
  }
  if (!operation.run) {
    const { subResource, action } = operation
    const what = subResource === undefined ? action : `?${subResource}`
    throw new CosError('NotImplemented', { message: `The local cloud does not implement ${what}.` })
  }
  limitTraffic(exchange, request.message.headers)
  return operation.run(exchange)
}

/** A policy may name the key of a request or, where the operation says so, the prefix that it lists. */
function resourceKeys(request: CosRequest, { isOnPrefix }: Operation): string[] {
  const prefix = isOnPrefix ? queryValue(request, 'prefix') : undefined
  return prefix ? [request.key, prefix] : [request.key]
}

/** Parameters of image and media processing (Cloud Infinite), which the local cloud leaves undone. */
const PROCESSING = /^(image(Mogr2|View2|Info|Ave)|watermark|ci-process)\b/i

function noteOn({ query }: CosRequest): string | undefined {
  const [parameter] = query.find(([name]) => PROCESSING.test(name)) ?? []
  return parameter && `${parameter} is not carried out: this is the object as it was stored`
}

/** A form may also go to the URL of an object: real answers show that it is read, and its `key` counts. */
function isPostForm(request: CosRequest): boolean {
  return (
    request.method === 'POST' &&
    subResourceOf(request) === undefined &&
    /^multipart\/form-data/i.test(request.message.headers['content-type'] ?? '')
  )
}

function toCosError(error: unknown, message: IncomingMessage): CosError {
  if (error instanceof CosError) return error
  if (message.destroyed && !message.complete) {
    return new CosError('IncompleteBody', {
      reason: 'the connection was closed before the body was whole: nothing was changed',
    })
  }
  const { code } = error as NodeJS.ErrnoException
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return new CosError('InternalError', {
    ...(isFull && { message: 'The disk of the local cloud is full.' }),
    reason: String(error),
  })
}

/** base64 of `<hex unix time>_<hex>_<hex>_<hex>` */
function createRequestId(now: number): string {
  const [a, b, c] = [4, 2, 3].map((bytes) => randomBytes(bytes).toString('hex'))
  return Buffer.from(`${Math.floor(now / 1000).toString(16)}_${a}_${b}_${c}`).toString('base64')
}
