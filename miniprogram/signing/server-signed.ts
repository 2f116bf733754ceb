import { config } from '../config'
import { readSignedForm, readSignedRequest } from './answers'
import type { ServerSession } from './session'
import type { Signing } from './types'

/**
 * The server signs each request, so no key ever reaches the phone. `renew` is nothing special: the
 * server has the keys and the clock.
 * @throws ServerError by its `code`
 */
export function serverSigning(session: ServerSession): Signing {
  return {
    async signRequest(request) {
      const { method, key, query, headers, expires } = request
      const body = { method, key, query, headers, expires }
      const answer = await session.request<object>(config.paths.presign, body)
      return readSignedRequest(answer, request)
    },

    async signPostForm(form) {
      const { key, contentType, maxBytes, expires } = form
      const body = { key, contentType, maxBytes, expires }
      const answer = await session.request<object>(config.paths.postForm, body)
      return readSignedForm(answer, form)
    },

    userPrefix: session.prefix,
  }
}
