import type { PickedFile } from '../components/picked-file'

/** A query value of a page. WeChat does not decode it, and one typed by hand may not be encoded. */
export function queryValue(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? '')
  } catch {
    return value ?? ''
  }
}

/** A file that another page hands over: a temporary path is valid while the app runs. */
export function queryFile(value: string | undefined): PickedFile | null {
  return value ? (JSON.parse(queryValue(value)) as PickedFile) : null
}

export function openMultipart(file: PickedFile): void {
  const query = `file=${encodeURIComponent(JSON.stringify(file))}`
  wx.navigateTo({ url: `/pages/multipart-upload/multipart-upload?${query}` })
}

export function openDownload(key: string): void {
  const query = `key=${encodeURIComponent(key)}`
  wx.navigateTo({ url: `/pages/download-object/download-object?${query}` })
}
