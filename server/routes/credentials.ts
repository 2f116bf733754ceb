import type { FastifyInstance } from 'fastify'

import type { Config } from '../config'
import { checkObjectKey } from '../object-key'
import { createPolicy, type Purpose } from '../policy'
import { userPrefix, type Sessions } from '../sessions'
import type { GetTemporaryKey } from '../sts'

/**
 * `POST /credentials` `{ purpose, key? }` with `Authorization: Bearer <token>` → a temporary key,
 * in STS's own names, for one purpose and one object (or, without `key`, the user's own prefix)
 *
 * Authorisation belongs here: whether this user may do this now (quota, ban, kind of file). The key
 * cannot be called back before it ends, so whatever must hold is in its policy.
 */
export function credentialsRoute(
  app: FastifyInstance,
  services: {
    config: Config
    sessions: Sessions
    getTemporaryKey: GetTemporaryKey
    now: () => number
  },
): void {
  const { config, sessions, getTemporaryKey, now } = services
  app.decorateRequest('userId', '')

  app.post<{ Body: { purpose: Purpose; key?: string } }>('/credentials', {
    schema,
    onRequest: async (request) => {
      request.userId = await sessions.verify(request.headers.authorization)
    },
    handler: async (request) => {
      const { purpose, key } = request.body
      const prefix = userPrefix(request.userId)
      if (key !== undefined) checkObjectKey(key, prefix)
      const temporaryKey = await getTemporaryKey(createPolicy(config, purpose, key ?? `${prefix}*`))
      return {
        ...temporaryKey,
        serverTime: Math.floor(now() / 1000),
        bucket: config.bucket,
        region: config.region,
        protocol: config.protocol,
        host: config.domain,
        maxBytes: config.maxUploadBytes,
        prefix,
      }
    },
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose session the request carries; set by a route that verifies it. */
    userId: string
  }
}

const schema = {
  body: {
    type: 'object',
    required: ['purpose'],
    additionalProperties: false,
    properties: {
      purpose: { enum: ['upload', 'download'] },
      key: { type: 'string', minLength: 1 },
    },
  },
}
