/**
 * The part of `wx` that transfers use. It is declared here because older typings lack some of it:
 * this folder compiles with any version of miniprogram-api-typings, or without.
 */
import { failure, type WxError } from './failure'
import type { Headers } from './response'
import type { Method } from './signing'

export interface Callbacks<Result> {
  success(result: Result): void
  fail(error: WxError): void
}

type Call<Option, Result, Returned = void> = (option: Option & Callbacks<Result>) => Returned

interface Task {
  abort(): void
}

interface TaskWithProgress<Progress> extends Task {
  onHeadersReceived(listener: (result: { header: Headers }) => void): void
  onProgressUpdate(listener: (progress: Progress) => void): void
}

/** Where wx refuses a call it gives no task, and `fail` says why. */
export interface Wx {
  env: { USER_DATA_PATH: string }
  getFileSystemManager(): Files
  getStorageInfoSync(): { keys: string[] }
  getStorageSync(key: string): unknown
  setStorageSync(key: string, data: unknown): void
  removeStorageSync(key: string): void
  request: Call<
    {
      url: string
      method: Method
      header: Record<string, string>
      data?: ArrayBuffer | string
      timeout: number
      dataType: '其他'
    },
    { statusCode: number; header?: Headers; data: unknown },
    Task | undefined
  >
  uploadFile: Call<
    {
      url: string
      filePath: string
      name: string
      formData: Record<string, string>
      timeout: number
    },
    { statusCode: number; data: string },
    TaskWithProgress<{ totalBytesSent: number; totalBytesExpectedToSend: number }> | undefined
  >
  downloadFile: Call<
    { url: string; header: Record<string, string>; timeout: number },
    { statusCode: number; tempFilePath: string },
    TaskWithProgress<{ totalBytesWritten: number; totalBytesExpectedToWrite: number }> | undefined
  >
}

export interface ReadFileOption {
  filePath: string
  encoding?: 'utf8'
  position?: number
  length?: number
}

/** FileSystemManager. */
interface Files {
  getFileInfo: Call<{ filePath: string; digestAlgorithm: 'md5' }, { size: number; digest?: string }>
  stat: Call<{ path: string }, { stats: FileStats | object[] }>
  readFile: Call<ReadFileOption, { data: ArrayBuffer | string }>
  writeFile: Call<{ filePath: string; data: ArrayBuffer | string; encoding: 'utf8' }, unknown>
  open: Call<{ filePath: string; flag: 'r' }, { fd: string }>
  read: Call<
    { fd: string; arrayBuffer: ArrayBuffer; offset: number; length: number; position: number },
    { bytesRead: number; arrayBuffer: ArrayBuffer }
  >
  close(option: { fd: string; fail(): void }): void
  unlink(option: { filePath: string; fail(): void }): void
}

/** Of a file. With `recursive`, which is not used here, a list. */
export interface FileStats {
  size: number
  lastModifiedTime: number
}

declare const wx: Wx | undefined

/**
 * WeChat's `wx`. Web pages in WeChat have one, too, which moves no files.
 * @throws Failure `NO_WX` on another platform
 */
export function getWx(): Wx {
  if (typeof wx !== 'undefined' && typeof wx.getFileSystemManager === 'function') return wx
  const errorMessage = 'transfer/ needs wx: it runs in WeChat mini programs only'
  throw failure('NO_WX', { errorMessage })
}
