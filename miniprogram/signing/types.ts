import type { BucketKey } from '../cos/index'
import type { SignableRequest, SignPostForm, SignRequest } from '../transfer/signing'

/** One source of signatures: the two functions that transfers take, and what goes with them. */
export interface Signing {
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** The key that signs such a request on the phone. Not there where the server signs. */
  signingKey?(request: Pick<SignableRequest, 'method' | 'query'>): Promise<BucketKey>
  /** The prefix that every key of this user must have, such as `users/3f2a…/`. */
  userPrefix(): Promise<string>
}
