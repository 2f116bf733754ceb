import type { FastifyInstance } from 'fastify'

import type { Config } from '../config'
import { checkPolicyKey } from '../object-key'
import { createPolicy, PURPOSES, type Purpose } from '../policy'
import { userPrefix } from '../sessions'
import type { GetTemporaryKey } from '../sts'

/**
 * `POST /credentials` `{ purpose, key? }` → a temporary key, in STS's own names, for one purpose and
 * one object (or, without `key`, the user's own prefix)
 *
 * Authorisation belongs here: whether this user may do this now (quota, ban, kind of file). The key
 * cannot be called back before it ends, so whatever must hold is in its policy.
 */
export function credentialsRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  const { config, getTemporaryKey, now } = services

  app.post<{ Body: { purpose: Purpose; key?: string } }>(
    '/credentials',
    { schema },
    async (request) => {
      const { purpose, key } = request.body
      const prefix = userPrefix(request.userId)
      if (key !== undefined) checkPolicyKey(key, prefix)
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
  )
}

const schema = {
  body: {
    type: 'object',
    required: ['purpose'],
    additionalProperties: false,
    properties: {
      purpose: { enum: PURPOSES },
      key: { type: 'string', minLength: 1 },
    },
  },
}
