import Fastify from 'fastify'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { requireSession } from '../../server/require-session'
import { createSessions } from '../../server/sessions'
import { MB } from './measure'

/**
 * Starts the server, and a bare Fastify route that only verifies the same session, in one process. Any
 * code logs in, as the user of that name. Gives the ports of both.
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
