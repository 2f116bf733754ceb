import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Fastify from 'fastify'
import { parseFaultOrder } from '../../local-cloud/control/faults'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { requireSession } from '../../server/require-session'
import { createSessions } from '../../server/sessions'
import { MB } from './measure'

/** What benches start in processes of their own. Each gives the ports on which it listens. */

/** @param fault Default: none. */
export async function startCloud(data: string, fault = ''): Promise<number> {
  const order = fault ? { fault: parseFaultOrder(fault) } : {}
  return (await createLocalCloud({ data, port: 0, ...order }).start()).port
}

/**
 * A HTTP server that does the file work of a local cloud and nothing else: PUT streams to a file aside and
 * renames it, GET streams from it.
 */
export async function startBareCloud(folder: string): Promise<number> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [name = ''] = (request.url ?? '').split('?')
    const path = join(folder, name)
    if (request.method === 'PUT') {
      const aside = `${path}.${randomUUID()}`
      await pipeline(request, createWriteStream(aside))
      await rename(aside, path)
      response.writeHead(200, { 'Content-Length': 0 }).end()
    } else {
      response.writeHead(200, { 'Content-Length': (await stat(path)).size })
      await pipeline(createReadStream(path), response)
    }
  }
  const server = createServer((request, response) => {
    // The client sees a failure as a broken connection.
    answer(request, response).catch((error: Error) => response.destroy(error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

/**
 * The server, and a bare Fastify route that only verifies the same session, in one process. Any code logs
 * in, as the user of that name.
 *
 * @param redis Where its counters are. Default: in memory.
 */
export async function startServer(sts: string, redis?: string) {
  const config = readConfig({
    STS_ENDPOINT: sts,
    RATE_LIMIT_REDIS: redis,
    RATE_LIMIT_PER_USER: '1000000',
    RATE_LIMIT_PER_ADDRESS: '1000000',
  })
  const app = createApp(config, { code2Session: async (code) => ({ openid: code }) })
  const bare = Fastify()
  requireSession(bare, createSessions(config, Date.now))
  bare.post('/bare', async (request) => ({ prefix: `users/${request.userId}/` }))
  const listen = async (server: typeof app) =>
    Number(new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port)
  return { port: await listen(app), barePort: await listen(bare) }
}

/** Megabytes, after a garbage collection. */
export function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / MB
}
