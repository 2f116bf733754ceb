import type { SignPostForm, SignRequest } from '../cos/index'

/** One source of signatures: the seams of `cos/types.ts`, and the keys that it signs for. */
export interface Signing {
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** The prefix that every key of this user must have, such as `users/3f2a…/`. */
  userPrefix(): Promise<string>
}
