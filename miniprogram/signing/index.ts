/** Where signatures come from. Pages ask here and never know which source signs. */
import type { SignableRequest, SignPostForm, SignRequest } from '../cos/index'
import { permanentKeySigning, type PermanentKey } from './permanent-key'
import { storeServerUrl } from './server'
import { serverSigning } from './server-signed'
import { createSession } from './session'
import { temporaryKeySigning } from './temporary-key'
import type { Signing } from './types'

export { permanentKeyAllowed, type PermanentKey } from './permanent-key'
export { askConfig as serverConfig, isRelease, serverUrl } from './server'
export type { ServerConfig } from './server-api'
export type { SigningKey } from './types'

/** Who signs: the phone, with a key of the server or one typed in by hand, or the server itself. */
export type Source = 'temporary-key' | 'server-signed' | 'permanent-key'

/** The storage entry that remembers the choice. */
const SIGNING_SOURCE = 'signing-source'

let fromServer = signingFromServer()
/** Only while it is chosen, and never stored: the next launch knows nothing of it. */
let permanentKey: Signing | undefined

function signingFromServer() {
  const session = createSession()
  return {
    'temporary-key': temporaryKeySigning(session),
    'server-signed': serverSigning(session),
  }
}

function signing(): Signing {
  const source = signingSource()
  return source === 'permanent-key' ? permanentKey! : fromServer[source]
}

export const signRequest: SignRequest = (request) => signing().signRequest(request)

export const signPostForm: SignPostForm = (form) => signing().signPostForm(form)

/** The prefix that every key of this user must have, such as `users/3f2a…/`; empty where all may be used. */
export const userPrefix = () => signing().userPrefix()

/** The key that signs such a request on the phone; undefined where the server signs. */
export const signingKey = (request: Pick<SignableRequest, 'method' | 'query'>) =>
  Promise.resolve(signing().signingKey?.(request))

/** The source of the next signature. */
export function signingSource(): Source {
  if (permanentKey) return 'permanent-key'
  return wx.getStorageSync(SIGNING_SOURCE) === 'server-signed' ? 'server-signed' : 'temporary-key'
}

/**
 * Changes the source, from the next signature on. The choice is remembered, but for a permanent
 * key: the next launch has the source that was chosen before it.
 * @throws Error `NO_CREDENTIALS` for a permanent key in a release, or without one
 */
export function chooseSource(source: Source, key?: PermanentKey): void {
  if (source === 'permanent-key') {
    permanentKey = permanentKeySigning(key)
  } else {
    wx.setStorageSync(SIGNING_SOURCE, source)
    permanentKey = undefined
  }
}

/**
 * Changes the server, and forgets the login and the keys of the former one. Undefined: that of
 * `config.ts`, the only one that a release takes.
 */
export function chooseServer(url: string | undefined): void {
  storeServerUrl(url)
  fromServer = signingFromServer()
}

/** Forgets what was chosen: server, source, permanent key. */
export function forgetChoices(): void {
  chooseServer(undefined)
  wx.removeStorageSync(SIGNING_SOURCE)
  permanentKey = undefined
}
