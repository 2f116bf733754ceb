import type { FastifyInstance } from 'fastify'
import type { FromSchema } from 'json-schema-to-ts'

import COS from '../../miniprogram/cos/index'
import { answers, postFormAnswer, postFormRequest } from '../api-schemas'
import type { Config } from '../config'
import { ApiError } from '../errors'
import { checkObjectKey } from '../object-key'
import { checkContentType } from '../operation'
import { userPrefix } from '../sessions'
import { signingKey } from '../signing-key'
import type { GetTemporaryKey } from '../sts'

/**
 * `POST /post-form` `{ key, contentType?, maxBytes?, expires? }` → the fields of a form upload, with
 * a signed policy: `{ url, fields, expiresAt, serverTime }`
 *
 * Authorization belongs here: whether this user may do this now (quota, ban, kind of file).
 */
export function postFormRoute(
  app: FastifyInstance,
  services: { config: Config; getTemporaryKey: GetTemporaryKey; now: () => number },
): void {
  const limit = services.config.maxUploadBytes

  app.post<{ Body: FromSchema<typeof postFormRequest> }>('/post-form', {
    schema: {
      tags: ['Signatures'],
      summary: 'Sign a form upload; send its fields and the file with wx.uploadFile',
      security: [{ session: [] }],
      body: postFormRequest,
      response: answers(postFormAnswer),
    },
    handler: async (request): Promise<FromSchema<typeof postFormAnswer>> => {
      const {
        key,
        contentType = 'application/octet-stream',
        maxBytes = limit,
        expires,
      } = request.body
      const prefix = userPrefix(request.userId)
      checkObjectKey(key, prefix)
      if (key.includes('${filename}')) {
        const message = 'key holds ${filename}: COS would put the name of the file in its place'
        throw new ApiError(400, 'INVALID_REQUEST', message)
      }
      if (maxBytes > limit) {
        const message = `Uploads take at most ${limit} bytes`
        throw new ApiError(413, 'FILE_TOO_LARGE', message, { detail: String(limit) })
      }
      checkContentType(services.config, contentType)
      const { signPostForm } = new COS(await signingKey(services, 'upload', prefix))
      const signed = await signPostForm({ key, contentType, maxBytes, expires })
      return { ...signed, serverTime: Math.floor(services.now() / 1000) }
    },
  })
}
