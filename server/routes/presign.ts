import type { FastifyInstance } from 'fastify'

import COS, { type SignableRequest, type SignedRequest } from '../../miniprogram/cos/index'
import { expires, headerValue, queryValue } from '../body-schemas'
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
 * Authorisation belongs here: whether this user may do this now (quota, ban, kind of file). A URL
 * cannot be called back. Its holder may add what it does not list: the policy of its key holds that.
 */
export function presignRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  app.post<{ Body: Omit<SignableRequest, 'renew'> }>('/presign', {
    schema,
    handler: async (request): Promise<SignedRequest & { serverTime: number }> => {
      const { key: Key, query = {}, headers = {}, expires } = request.body
      const { method, purpose } = findOperation(request.body.method, query, headers)
      const prefix = userPrefix(request.userId)
      checkObjectKey(Key, prefix)
      const key = await signingKey(services, purpose, prefix)
      const signed = await new COS(key).presign({
        ...key,
        Method: method,
        Key,
        Query: query,
        Headers: headers,
        Expires: expires,
      })
      return {
        url: signed.Url,
        method,
        headers: signed.Headers,
        expiresAt: signed.ExpiredTime,
        serverTime: Math.floor(services.now() / 1000),
      }
    },
  })
}

const schema = {
  body: {
    type: 'object',
    required: ['method', 'key'],
    additionalProperties: false,
    properties: {
      method: { type: 'string' },
      key: { type: 'string', minLength: 1 },
      query: { type: 'object', additionalProperties: queryValue },
      headers: { type: 'object', additionalProperties: headerValue },
      expires,
    },
  },
}
