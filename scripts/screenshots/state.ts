import type { Phone } from './phone'

/** A state of a page, and how a person gets there. */
export interface State {
  name: string
  act(phone: Phone): Promise<void>
}
