import type { SignedForm, SignedRequest } from '../transfer/signing'
import type { ServerSession } from './session'
import type { Signing } from './types'

/**
 * The server signs each request, so no key ever reaches the phone. `renew` is nothing special: the
 * server has the keys and the clock.
 * @throws ServerError by its `code`
 */
export function serverSigning(session: ServerSession): Signing {
  return {
    signRequest: ({ method, key, query, headers, expires }) =>
      session.request<SignedRequest>('/presign', { method, key, query, headers, expires }),

    signPostForm: ({ key, contentType, maxBytes, expires }) =>
      session.request<SignedForm>('/post-form', { key, contentType, maxBytes, expires }),

    userPrefix: session.prefix,
  }
}
