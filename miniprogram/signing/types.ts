import type { SignableRequest, SignPostForm, SignRequest } from '../cos/index'
import type { SigningKey } from './sign-with-key'

/** One source of signatures: the seams of `cos/types.ts`, and the keys that it signs for. */
export interface Signing {
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** The key that signs such a request on the phone. Not there where the server signs. */
  signingKey?(request: Pick<SignableRequest, 'method' | 'query'>): Promise<SigningKey>
  /** The prefix that every key of this user must have, such as `users/3f2a…/`. */
  userPrefix(): Promise<string>
}
