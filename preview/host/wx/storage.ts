const limitSize = 10 * 1024 // KB, of WeChat; a browser takes about as much

export function getStorageSync(key: string): unknown {
  const text = localStorage.getItem(key)
  return text === null ? '' : JSON.parse(text)
}

/** Throws in WeChat's words when the browser's storage is full. */
export function setStorageSync(key: string, data: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(data))
  } catch (error) {
    if ((error as Error).name !== 'QuotaExceededError') throw error
    const errMsg = 'setStorageSync:fail exceed storage max size 10Mb'
    throw Object.assign(new Error(errMsg), { errMsg })
  }
}

export function removeStorageSync(key: string): void {
  localStorage.removeItem(key)
}

/** Sizes are in KB. */
export function getStorageInfoSync(): WechatMiniprogram.GetStorageInfoSyncOption {
  const entries = Object.entries(localStorage)
  const characters = entries.reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  // A browser counts two bytes for each character.
  return {
    keys: entries.map(([key]) => key),
    currentSize: Math.ceil((characters * 2) / 1024),
    limitSize,
  }
}

/**
 * Sets the storage entries that the preview was started with. Later in the
 * same tab, what the mini program has changed stays, as it does on a phone; what it has removed is
 * set again.
 */
export function presetStorage(): void {
  const text = document.querySelector('#storage')?.textContent ?? '{}'
  const isKnown = sessionStorage.getItem('preset') === text
  sessionStorage.setItem('preset', text)
  for (const [key, data] of Object.entries(JSON.parse(text))) {
    if (!isKnown || getStorageSync(key) === '') setStorageSync(key, data)
  }
}
