import { failure, wxFailure } from './failure'
import { getWx, type Callbacks, type FileStats, type ReadFileOption } from './wx'

const files = () => getWx().getFileSystemManager()

/**
 * Size of a local file in bytes, and its MD5 in hex where the base library computes one. The phone
 * reads the whole file for it, in native code.
 * @throws Failure `FILE_UNREADABLE`
 */
export function fileDigest(filePath: string): Promise<{ size: number; digest?: string }> {
  return promised((callbacks: Callbacks<{ size: number; digest?: string }>) =>
    files().getFileInfo({ filePath, digestAlgorithm: 'md5', ...callbacks }),
  )
}

/**
 * Size in bytes and time of the last change in unix seconds, without reading the file.
 * @throws Failure `FILE_UNREADABLE`
 */
export async function fileStat(path: string): Promise<{ size: number; changedAt: number }> {
  const { stats } = await promised((callbacks: Callbacks<{ stats: FileStats | object[] }>) =>
    files().stat({ path, ...callbacks }),
  )
  const { size, lastModifiedTime } = stats as FileStats
  return { size, changedAt: lastModifiedTime }
}

/** @throws Failure `FILE_TOO_LARGE` where the storage of the phone is full */
export async function writeFile(filePath: string, data: ArrayBuffer | string): Promise<void> {
  await promised((callbacks) =>
    files().writeFile({ filePath, data, encoding: 'utf8', ...callbacks }),
  )
}

/** Removes a file that is not needed any more. What cannot be removed is overwritten or cleared later. */
export function removeFile(filePath: string): void {
  files().unlink({ filePath, fail: () => {} })
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

function read<Data extends string | ArrayBuffer>(option: ReadFileOption): Promise<Data> {
  return promised((callbacks: Callbacks<{ data: string | ArrayBuffer }>) =>
    files().readFile({ ...option, ...callbacks }),
  ).then(({ data }) => data as Data)
}

/**
 * Bytes of a local file of any size, from `position` on. They are read into `buffer` where it has
 * that length: a phone collects garbage late.
 * @throws Failure `FILE_UNREADABLE`, also where the platform reads other bytes; `FILE_CHANGED` where
 * the file has fewer
 */
export async function readRange(
  filePath: string,
  position: number,
  length: number,
  buffer?: ArrayBuffer,
): Promise<ArrayBuffer> {
  // A descriptor for each range: with position 0, read may continue where the last one ended.
  const { fd } = await promised((callbacks: Callbacks<{ fd: string }>) =>
    files().open({ filePath, flag: 'r', ...callbacks }),
  )
  try {
    const target = buffer?.byteLength === length ? buffer : new ArrayBuffer(length)
    const samples = readSamples(filePath, position, length)
    samples.catch(() => {}) // if `fill` fails too, its error says more
    const data = await fill(target, fd, position)
    for (const sample of await samples) checkSample(sample, data)
    return data
  } finally {
    files().close({ fd, fail: () => {} }) // nothing is written, so nothing can be lost
  }
}

/** Bytes: enough to differ in most files, few enough to compare without a JIT. */
const SAMPLE = 1024

interface Sample {
  /** Where it is in the range. */
  start: number
  bytes: ArrayBuffer
}

/**
 * Bytes at the end of a range, which a short read misses, and somewhere in it: files may have the same
 * bytes at each end of many ranges. They are read in another way.
 */
function readSamples(filePath: string, position: number, rangeLength: number): Promise<Sample[]> {
  const length = Math.min(SAMPLE, rangeLength)
  if (length === 0) return Promise.resolve([])
  const last = rangeLength - length
  const starts = last === 0 ? [0] : [Math.floor(Math.random() * last), last]
  return Promise.all(
    starts.map(async (start) => ({
      start,
      bytes: await read<ArrayBuffer>({ filePath, position: position + start, length }),
    })),
  )
}

/** A platform that ignores `position` would upload a wrong file. */
function checkSample({ start, bytes }: Sample, data: ArrayBuffer): void {
  const actual = new Uint8Array(data, start, bytes.byteLength)
  if (new Uint8Array(bytes).every((byte, index) => byte === actual[index])) return
  throw failure('FILE_UNREADABLE', { errorMessage: 'read gave the bytes of another position' })
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
  const { bytesRead, arrayBuffer } = await promised(
    (callbacks: Callbacks<{ bytesRead: number; arrayBuffer: ArrayBuffer }>) =>
      files().read({ fd, arrayBuffer: buffer, ...range, ...callbacks }),
  )
  if (bytesRead === 0) throw failure('FILE_CHANGED')
  return fill(arrayBuffer, fd, position, offset + bytesRead)
}

function promised<Result>(call: (callbacks: Callbacks<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call({ success: resolve, fail: (error) => reject(wxFailure(error)) })
  })
}
