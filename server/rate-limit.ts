import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { ApiError } from './errors'

interface RateLimit {
  /** Requests in one minute. */
  max: number
  /** Whose requests are counted together. Default: those of one address (of one /64, for IPv6). */
  keyOf?: (request: FastifyRequest) => string
}

/**
 * The store of the limits of `app`: this process's memory. Many processes share one with the option
 * `redis` of `@fastify/rate-limit` (README.md).
 */
export function rateLimitStore(app: FastifyInstance): void {
  app.register(rateLimit, { global: false })
}

/**
 * Counts the requests to the routes of `app`, before their bodies are read. One too many is answered
 * with 429 `RATE_LIMITED` and `Retry-After`, in seconds.
 */
export function limitRate(app: FastifyInstance, { max, keyOf }: RateLimit): void {
  const count = app.createRateLimit({
    max,
    timeWindow: 60_000,
    ...(keyOf && { keyGenerator: keyOf }),
  })
  app.addHook('onRequest', async (request, reply) => {
    const counted = await count(request)
    if (counted.isAllowed || !counted.isExceeded) return
    reply.header('retry-after', counted.ttlInSeconds)
    const message = `More than ${max} requests in a minute: try again in ${counted.ttlInSeconds} s`
    throw new ApiError(429, 'RATE_LIMITED', message)
  })
}
