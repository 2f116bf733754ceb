import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

import type { FastifyInstance } from 'fastify'

export type Listener = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Makes `app` a request listener, for use inside another server: `node:http`, Express, Koa, Nest, or
 * another Fastify (README.md has each). The path of a request must begin with `PATH_PREFIX`, if that
 * is set. That server keeps its own timeouts; `app.close()` is for it to call.
 *
 * @throws Error as `app.ready()`
 */
export async function createListener(app: FastifyInstance): Promise<Listener> {
  await app.ready()
  return (request, response) => {
    response.statusCode = 200 // Koa has set 404
    app.routing(request, response)
  }
}

/**
 * The server around `app` may have read the body of a request already, and have left what it parsed
 * in `request.body`, as `express.json()` does. The routes of `app` then read it from there.
 */
export function acceptParsedBodies(app: FastifyInstance): void {
  app.addHook('preParsing', async ({ raw, headers }, _reply, payload) => {
    if (!raw.readableEnded) return payload
    const { body } = raw as { body?: unknown }
    const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
    // Fastify compares the Content-Length with this: the new text may have other spaces.
    const receivedEncodedLength = Number(headers['content-length'])
    return Object.assign(Readable.from([Buffer.from(text ?? '')]), { receivedEncodedLength })
  })
}
