import { createHash, type Hash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs'
import { open, rm, stat, writeFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { tempDir } from '../temp-dir'
import { answer, FailReason } from './answer'

export type Bytes = string | ArrayBuffer | Uint8Array

/** A file of any size that is not on the disk: its bytes are made when they are read. */
export interface SyntheticFile {
  size: number
  /** The `length` bytes from `position` on; the same ones each time. */
  fill(position: number, length: number): Uint8Array
}

/** A file that is open for reading. */
interface Reader {
  size: number
  /** Fills `target` from `position`, or from where the last read without a position ended. */
  read(target: Uint8Array, position: number | null): Promise<number>
  close(): Promise<void>
}

type FileSystem = Pick<
  WechatMiniprogram.FileSystemManager,
  | 'access'
  | 'close'
  | 'getFileInfo'
  | 'open'
  | 'read'
  | 'readFile'
  | 'stat'
  | 'unlink'
  | 'writeFile'
>

const chunkSize = 64 * 1024
const hashChunk = Buffer.alloc(1024 * 1024)

const DIGESTS = ['md5', 'sha1', 'sha256']

/** The errno of each argument. */
const OUT_OF_RANGE = { length: 1301006, offset: 1301007, position: 1301009 }

/** Copies into an ArrayBuffer of the realm the test runs in, which is not Buffer's under jsdom. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return copy.buffer
}

export function toBuffer(bytes: Bytes): Buffer {
  if (typeof bytes === 'string') return Buffer.from(bytes)
  if (ArrayBuffer.isView(bytes)) {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return Buffer.from(bytes)
}

async function openReal(real: string): Promise<Reader> {
  const handle = await open(real)
  const { size } = await handle.stat()
  return {
    size,
    read: async (target, position) =>
      (await handle.read(target, 0, target.length, position)).bytesRead,
    close: () => handle.close(),
  }
}

function openSynthetic(file: SyntheticFile): Reader {
  let pointer = 0
  return {
    size: file.size,
    async read(target, position) {
      const start = position ?? pointer
      const length = Math.max(0, Math.min(target.length, file.size - start))
      target.set(file.fill(start, length))
      if (position === null) pointer += length
      return length
    },
    async close() {},
  }
}

/** In one go, as a phone does it outside of JavaScript. */
function hashFile(hash: Hash, real: string): void {
  const descriptor = openSync(real, 'r')
  try {
    for (let length; (length = readSync(descriptor, hashChunk)) > 0;) {
      hash.update(hashChunk.subarray(0, length))
    }
  } finally {
    closeSync(descriptor)
  }
}

/** The phone's files: `wxfile://…` paths, on a temporary directory. */
export class Files {
  private readonly dir = tempDir()
  private readonly synthetic = new Map<string, SyntheticFile>()
  private readonly readers = new Map<string, Reader>()
  private readonly writes = new Set<Promise<unknown>>()
  private serial = 0

  constructor() {
    mkdirSync(join(this.dir.path, 'usr'))
  }

  /** The real path of a `wxfile://` path. */
  real(path: string): string {
    const real = resolve(this.dir.path, path.replace(/^wxfile:\/\//, ''))
    if (!path.startsWith('wxfile://') || !real.startsWith(this.dir.path + sep)) {
      throw new FailReason(`permission denied, open ${path}`, 1300013)
    }
    return real
  }

  newTempPath(name = ''): string {
    return `wxfile://tmp_${++this.serial}${extname(name)}`
  }

  addTempFile(content: Bytes | SyntheticFile, name?: string): string {
    const path = this.newTempPath(name)
    if (typeof content === 'object' && 'size' in content) this.synthetic.set(path, content)
    else writeFileSync(this.real(path), toBuffer(content))
    return path
  }

  async size(path: string): Promise<number> {
    return this.synthetic.get(path)?.size ?? (await this.use(path, (real) => stat(real))).size
  }

  /** Unix seconds. */
  private async changedAt(path: string): Promise<number> {
    if (this.synthetic.has(path)) return 0
    const { mtimeMs } = await this.use(path, (real) => stat(real))
    return Math.floor(mtimeMs / 1000)
  }

  /** The bytes of a file, never all of them at once. */
  async *chunks(path: string): AsyncGenerator<Buffer> {
    const reader = await this.open(path)
    try {
      for (;;) {
        const chunk = Buffer.allocUnsafe(chunkSize)
        const length = await reader.read(chunk, null)
        if (length === 0) return
        yield chunk.subarray(0, length)
      }
    } finally {
      await reader.close()
    }
  }

  /** Runs an operation on a path, with WeChat's words and number for a missing file. */
  async use<T>(path: string, operation: (real: string) => Promise<T>): Promise<T> {
    try {
      return await operation(this.real(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      throw new FailReason(`no such file or directory, open ${path}`, 1300002)
    }
  }

  /** Lets `dispose` wait for what writes here. */
  async write<T>(work: () => Promise<T>): Promise<T> {
    const writing = work()
    this.writes.add(writing)
    try {
      return await writing
    } finally {
      this.writes.delete(writing)
    }
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.writes)
    await Promise.all([...this.readers.values()].map((reader) => reader.close()))
    this.readers.clear()
    this.dir.remove()
  }

  readonly manager: FileSystem = {
    access: (option) =>
      answer('access', option, async () => {
        await this.size(option.path)
      }),
    getFileInfo: (option) => answer('getFileInfo', option, () => this.info(option)),
    stat: (option) =>
      answer('stat', option, async () => {
        const size = await this.size(option.path)
        const lastModifiedTime = await this.changedAt(option.path)
        const isDirectory = () => false
        return { stats: { size, lastModifiedTime, isDirectory } as WechatMiniprogram.Stats }
      }),
    readFile: (option) => answer('readFile', option, () => this.readFile(option)),
    unlink: (option) =>
      answer('unlink', option, async () => {
        if (this.synthetic.delete(option.filePath)) return
        await this.use(option.filePath, (real) => rm(real))
      }),
    writeFile: (option) =>
      answer('writeFile', option, () =>
        this.use(option.filePath, (real) => {
          const { data, encoding } = option
          return writeFile(real, typeof data === 'string' ? data : toBuffer(data), encoding)
        }),
      ),
    open: (option) =>
      answer('open', option, async () => {
        if ((option.flag ?? 'r') !== 'r') throw new FailReason('node-wx opens for reading only')
        const reader = await this.open(option.filePath)
        const fd = String(++this.serial)
        this.readers.set(fd, reader)
        return { fd }
      }),
    read: (option) => answer('read', option, () => this.read(option)),
    close: (option) =>
      answer('close', option, async () => {
        const reader = this.reader(option.fd)
        this.readers.delete(option.fd)
        await reader.close()
      }),
  }

  private async open(path: string): Promise<Reader> {
    const synthetic = this.synthetic.get(path)
    return synthetic ? openSynthetic(synthetic) : this.use(path, openReal)
  }

  private reader(fd: string): Reader {
    const reader = this.readers.get(fd)
    if (!reader) throw new FailReason('bad file descriptor', 1300009)
    return reader
  }

  private async info({ filePath, digestAlgorithm = 'md5' }: WechatMiniprogram.GetFileInfoOption) {
    const size = await this.size(filePath)
    if (!DIGESTS.includes(digestAlgorithm)) {
      throw new FailReason(`invalid digestAlgorithm "${digestAlgorithm}"`)
    }
    const hash = createHash(digestAlgorithm)
    if (this.synthetic.has(filePath)) {
      for await (const chunk of this.chunks(filePath)) hash.update(chunk)
    } else {
      await this.use(filePath, async (real) => hashFile(hash, real))
    }
    return { size, digest: hash.digest('hex') }
  }

  private async read(option: WechatMiniprogram.ReadOption) {
    const { fd, arrayBuffer, offset = 0, length = 0, position = 0 } = option
    const reader = this.reader(fd)
    requireRange('offset', offset, 0, arrayBuffer.byteLength)
    requireRange('length', length, 0, arrayBuffer.byteLength - offset)
    // Only a positive position leaves the pointer alone: a 0 reads on from it, as no position does.
    const target = new Uint8Array(arrayBuffer, offset, length)
    const bytesRead = await reader.read(target, position > 0 ? position : null)
    return { bytesRead, arrayBuffer }
  }

  private async readFile(option: WechatMiniprogram.ReadFileOption) {
    const { filePath, position, length, encoding } = option
    const reader = await this.open(filePath)
    try {
      if (position !== undefined) requireRange('position', position, 0, reader.size - 1)
      if (length !== undefined) requireRange('length', length, 1, reader.size)
      const start = position ?? 0
      const bytes = Buffer.alloc(Math.min(length ?? reader.size, reader.size - start))
      await reader.read(bytes, start)
      return { data: encoding ? bytes.toString(encoding) : toArrayBuffer(bytes) }
    } finally {
      await reader.close()
    }
  }
}

/** The ranges of the manual. */
function requireRange(
  name: keyof typeof OUT_OF_RANGE,
  value: number,
  least: number,
  most: number,
): void {
  if (value >= least && value <= most) return
  throw new FailReason(`the value of "${name}" is out of range`, OUT_OF_RANGE[name])
}
