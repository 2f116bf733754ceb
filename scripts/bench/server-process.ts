import Fastify from 'fastify'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { requireSession } from '../../server/require-session'
import { createSessions } from '../../server/sessions'

/**
 * The server, and a bare Fastify route that only verifies the same session, in one process: it sends
 * both ports to the parent, and the bytes on its heap when asked. Any code logs in, as the user of that
 * name. Arguments: the address of STS and, for counters in Redis, that of Redis.
 */
async function main(): Promise<void> {
  const config = readConfig({
    STS_ENDPOINT: process.argv[2],
    RATE_LIMIT_REDIS: process.argv[3],
    RATE_LIMIT_PER_USER: '1000000',
    RATE_LIMIT_PER_ADDRESS: '1000000',
  })
  const app = createApp(config, { code2Session: async (code) => ({ openid: code }) })
  const bare = Fastify()
  requireSession(bare, createSessions(config, Date.now))
  bare.post('/bare', async (request) => ({ prefix: `users/${request.userId}/` }))
  const [port, barePort] = await Promise.all([listen(app), listen(bare)])
  process.on('message', () => {
    globalThis.gc?.()
    process.send?.({ heapUsed: process.memoryUsage().heapUsed })
  })
  process.send?.({ port, barePort })
}

async function listen(app: ReturnType<typeof createApp>): Promise<number> {
  return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port)
}

void main()
