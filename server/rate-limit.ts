import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { Config } from './config'
import { ApiError } from './errors'
import { createRedisStore } from './redis-store'

interface RateLimit {
  /** Of the counter: two of one name count together. */
  name: string
  /** Requests in one minute. */
  max: number
  /** Whose requests are counted together. Default: those of one address (of one /64, for IPv6). */
  keyOf?: (request: FastifyRequest) => string
}

/** Where the limits of `app` are counted: in this process's memory, or in a Redis for many processes. */
export function rateLimitStore(app: FastifyInstance, { redisUrl }: Config['rateLimits']): void {
  app.register(rateLimit, {
    global: false,
    skipOnError: true,
    ...(redisUrl && { store: createRedisStore(app, redisUrl) }),
  })
}

/**
 * Counts the requests to the routes of `app`, before their bodies are read. One too many is answered
 * with 429 `RATE_LIMITED` and `Retry-After`, in seconds.
 */
export function limitRate(
  app: FastifyInstance,
  { name, max, keyOf = ({ ip }) => normalizeIP(ip) }: RateLimit,
): void {
  const count = app.createRateLimit({
    max,
    timeWindow: 60_000,
    keyGenerator: (request) => `${name}:${keyOf(request)}`,
  })
  app.addHook('onRequest', async (request, reply) => {
    const counted = await count(request)
    if (counted.isAllowed || !counted.isExceeded) return
    reply.header('retry-after', counted.ttlInSeconds)
    const message = `More than ${max} requests in a minute: try again in ${counted.ttlInSeconds} s`
    throw new ApiError(429, 'RATE_LIMITED', message)
  })
}
