import type { FastifyInstance, InjectOptions } from 'fastify'

import { createApp } from './app'
import { readConfig } from './config'

/**
 * A HTTP request as CloudBase (HTTP access service) and SCF hand it to a function.
 * https://cloud.tencent.com/document/product/876/41776
 */
export interface HttpEvent {
  path: string
  httpMethod: string
  headers?: Record<string, string>
  queryStringParameters?: Record<string, string>
  body?: string
  isBase64Encoded?: boolean
  requestContext?: { sourceIp?: string }
}

export interface HttpResult {
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: false
}

/** Serves all requests that this instance of the function gets, so its keys stay cached. */
let app: FastifyInstance | undefined

/** The handler: the server of `main.ts` as a function, configured by the same variables. */
export async function main(event: HttpEvent): Promise<HttpResult> {
  app ??= createApp(readConfig(process.env), { logStream: process.stdout })
  return answerEvent(app, event)
}

export async function answerEvent(app: FastifyInstance, event: HttpEvent): Promise<HttpResult> {
  const remoteAddress = event.requestContext?.sourceIp
  // The length was that of the encoded body.
  const { 'content-length': _, ...headers } = lowerCased(event.headers)
  const {
    statusCode,
    headers: answered,
    body,
  } = await app.inject({
    ...(remoteAddress && { remoteAddress }),
    method: event.httpMethod as InjectOptions['method'],
    url: event.path || '/',
    query: event.queryStringParameters ?? {},
    headers,
    payload: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
  })
  return { statusCode, headers: asText(answered), body, isBase64Encoded: false }
}

function lowerCased(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

function asText(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}
