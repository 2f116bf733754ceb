import { METHODS } from 'node:http'

import type { FastifyInstance, InjectOptions } from 'fastify'

import { createApp } from './app'
import { readConfig } from './config'

export interface HttpResult {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: false
}

/** Serves all requests that this instance of the function gets, so its keys stay cached. */
let starting: Promise<FastifyInstance> | undefined

/**
 * The handler: the server of `main.ts` as a function, configured by the same variables. It takes an
 * event of SCF or CloudBase, or a HTTP request of `@cloudbase/functions-framework`, which has its body
 * in `event` and the rest in `context.httpContext`.
 *
 * @throws Error when the configuration is not valid, or its Redis cannot be used; not for any event
 */
export async function main(event: unknown, context?: unknown): Promise<HttpResult> {
  starting ??= start()
  return answerEvent(await starting, event, context)
}

async function start(): Promise<FastifyInstance> {
  try {
    const app = createApp(readConfig(process.env), { logStream: process.stdout })
    await app.ready()
    return app
  } catch (error) {
    starting = undefined // the next event tries again
    throw error
  }
}

/** @param app is ready */
export async function answerEvent(
  app: FastifyInstance,
  event: unknown,
  context?: unknown,
): Promise<HttpResult> {
  try {
    const { statusCode, headers, body } = await app.inject(toRequest(event, context))
    return { statusCode, headers: toHeaders(headers), body, isBase64Encoded: false }
  } catch (cause) {
    // The app answers its own errors: here the event is at fault.
    app.log.info({ reason: (cause as Error).message }, 'The event is not an HTTP request')
    const error = { code: 'INVALID_REQUEST', message: 'The event is not an HTTP request' }
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    return { statusCode: 400, headers, body: JSON.stringify({ error }), isBase64Encoded: false }
  }
}

type Fields = Record<string, unknown>

/** @throws TypeError for what is no HTTP request */
function toRequest(event: unknown, context: unknown): InjectOptions {
  const { httpContext } = asFields(context)
  if (httpContext === undefined) return fromEvent(asFields(event))
  const request = fromHttpContext(asFields(httpContext), event)
  const isEvent = request.url === '/' && typeof asFields(event)['httpMethod'] === 'string'
  if (!isEvent) return request
  // An event of another platform, posted to the framework by anybody: it is not believed when it
  // tells who asks (address, X-Forwarded-For, X-WX-OPENID).
  const { remoteAddress: _, headers, ...rest } = fromEvent(asFields(event))
  const own = Object.entries(headers ?? {}).filter(([name]) => !name.startsWith('x-'))
  const platforms = Object.entries(request.headers ?? {}).filter(([name]) => name.startsWith('x-'))
  return { ...rest, headers: toHeaders(Object.fromEntries([...own, ...platforms])) }
}

/**
 * API gateway: https://cloud.tencent.com/document/product/583/31927
 * Function URL, without `requestContext`: https://cloud.tencent.com/document/product/583/96099
 * CloudBase HTTP access: https://cloud.tencent.com/document/product/876/41776
 */
function fromEvent(event: Fields): InjectOptions {
  const { path = '/', body = '', requestContext } = event
  if (typeof path !== 'string') throw new TypeError('path: expected a string')
  if (body !== null && typeof body !== 'string') throw new TypeError('body: expected a string')
  if (event['headers'] === null && !event['multiValueHeaders']) {
    throw new TypeError('headers: expected an object')
  }
  const headers = toHeaders(event['headers'], event['multiValueHeaders'])
  const address = requestContext
    ? asFields(requestContext)['sourceIp']
    : headers['x-scf-remote-addr']
  return {
    ...(typeof address === 'string' && { remoteAddress: address }),
    method: toMethod(event['httpMethod']),
    url: path,
    headers,
    payload: Buffer.from(body ?? '', event['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  }
}

/** The framework parses JSON; it gives other bodies as a string or a Buffer, and none as `{}`. */
function fromHttpContext({ url, httpMethod, headers }: Fields, body: unknown): InjectOptions {
  const method = toMethod(httpMethod)
  const hasBody = method !== 'GET' && method !== 'HEAD' && body !== undefined
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  return {
    method,
    url: new URL(String(url)).pathname,
    headers: toHeaders(headers),
    ...(hasBody && { payload: isText ? body : JSON.stringify(body) }),
  }
}

function toMethod(value: unknown): InjectOptions['method'] {
  const method = String(value).toUpperCase()
  if (!METHODS.includes(method)) throw new TypeError('httpMethod: expected a method of HTTP')
  return method as InjectOptions['method']
}

/** Names in lower case; several values of a name in one, as in HTTP. Later sources win. */
function toHeaders(...sources: unknown[]): Record<string, string> {
  const headers = sources
    .flatMap((source) => Object.entries(asFields(source ?? {})))
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : String(value),
    ])
  // They tell of the body as it was sent to the platform.
  const { 'content-length': _, 'transfer-encoding': __, ...others } = Object.fromEntries(headers)
  return others
}

function asFields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields
  if (value === undefined) return {}
  throw new TypeError('expected an object')
}
