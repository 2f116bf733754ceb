import type { FastifyInstance } from 'fastify'

import type { Sessions } from './sessions'

/**
 * Every route of `app` wants `Authorization: Bearer <token>`, and finds whose it is in
 * `request.userId`. Without a valid session the body is not even read: 401 `UNAUTHENTICATED`.
 */
export function requireSession(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('userId', '')
  app.addHook('onRequest', async (request) => {
    request.userId = await sessions.verify(request.headers.authorization)
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose session the request carries, where a session is required. */
    userId: string
  }
}
