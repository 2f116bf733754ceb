/** Where signatures come from. Pages call these functions and do not know which source signs. */
import type { BucketKey } from '../cos/index'
import type { SignableRequest, SignPostForm, SignRequest } from '../transfer/signing'
import { permanentKeySigning } from './permanent-key'
import { saveServerUrl } from './server'
import { serverSigning } from './server-signed'
import { createSession } from './session'
import {
  permanentKeyInUse,
  saveSource,
  signingSource,
  usePermanentKey,
  type Source,
} from './source'
import { temporaryKeySigning } from './temporary-key'
import type { Signing } from './types'

export { permanentKeyAllowed } from './permanent-key'
export { signingSource, type Source } from './source'
export { fetchServerConfig as serverConfig, isRelease, serverUrl } from './server'
export type { ServerConfig } from './server-api'
export type { BucketKey } from '../cos/index'

let fromServer = signingFromServer()

function signingFromServer() {
  const session = createSession()
  return {
    'temporary-key': temporaryKeySigning(session),
    'server-signed': serverSigning(session),
  }
}

function signing(): Signing {
  const source = signingSource()
  return source === 'permanent-key' ? permanentKeyInUse()! : fromServer[source]
}

export const signRequest: SignRequest = (request) => signing().signRequest(request)

export const signPostForm: SignPostForm = (form) => signing().signPostForm(form)

/** The prefix that every key of this user must have, such as `users/3f2a…/`, or an empty text. */
export const userPrefix = () => signing().userPrefix()

/** A name as the user typed it, without the prefix that the user's keys have. */
export function withoutPrefix(key: string, prefix: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key
}

/** The whole object key of a name below the user's prefix. Waits for the login. */
export async function objectKey(name: string): Promise<string> {
  const prefix = await userPrefix()
  return prefix + withoutPrefix(name, prefix)
}

/** The key that signs such a request on the phone; undefined where the server signs. */
export const signingKey = (request: Pick<SignableRequest, 'method' | 'query'>) =>
  Promise.resolve(signing().signingKey?.(request))

/**
 * Changes the source, from the next signature on. A permanent key is not remembered: the next launch
 * has the source that was chosen before it.
 * @throws Error `NO_CREDENTIALS` for a permanent key in a release, or without one
 */
export function chooseSource(source: Source, key?: BucketKey): void {
  if (source === 'permanent-key') usePermanentKey(permanentKeySigning(key))
  else saveSource(source)
}

/**
 * Changes the server, and forgets the login and the keys of the previous one. Undefined: the server
 * of `config.ts`, the only one in a release.
 */
export function chooseServer(url: string | undefined): void {
  saveServerUrl(url)
  fromServer = signingFromServer()
}

/** Forgets the chosen server, source and permanent key. */
export function forgetChoices(): void {
  chooseServer(undefined)
  saveSource(undefined)
}
