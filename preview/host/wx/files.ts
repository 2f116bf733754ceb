import { ApiFailure, asyncApi } from './async-api'
import { readTempFile, removeTempFile, writeTempFile } from './temp-files'

export const userDataPath = 'http://usr'

interface ReadOptions {
  filePath: string
  encoding?: string
  position?: number
  length?: number
}

interface WriteOptions {
  filePath: string
  data: string | ArrayBuffer
}

const digests: Record<string, string> = { sha1: 'SHA-1', sha256: 'SHA-256' }

const fileSystemManager = {
  readFile: asyncApi('readFile', async ({ filePath, encoding, position, length }: ReadOptions) => {
    const blob = readTempFile(filePath)
    const start = position ?? 0
    const bytes = await blob
      .slice(start, length === undefined ? blob.size : start + length)
      .arrayBuffer()
    return { data: encoding ? decode(bytes, encoding) : bytes }
  }),
  writeFile: asyncApi('writeFile', ({ filePath, data }: WriteOptions) => {
    if (!filePath.startsWith(`${userDataPath}/`)) {
      throw new ApiFailure(`permission denied, open '${filePath}'`, 1300013)
    }
    writeTempFile(filePath, new Blob([data]))
  }),
  getFileInfo: asyncApi(
    'getFileInfo',
    async ({ filePath, digestAlgorithm }: { filePath: string; digestAlgorithm?: string }) => {
      const blob = readTempFile(filePath)
      if (!digestAlgorithm) return { size: blob.size }
      const algorithm = digests[digestAlgorithm]
      if (!algorithm) throw new ApiFailure(`${digestAlgorithm} is not in the preview`)
      const digest = await crypto.subtle.digest(algorithm, await blob.arrayBuffer())
      return { size: blob.size, digest: decode(digest, 'hex') }
    },
  ),
  access: asyncApi('access', ({ path }: { path: string }) => void readTempFile(path)),
  unlink: asyncApi('unlink', ({ filePath }: { filePath: string }) => {
    if (!removeTempFile(filePath)) {
      throw new ApiFailure(`no such file or directory, unlink '${filePath}'`, 1300002)
    }
  }),
}

export function getFileSystemManager() {
  return fileSystemManager
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
