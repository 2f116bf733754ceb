import { config } from '../config'
import { fieldsOf, refused, requestServer, type ServerError } from './server'
import type { Wx } from './wx'

declare const wx: Wx

/** The login of this user at our server. */
export interface ServerSession {
  /** The prefix that this user's keys must have, such as `users/3f2a…/`. */
  prefix(): Promise<string>
  /** Sends a request as this user. Logs in again once when the session has ended. */
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

interface Session {
  /** None for a backend without a login. */
  token?: string
  prefix: string
}

async function login(): Promise<Session> {
  if (!config.paths.session) return { prefix: config.prefix }
  const { code } = await new Promise<{ code: string }>((success, fail) => {
    wx.login({ success, fail })
  })
  const answer = await requestServer(config.paths.session, { code })
  const { token, prefix = config.prefix } = fieldsOf(answer)
  if (typeof token !== 'string') throw refused(200, answer, 'no token')
  return { token, prefix: String(prefix) }
}
