import type { FastifyInstance } from 'fastify'

import { answers, health } from '../api-schemas'
import type { Config } from '../config'
import { ApiError } from '../errors'
import { createPolicy } from '../policy'
import type { GetTemporaryKey } from '../sts'

/** A failure is remembered this long, so that anonymous requests cannot hammer a failing STS. */
const FAILURE_MS = 10_000

/**
 * `GET /health` → 200 `{ status: 'ok', sts: 'ok' }`, or 503 `{ status: 'unavailable', sts }` with
 * STS's own code, or `STS_FAILED` when it gave no answer
 *
 * Any answer means alive; 200 means that temporary keys can be had. It asks for one as a user would,
 * through the same cache (so STS is called once in half a key's life), for an object that nobody
 * has, and keeps it to itself. Public: nothing secret belongs here.
 */
export function healthRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  const { config, getTemporaryKey, now } = services
  const policy = createPolicy(config, 'download', 'health')
  let failure = { sts: '', until: 0 }

  const schema = {
    tags: ['Server'],
    summary: 'Health check: the server runs and can issue keys',
    response: { ...answers(health), 503: health },
  }
  app.get('/health', { schema }, async (request, reply) => {
    if (now() >= failure.until) {
      try {
        await getTemporaryKey(policy)
        return { status: 'ok', sts: 'ok' }
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        request.log.error(error)
        failure = { sts: error.detail ?? error.code, until: now() + FAILURE_MS }
      }
    }
    return reply.code(503).send({ status: 'unavailable', sts: failure.sts })
  })
}
