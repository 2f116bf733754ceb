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
export function readFile(filePath: string): Promise<ArrayBuffer> {
  return read<ArrayBuffer>({ filePath })
}

/**
 * A local file as text, or its first `length` bytes.
 * @throws Failure `FILE_UNREADABLE`
 */
export function readText(filePath: string, length?: number): Promise<string> {
  return read<string>({ filePath, encoding: 'utf8', ...(length && { position: 0, length }) })
}

function read<Data extends string | ArrayBuffer>(
  option: WechatMiniprogram.ReadFileOption,
): Promise<Data> {
  return promised<WechatMiniprogram.ReadFileSuccessCallbackResult>((callbacks) =>
    wx.getFileSystemManager().readFile({ ...option, ...callbacks }),
  ).then(({ data }) => data as Data)
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
  // A descriptor for each range: with position 0, read may go on from where the last one ended.
  const { fd } = await promised<WechatMiniprogram.OpenSuccessCallbackResult>((callbacks) =>
    files.open({ filePath, flag: 'r', ...callbacks }),
  )
  try {
    const target = buffer?.byteLength === length ? buffer : new ArrayBuffer(length)
    return await fill(target, fd, position)
  } finally {
    files.close({ fd })
  }
}

/** Reads the bytes from `offset` on. A read may give less than was asked for. */
async function fill(
  buffer: ArrayBuffer,
  fd: string,
  position: number,
  offset = 0,
): Promise<ArrayBuffer> {
  const length = buffer.byteLength - offset
  if (length === 0) return buffer
  const range = { offset, length, position: position + offset }
  const { bytesRead, arrayBuffer } = await promised<WechatMiniprogram.ReadSuccessCallbackResult>(
    (callbacks) =>
      wx.getFileSystemManager().read({ fd, arrayBuffer: buffer, ...range, ...callbacks }),
  )
  if (bytesRead === 0) throw failure('FILE_CHANGED')
  return fill(arrayBuffer, fd, position, offset + bytesRead)
}

function promised<Result>(call: (callbacks: Callbacks<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (error) => reject(wxFailure(error)) })
  })
}
