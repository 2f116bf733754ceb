/** Which source signs. Loads no signer, so that a page can ask before it needs one. */
import type { Signing } from './types'
import type { Wx } from './wx'

declare const wx: Wx

/** Who signs: the phone, with a key of the server or one typed in by hand, or the server itself. */
export type Source = 'temporary-key' | 'server-signed' | 'permanent-key'

/** The storage entry that remembers the choice. */
const SIGNING_SOURCE = 'signing-source'

/** In memory only: the next launch does not have it. */
let permanentKey: Signing | undefined

/** The source of the next signature. */
export function signingSource(): Source {
  if (permanentKey) return 'permanent-key'
  return wx.getStorageSync(SIGNING_SOURCE) === 'server-signed' ? 'server-signed' : 'temporary-key'
}

/** What signs with the permanent key in use. */
export const permanentKeyInUse = (): Signing | undefined => permanentKey

/** A permanent key signs until another source is chosen, or the app ends. */
export function usePermanentKey(signing: Signing): void {
  permanentKey = signing
}

/** Undefined: the default. */
export function saveSource(source: Source | undefined): void {
  if (source) wx.setStorageSync(SIGNING_SOURCE, source)
  else wx.removeStorageSync(SIGNING_SOURCE)
  permanentKey = undefined
}
