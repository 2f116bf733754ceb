/** A query value of a page. WeChat does not decode it, and one typed by hand may not be encoded. */
export function queryValue(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? '')
  } catch {
    return value ?? ''
  }
}

export function openDownload(key: string): void {
  const query = `key=${encodeURIComponent(key)}`
  wx.navigateTo({ url: `/pages/download-object/download-object?${query}` })
}
