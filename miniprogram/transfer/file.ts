import { failure, wxFailure } from './failure'

interface Callbacks<Result> {
  success(result: Result): void
  fail(error: { errMsg: string; errno?: number }): void
}

/**
 * Size of a local file in bytes, and its digest in hex where one is asked for: the phone computes it
 * without loading the file.
 * @throws Failure `FILE_UNREADABLE`
 */
export function fileInfo(
  filePath: string,
  digestAlgorithm?: 'md5' | 'sha1',
): Promise<{ size: number; digest: string }> {
  const algorithm = digestAlgorithm && { digestAlgorithm }
  return promised((callbacks: Callbacks<{ size: number; digest: string }>) =>
    wx
      .getFileSystemManager()
      .getFileInfo({ filePath, ...algorithm, ...(callbacks as Callbacks<{ size: number }>) }),
  )
}

/**
 * A whole local file; the platform's limit is 100 MB.
 * @throws Failure `FILE_UNREADABLE`
 */
export async function readFile(filePath: string): Promise<ArrayBuffer> {
  const { data } = await promised<{ data: string | ArrayBuffer }>((callbacks) =>
    wx.getFileSystemManager().readFile({ filePath, ...callbacks }),
  )
  return data as ArrayBuffer
}

/**
 * A local file as text, or its first `length` bytes.
 * @throws Failure `FILE_UNREADABLE`
 */
export async function readText(filePath: string, length?: number): Promise<string> {
  const range = length ? { position: 0, length } : undefined
  const { data } = await promised<{ data: string | ArrayBuffer }>((callbacks) =>
    wx.getFileSystemManager().readFile({ filePath, encoding: 'utf8', ...range, ...callbacks }),
  )
  return data as string
}

/**
 * Bytes of a local file of any size, from `position` on. They are read into `buffer` where it has
 * that length: a phone collects garbage late.
 * @throws Failure `FILE_UNREADABLE`; `FILE_CHANGED` where the file has fewer
 */
export async function readRange(
  filePath: string,
  position: number,
  length: number,
  buffer?: ArrayBuffer,
): Promise<ArrayBuffer> {
  const files = wx.getFileSystemManager()
  if (length === 0) return new ArrayBuffer(0)
  if (typeof files.open !== 'function') {
    const { data } = await promised<{ data: string | ArrayBuffer }>((callbacks) =>
      files.readFile({ filePath, position, length, ...callbacks }),
    )
    return data as ArrayBuffer
  }
  // A descriptor for each range: with position 0, read may go on from where the last one ended.
  const { fd } = await promised<{ fd: string }>((callbacks) =>
    files.open({ filePath, flag: 'r', ...callbacks }),
  )
  try {
    const target = buffer?.byteLength === length ? buffer : new ArrayBuffer(length)
    return await fill(files, fd, target, position)
  } finally {
    files.close({ fd })
  }
}

/** A read may give less than was asked for. */
async function fill(
  files: WechatMiniprogram.FileSystemManager,
  fd: string,
  buffer: ArrayBuffer,
  position: number,
): Promise<ArrayBuffer> {
  let arrayBuffer = buffer
  for (let offset = 0; offset < buffer.byteLength;) {
    const range = { position: position + offset, offset, length: buffer.byteLength - offset }
    const result = await promised<{ bytesRead: number; arrayBuffer: ArrayBuffer }>((callbacks) =>
      files.read({ fd, arrayBuffer, ...range, ...callbacks }),
    )
    if (result.bytesRead === 0) throw failure('FILE_CHANGED')
    offset += result.bytesRead
    ;({ arrayBuffer } = result)
  }
  return arrayBuffer
}

function promised<Result>(call: (callbacks: Callbacks<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (error) => reject(wxFailure(error)) })
  })
}
