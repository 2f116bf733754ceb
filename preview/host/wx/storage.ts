export function getStorageSync(key: string): unknown {
  const text = localStorage.getItem(key)
  return text === null ? '' : JSON.parse(text)
}

export function setStorageSync(key: string, data: unknown): void {
  localStorage.setItem(key, JSON.stringify(data))
}

export function removeStorageSync(key: string): void {
  localStorage.removeItem(key)
}

/** Sets the entries that whoever started the preview wants the mini program to find. */
export function presetStorage(): void {
  const text = document.querySelector('#storage')?.textContent ?? '{}'
  for (const [key, data] of Object.entries(JSON.parse(text))) setStorageSync(key, data)
}
