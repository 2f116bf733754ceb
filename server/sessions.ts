import { createHmac } from 'node:crypto'

import { errors, jwtVerify, SignJWT } from 'jose'

import type { Config } from './config'
import { ApiError } from './errors'

const SESSION_SECONDS = 2 * 60 * 60
const ISSUER = 'cos-presign-miniprogram'
const AUDIENCE = 'cos-presign-miniprogram/session'
const ALGORITHM = 'HS256'

export type Sessions = ReturnType<typeof createSessions>

/**
 * Session tokens: signed (JWT, RFC 7519), not stored, so every process with the same secret knows
 * them. A token holds the user's id of `createUserId` and nothing else about the user.
 *
 * @param now milliseconds since 1970
 */
export function createSessions({ sessionSecret }: Config, now: () => number) {
  const secret = new TextEncoder().encode(sessionSecret)

  return {
    /** @returns the token and when it ends, in unix seconds */
    async issue(userId: string): Promise<{ token: string; expiresAt: number }> {
      const issuedAt = Math.floor(now() / 1000)
      const expiresAt = issuedAt + SESSION_SECONDS
      const token = await new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(secret)
      return { token, expiresAt }
    },

    /**
     * @param authorization the header of that name: `Bearer <token>`
     * @returns the user's id
     * @throws ApiError 401 `UNAUTHENTICATED`
     */
    async verify(authorization: string | undefined): Promise<string> {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
      if (token === undefined) throw unauthenticated('Log in first: POST /session')
      const { payload } = await jwtVerify<{ sub: string }>(token, secret, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'iat', 'exp'],
        currentDate: new Date(now()),
      }).catch((error: unknown) => {
        throw error instanceof errors.JWTExpired
          ? unauthenticated('The session has expired: log in again', error)
          : unauthenticated('The session is not valid: log in again', error)
      })
      return payload.sub
    },
  }
}

function unauthenticated(message: string, cause?: unknown): ApiError {
  return new ApiError(401, 'UNAUTHENTICATED', message, { cause })
}

/**
 * The user's id in keys of objects: a keyed hash, because keys appear in URLs and logs, and neither
 * the openid nor a guess of it must be found there.
 */
export function createUserId({ userIdSecret }: Config, openid: string): string {
  return createHmac('sha256', userIdSecret).update(openid).digest('hex').slice(0, 32)
}

/** A user writes and reads only below this. */
export function userPrefix(userId: string): string {
  return `users/${userId}/`
}
