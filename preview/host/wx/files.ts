import { ApiFailure, asyncApi } from './async-api'
import { digest, type DigestAlgorithm } from './digest'
import { readBlob } from './read-blob'
import { readTempFile, removeTempFile, writeTempFile } from './temp-files'

export const userDataPath = 'http://usr'

interface ReadFileOptions {
  filePath: string
  encoding?: string
  position?: number
  length?: number
}

interface ReadOptions {
  fd: string
  arrayBuffer: ArrayBuffer
  offset?: number
  length?: number
  position?: number
}

interface WriteOptions {
  filePath: string
  data: string | ArrayBuffer
}

interface OpenFile {
  blob: Blob
  /** Where a `read` without a position goes on. */
  pointer: number
}

const openFiles = new Map<string, OpenFile>()
let lastDescriptor = 0

// https://developers.weixin.qq.com/miniprogram/dev/api/file/FileSystemManager.read.html
const errno = { badDescriptor: 1300009, length: 1301006, offset: 1301007, position: 1301009 }

const fileSystemManager = {
  readFile: asyncApi('readFile', async ({ encoding, ...range }: ReadFileOptions) => {
    const bytes = await rangeOf(range).arrayBuffer()
    return { data: encoding ? decode(bytes, encoding) : bytes }
  }),
  open: asyncApi('open', ({ filePath, flag = 'r' }: { filePath: string; flag?: string }) => {
    if (flag !== 'r') throw new ApiFailure(`flag "${flag}" is not in the preview`)
    const fd = String(++lastDescriptor)
    openFiles.set(fd, { blob: readTempFile(filePath), pointer: 0 })
    return { fd }
  }),
  read: asyncApi('read', async (options: ReadOptions) => {
    const { fd, arrayBuffer, offset = 0, length = 0, position = 0 } = options
    const file = openFile(fd)
    requireRange('offset', offset, 0, arrayBuffer.byteLength)
    requireRange('length', length, 0, arrayBuffer.byteLength - offset)
    // Only a positive position leaves the pointer alone: a 0 reads on from it, as no position does.
    const isPositioned = position > 0
    const start = isPositioned ? position : file.pointer
    const range = file.blob.slice(start, start + length)
    if (!isPositioned) file.pointer += range.size
    let end = offset
    await readBlob(range, (chunk) => {
      new Uint8Array(arrayBuffer, end).set(chunk)
      end += chunk.length
    })
    return { bytesRead: range.size, arrayBuffer }
  }),
  close: asyncApi('close', ({ fd }: { fd: string }) => {
    openFile(fd)
    openFiles.delete(fd)
  }),
  writeFile: asyncApi('writeFile', ({ filePath, data }: WriteOptions) => {
    if (!filePath.startsWith(`${userDataPath}/`)) {
      throw new ApiFailure(`permission denied, open ${filePath}`, 1300013)
    }
    writeTempFile(filePath, new Blob([data]))
  }),
  getFileInfo: asyncApi(
    'getFileInfo',
    async (options: { filePath: string; digestAlgorithm?: DigestAlgorithm }) => {
      const { filePath, digestAlgorithm = 'md5' } = options
      const blob = readTempFile(filePath)
      return { size: blob.size, digest: await digest(blob, digestAlgorithm) }
    },
  ),
  stat: asyncApi('stat', ({ path }: { path: string }) => {
    const blob = readTempFile(path)
    const changedAt = blob instanceof File ? blob.lastModified : 0
    return { stats: { size: blob.size, lastModifiedTime: Math.floor(changedAt / 1000) } }
  }),
  access: asyncApi('access', ({ path }: { path: string }) => void readTempFile(path)),
  unlink: asyncApi('unlink', ({ filePath }: { filePath: string }) => {
    readTempFile(filePath) // fails where there is none
    removeTempFile(filePath)
  }),
}

export function getFileSystemManager() {
  return fileSystemManager
}

/** The part of a file that readFile is asked for, which must lie inside of the file. */
function rangeOf({ filePath, position, length }: ReadFileOptions): Blob {
  const blob = readTempFile(filePath)
  if (position !== undefined) requireRange('position', position, 0, blob.size - 1)
  if (length !== undefined) requireRange('length', length, 1, blob.size)
  const start = position ?? 0
  return blob.slice(start, start + (length ?? blob.size))
}

function requireRange(
  name: 'length' | 'offset' | 'position',
  value: number,
  least: number,
  most: number,
): void {
  if (value >= least && value <= most) return
  throw new ApiFailure(`the value of "${name}" is out of range`, errno[name])
}

function openFile(fd: string): OpenFile {
  const file = openFiles.get(fd)
  if (!file) throw new ApiFailure('bad file descriptor', errno.badDescriptor)
  return file
}

function decode(buffer: ArrayBuffer, encoding: string): string {
  const bytes = new Uint8Array(buffer)
  switch (encoding) {
    case 'utf8':
    case 'utf-8':
      return new TextDecoder().decode(bytes)
    case 'hex':
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    case 'base64':
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    default:
      throw new ApiFailure(`invalid encoding "${encoding}"`)
  }
}
