/** Where signatures come from. Pages ask here and never know which source signs. */
import { askServer } from './server'
import { createSession } from './session'
import { temporaryKeySigning } from './temporary-key'

/** What `GET /config` answers: nothing secret. */
export interface ServerConfig {
  bucket: string
  region: string
  protocol: string
  host: string
  /** Largest upload in bytes. */
  maxBytes: number
  /** True where the server talks to the local cloud instead of Tencent Cloud. */
  localCloud: boolean
  /** Unix seconds. */
  serverTime: number
}

const session = createSession()

export const { signRequest, signPostForm, forget } = temporaryKeySigning(session)

/** The prefix that every key of this user must have, such as `users/3f2a…/`. */
export const userPrefix = () => session.prefix()

export const serverConfig = () => askServer<ServerConfig>('/config')
