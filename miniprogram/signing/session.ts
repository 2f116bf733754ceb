import { askServer, type ServerError } from './server'
import type { Session } from './server-api'

/** The login of this user at our server, shared by all that need it. */
export interface SessionKeeper {
  /** The prefix that this user's keys must have, such as `users/3f2a…/`. */
  prefix(): Promise<string>
  /** Asks the server in the name of this user; logs in anew, once, when the session has ended. */
  ask<Answer extends object>(path: string, body: object): Promise<Answer>
}

/** A session token is kept in memory only: the next launch logs in again, silently. */
export function createSession(): SessionKeeper {
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
    async ask<Answer extends object>(path: string, body: object) {
      const used = session()
      const { token } = await used
      try {
        return await askServer<Answer>(path, body, token)
      } catch (error) {
        if ((error as ServerError).statusCode !== 401) throw error
        if (pending === used) pending = undefined
        return askServer<Answer>(path, body, (await session()).token)
      }
    },
  }
}

function login(): Promise<Session> {
  return wx.login().then(({ code }) => askServer<Session>('/session', { code }))
}
