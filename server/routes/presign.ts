import type { FastifyInstance } from 'fastify'
import type { FromSchema } from 'json-schema-to-ts'

import COS from '../../miniprogram/cos/index'
import { answers, presignAnswer, presignRequest } from '../api-schemas'
import type { Config } from '../config'
import { checkObjectKey } from '../object-key'
import { findOperation } from '../operation'
import { userPrefix } from '../sessions'
import { signingKey } from '../signing-key'
import type { GetTemporaryKey } from '../sts'

/**
 * `POST /presign` `{ method, key, query?, headers?, expires? }` → a presigned URL:
 * `{ url, method, headers, expiresAt, serverTime }`
 *
 * Authorization belongs here: whether this user may do this now (quota, ban, kind of file). A URL
 * cannot be called back. Its holder may add what it does not list: the policy of its key holds that.
 */
export function presignRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  app.post<{ Body: FromSchema<typeof presignRequest> }>('/presign', {
    schema: {
      tags: ['Signatures'],
      summary: 'Sign one request; send exactly what is returned to COS',
      security: [{ session: [] }],
      body: presignRequest,
      response: answers(presignAnswer),
    },
    handler: async (request): Promise<FromSchema<typeof presignAnswer>> => {
      const { key, query = {}, headers = {}, expires } = request.body
      const { method, purpose } = findOperation(
        services.config,
        request.body.method,
        query,
        headers,
      )
      const prefix = userPrefix(request.userId)
      checkObjectKey(key, prefix)
      const { signRequest } = new COS(await signingKey(services, purpose, prefix))
      const signed = await signRequest({ method, key, query, headers, expires })
      return { ...signed, method, serverTime: Math.floor(services.now() / 1000) }
    },
  })
}
