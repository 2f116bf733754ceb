import { ApiFailure } from './async-api'

const files = new Map<string, Blob>()
const objectUrls = new Map<string, string>()

/** Keeps `blob` as a file and returns its path, which looks like WeChat's: `http://tmp/….png`. */
export function addTempFile(blob: Blob, extension: string): string {
  const name = Math.random().toString(36).slice(2)
  const path = `http://tmp/${name}${extension && `.${extension}`}`
  files.set(path, blob)
  return path
}

/** Keeps `blob` as the file `path`, in place of what was there. */
export function writeTempFile(path: string, blob: Blob): void {
  removeTempFile(path)
  files.set(path, blob)
}

/** Fails as WeChat does when there is no such file. */
export function readTempFile(path: string): Blob {
  const blob = files.get(path)
  if (!blob) throw new ApiFailure(`no such file or directory, open ${path}`, 1300002)
  return blob
}

export function removeTempFile(path: string): boolean {
  URL.revokeObjectURL(objectUrls.get(path) ?? '')
  objectUrls.delete(path)
  return files.delete(path)
}

/** What the browser can load for a path that the mini program uses, such as an image's `src`. */
export function urlOf(path: string): string {
  const blob = files.get(path)
  if (!blob) return path
  const url = objectUrls.get(path) ?? URL.createObjectURL(blob)
  objectUrls.set(path, url)
  return url
}

/** `png` of `a/b.png?c`, or an empty string. */
export function extensionOf(pathOrUrl: string): string {
  return /\.(\w+)(?:[?#].*)?$/.exec(pathOrUrl)?.[1]?.toLowerCase() ?? ''
}
