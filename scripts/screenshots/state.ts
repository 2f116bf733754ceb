import type { ScreenshotPhone } from './phone'

/** States of pages by their names, and how a person gets there. */
export type States = Record<string, (phone: ScreenshotPhone) => Promise<void>>
