import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { FromSchema } from 'json-schema-to-ts'

import { answers, session, sessionRequest } from '../api-schemas'
import type { Code2Session } from '../code2session'
import type { Config } from '../config'
import { ApiError } from '../errors'
import { createUserId, userPrefix, type Sessions } from '../sessions'

/**
 * `POST /session` `{ code }` → `{ token, expiresAt, serverTime, prefix }`
 *
 * Login: the code of `wx.login` becomes a session token. Authorization belongs here when not every
 * WeChat user may come in: look the openid up in your own users before a token is issued.
 */
export function sessionRoute(
  app: FastifyInstance,
  services: { config: Config; code2Session: Code2Session; sessions: Sessions; now: () => number },
): void {
  const { config, code2Session, sessions, now } = services

  app.post<{ Body: FromSchema<typeof sessionRequest> }>(
    '/session',
    {
      schema: {
        tags: ['Login'],
        summary:
          'Log in with a code from wx.login; send the token with each request for a key or signature',
        body: sessionRequest,
        response: answers(session),
      },
    },
    async (request): Promise<FromSchema<typeof session>> => {
      const openid = config.cloudBase
        ? openidOfCloudBase(request)
        : (await code2Session(request.body.code)).openid
      const userId = createUserId(config, openid)
      const { token, expiresAt } = await sessions.issue(userId)
      return {
        token,
        expiresAt,
        serverTime: Math.floor(now() / 1000),
        prefix: userPrefix(userId),
      }
    },
  )
}

/**
 * CloudBase puts the user's openid into a header of what comes through `wx.cloud.callContainer`, and
 * names its source in another. A client that reaches the service without WeChat can write both.
 * https://developers.weixin.qq.com/miniprogram/dev/wxcloudrun/src/guide/weixin/open.html
 */
function openidOfCloudBase({ headers }: FastifyRequest): string {
  const openid = headers['x-wx-openid']
  if (!headers['x-wx-source'] || typeof openid !== 'string' || openid === '') {
    const message = 'No openid of CloudBase: call through wx.cloud.callContainer'
    throw new ApiError(401, 'UNAUTHENTICATED', message)
  }
  return openid
}
