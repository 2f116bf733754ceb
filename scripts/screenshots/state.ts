import type { Phone } from './phone'

/** States of pages by their names, and how a person gets there. */
export type States = Record<string, (phone: Phone) => Promise<void>>
