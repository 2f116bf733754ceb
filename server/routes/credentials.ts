import type { FastifyInstance } from 'fastify'
import type { FromSchema } from 'json-schema-to-ts'

import { answers, credentialsRequest, temporaryCredentials } from '../api-schemas'
import type { Config } from '../config'
import { checkPolicyKey } from '../object-key'
import { checkPurpose } from '../operation'
import { createPolicy } from '../policy'
import { userPrefix } from '../sessions'
import type { GetTemporaryKey } from '../sts'

/**
 * `POST /credentials` `{ purpose, key? }` → a temporary key, in STS's own names, for one purpose and
 * one object (or, without `key`, the user's own prefix)
 *
 * Authorization belongs here: whether this user may do this now (quota, ban, kind of file). The key
 * cannot be called back before it ends, so whatever must hold is in its policy.
 */
export function credentialsRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  const { config, getTemporaryKey, now } = services

  app.post<{ Body: FromSchema<typeof credentialsRequest> }>(
    '/credentials',
    {
      schema: {
        tags: ['Keys'],
        summary:
          "Issue a temporary key for one purpose, scoped to an object or to the user's prefix",
        security: [{ session: [] }],
        body: credentialsRequest,
        response: answers(temporaryCredentials),
      },
    },
    async (request): Promise<FromSchema<typeof temporaryCredentials>> => {
      const { purpose, key } = request.body
      checkPurpose(config, purpose)
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
