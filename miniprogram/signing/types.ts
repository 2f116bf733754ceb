import type {
  Credentials,
  ObjectLocation,
  SignableRequest,
  SignPostForm,
  SignRequest,
} from '../cos/index'

/** A key on the phone, and the bucket that it opens. */
export interface SigningKey extends Credentials, Omit<ObjectLocation, 'Key'> {
  Protocol: string
  /** The current time in milliseconds, whatever the phone's clock says. */
  Clock: () => number
  /** Largest upload in bytes that its policy allows. */
  maxBytes?: number
}

/** One source of signatures: the seams of `cos/types.ts`, and the keys that it signs with. */
export interface Signing {
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** The key that signs such a request on the phone. Not there where the server signs. */
  signingKey?(request: Pick<SignableRequest, 'method' | 'query'>): Promise<SigningKey>
  /** The prefix that every key of this user must have, such as `users/3f2a…/`. */
  userPrefix(): Promise<string>
}
