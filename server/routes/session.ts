import type { FastifyInstance } from 'fastify'

import type { Code2Session } from '../code2session'
import type { Config } from '../config'
import { createUserId, userPrefix, type Sessions } from '../sessions'

/**
 * `POST /session` `{ code }` → `{ token, expiresAt, serverTime, prefix }`
 *
 * Login: the code of `wx.login` becomes a session token. Authorisation belongs here when not every
 * WeChat user may come in: look the openid up in your own users before a token is issued.
 */
export function sessionRoute(
  app: FastifyInstance,
  services: { config: Config; code2Session: Code2Session; sessions: Sessions; now: () => number },
): void {
  const { config, code2Session, sessions, now } = services

  app.post<{ Body: { code: string } }>('/session', { schema }, async (request) => {
    const { openid } = await code2Session(request.body.code)
    const userId = createUserId(config, openid)
    const { token, expiresAt } = await sessions.issue(userId)
    return {
      token,
      expiresAt,
      serverTime: Math.floor(now() / 1000),
      prefix: userPrefix(userId),
    }
  })
}

const schema = {
  body: {
    type: 'object',
    required: ['code'],
    additionalProperties: false,
    properties: { code: { type: 'string', minLength: 1, maxLength: 256 } },
  },
}
