/**
 * The keys that were uploaded last, kept in the storage of the mini program. They only
 * save typing: if the storage fails, uploads and pages still work, without a list.
 */

/** The storage entry: an array of keys, newest first. */
const RECENT_UPLOADS = 'recent-uploads'
const MOST = 10

/** The last ten keys, newest first, and of these the ones below `prefix`: a phone can change users. */
export function recentUploads(prefix: string): string[] {
  return keptKeys().filter((key) => key.startsWith(prefix))
}

export function rememberUpload(key: string): void {
  keep([key, ...keptKeys().filter((kept) => kept !== key)].slice(0, MOST))
}

/** Forgets a key, such as one that COS no longer has. */
export function forgetUpload(key: string): void {
  keep(keptKeys().filter((kept) => kept !== key))
}

/** Forgets every key below `prefix`. */
export function forgetUploads(prefix: string): void {
  keep(keptKeys().filter((key) => !key.startsWith(prefix)))
}

/** Whatever else the entry may hold, from another version or a hand, is not a key. */
function keptKeys(): string[] {
  try {
    const kept: unknown = wx.getStorageSync(RECENT_UPLOADS)
    return Array.isArray(kept) ? kept.filter((key): key is string => typeof key === 'string') : []
  } catch {
    return []
  }
}

function keep(keys: string[]): void {
  try {
    wx.setStorageSync(RECENT_UPLOADS, keys)
  } catch {
    // The storage is full: the list stays as it was, and is shown as it is.
  }
}
