import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'

/** A request waits for Redis this long; then it passes without being counted. */
const TIMEOUT_MS = 50
/** So often a Redis that is away is tried. */
const PROBE_MS = 500
/** A connection with nothing to read for so long, although an answer is due, is replaced. */
const DEAD_CONNECTION_MS = 2000

/** Counts one request; the first of a window starts the time. Gives the count and the milliseconds left. */
const COUNT = `
local current = redis.call('INCR', KEYS[1])
if current == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { current, redis.call('PTTL', KEYS[1]) }`

/**
 * A store of `@fastify/rate-limit` in Redis: all processes that use one Redis count together. It
 * connects when `app` gets ready, and disconnects when it closes.
 *
 * While Redis is away, or does not answer in time, every count fails at once: the plugin's option
 * `skipOnError` lets the requests pass. The log of `app` has one line of the loss, one of the return.
 *
 * @param url `redis://user:password@host:port/number`, or `rediss://…` for TLS
 * @throws Error from `app.ready()`: Redis is unreachable, or refuses the password
 */
export function createRedisStore(app: FastifyInstance, url: string): FastifyRateLimitStoreCtor {
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2, // what Redis 4 and 5 speak, too
    connectTimeout: DEAD_CONNECTION_MS,
    socketTimeout: DEAD_CONNECTION_MS,
    // What cannot be sent now is not sent later.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => PROBE_MS,
  })
  const sendCount = (key: string, timeWindow: number) =>
    redis.eval(COUNT, 1, `rate-limit:${key}`, timeWindow) as Promise<[number, number]>

  let probing: NodeJS.Timeout | undefined
  const lose = ({ message }: Error) => {
    if (probing) return
    app.log.warn({ reason: message }, 'Redis is away: requests are not counted')
    const probe = () => sendCount('probe', PROBE_MS).then(regain, () => undefined)
    probing = setInterval(probe, PROBE_MS)
  }
  const regain = () => {
    if (!probing) return
    clearInterval(probing)
    probing = undefined
    app.log.info('Redis is back: requests are counted')
  }

  let lastError = new Error('the connection was closed')
  redis.on('error', (error: Error) => (lastError = error))
  app.addHook('onReady', async () => {
    try {
      await redis.connect()
      await sendCount('probe', PROBE_MS)
    } catch (error) {
      redis.disconnect()
      const { message } = error instanceof Error && error.name === 'ReplyError' ? error : lastError
      // No cause: ioredis puts the command into its errors, which may be AUTH with the password.
      // oxlint-disable-next-line preserve-caught-error
      throw new Error(`RATE_LIMIT_REDIS: ${new URL(url).host} cannot be used: ${message}`)
    }
    redis.on('reconnecting', () => lose(lastError))
  })
  app.addHook('onClose', async () => {
    clearInterval(probing)
    redis.disconnect()
  })

  const count = async (key: string, timeWindow: number) => {
    if (probing) throw lastError
    const counted = sendCount(key, timeWindow)
    counted.then(regain, lose)
    const [current, ttl] = await inTime(counted).catch((error: Error) => {
      lose(error)
      throw error
    })
    return { current, ttl }
  }
  return class RedisStore implements FastifyRateLimitStore {
    incr: FastifyRateLimitStore['incr'] = (key, callback, timeWindow) => {
      count(key, timeWindow).then((result) => callback(null, result), callback)
    }
    child() {
      return this
    }
  }
}

/** Rejects after `TIMEOUT_MS`, unless the answer has already come in while this process was busy. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timeout = new Error(`no answer within ${TIMEOUT_MS} ms`)
    const timer = setTimeout(() => setImmediate(reject, timeout), TIMEOUT_MS)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
