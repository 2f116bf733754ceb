import { wxFailure } from './failure'

/**
 * Size of a local file in bytes.
 * @throws Failure `FILE_UNREADABLE`
 */
export function fileSize(filePath: string): Promise<number> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().getFileInfo({
      filePath,
      success: ({ size }) => resolve(size),
      fail: (error) => reject(wxFailure(error)),
    })
  })
}

/**
 * A whole local file; the platform's limit is 100 MB.
 * @throws Failure `FILE_UNREADABLE`
 */
export function readFile(filePath: string): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      success: ({ data }) => resolve(data as ArrayBuffer),
      fail: (error) => reject(wxFailure(error)),
    })
  })
}

/**
 * A local file as text, or its first `length` bytes.
 * @throws Failure `FILE_UNREADABLE`
 */
export function readText(filePath: string, length?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      encoding: 'utf8',
      ...(length ? { position: 0, length } : {}),
      success: ({ data }) => resolve(data as string),
      fail: (error) => reject(wxFailure(error)),
    })
  })
}
