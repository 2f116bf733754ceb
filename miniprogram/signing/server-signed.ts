import type { SignedForm, SignedRequest } from '../cos/index'
import type { SessionKeeper } from './session'
import type { Signing } from './types'

/**
 * The server signs each request, so no key ever reaches the phone. To `renew` is to ask again: keys
 * and clock are the server's.
 * @throws ServerError by its `code`
 */
export function serverSigning(session: SessionKeeper): Signing {
  return {
    signRequest: ({ method, key, query, headers, expires }) =>
      session.ask<SignedRequest>('/presign', { method, key, query, headers, expires }),

    signPostForm: ({ key, contentType, maxBytes, expires }) =>
      session.ask<SignedForm>('/post-form', { key, contentType, maxBytes, expires }),

    userPrefix: session.prefix,
  }
}
