import { refused, requestServer, type ServerError } from './server'
import type { Session } from './server-api'

/** The login of this user at our server. */
export interface ServerSession {
  /** The prefix that this user's keys must have, such as `users/3f2a…/`. */
  prefix(): Promise<string>
  /** Sends a request as this user. Logs in again once when the session has expired. */
  request<Answer extends object>(path: string, body: object): Promise<Answer>
}

/** Logs in once, and keeps the session token in memory: the next launch logs in again. */
export function createSession(): ServerSession {
  let pending: Promise<Session> | undefined

  function session(): Promise<Session> {
    pending ??= login().catch((error: unknown) => {
      pending = undefined
      throw error
    })
    return pending
  }

  return {
    prefix: () => session().then(({ prefix }) => prefix),
    async request<Answer extends object>(path: string, body: object) {
      const used = session()
      const { token } = await used
      try {
        return await requestServer<Answer>(path, body, token)
      } catch (error) {
        if ((error as ServerError).statusCode !== 401) throw error
        if (pending === used) pending = undefined
        return requestServer<Answer>(path, body, (await session()).token)
      }
    },
  }
}

function login(): Promise<Session> {
  return new Promise<{ code: string }>((success, fail) => {
    wx.login({ success, fail })
  }).then(async ({ code }) => {
    const session = await requestServer<Session>('/session', { code })
    if (typeof session.token === 'string' && typeof session.prefix === 'string') return session
    throw refused(200, session)
  })
}
