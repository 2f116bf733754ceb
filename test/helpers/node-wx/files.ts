import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { open, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { tempDir } from '../temp-dir'
import { answer, FailReason } from './answer'

export type Bytes = string | ArrayBuffer | Uint8Array

type FileSystem = Pick<
  WechatMiniprogram.FileSystemManager,
  'access' | 'close' | 'getFileInfo' | 'open' | 'read' | 'readFile' | 'unlink' | 'writeFile'
>

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

/** The phone's files: `wxfile://…` paths, on a temporary directory. */
export class Files {
  private readonly dir = tempDir()
  private readonly handles = new Map<string, FileHandle>()
  private serial = 0

  constructor() {
    mkdirSync(join(this.dir.path, 'usr'))
  }

  /** The real path of a `wxfile://` path. */
  real(path: string): string {
    const real = resolve(this.dir.path, path.replace(/^wxfile:\/\//, ''))
    if (!path.startsWith('wxfile://') || !real.startsWith(this.dir.path + sep)) {
      throw new FailReason(`permission denied, open "${path}"`, 1300013)
    }
    return real
  }

  newTempPath(name = ''): string {
    return `wxfile://tmp_${++this.serial}${extname(name)}`
  }

  addTempFile(bytes: Bytes, name?: string): string {
    const path = this.newTempPath(name)
    writeFileSync(this.real(path), toBuffer(bytes))
    return path
  }

  /** Runs an operation on a path, with WeChat's words and number for a missing file. */
  async use<T>(path: string, operation: (real: string) => Promise<T>): Promise<T> {
    try {
      return await operation(this.real(path))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      throw new FailReason(`no such file or directory, open "${path}"`, 1300002)
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.handles.values()].map((handle) => handle.close()))
    this.handles.clear()
    this.dir.remove()
  }

  readonly manager: FileSystem = {
    access: (option) =>
      answer('access', option, async () => {
        await this.use(option.path, (real) => stat(real))
      }),
    getFileInfo: (option) => answer('getFileInfo', option, () => this.info(option)),
    readFile: (option) => answer('readFile', option, () => this.read(option)),
    unlink: (option) =>
      answer('unlink', option, () => this.use(option.filePath, (real) => rm(real))),
    writeFile: (option) =>
      answer('writeFile', option, () =>
        this.use(option.filePath, (real) => {
          const { data, encoding } = option
          return writeFile(real, typeof data === 'string' ? data : toBuffer(data), encoding)
        }),
      ),
    open: (option) =>
      answer('open', option, async () => {
        const fd = String(++this.serial)
        const handle = await this.use(option.filePath, (real) => open(real, option.flag))
        this.handles.set(fd, handle)
        return { fd }
      }),
    read: (option) =>
      answer('read', option, async () => {
        const { arrayBuffer, offset = 0, length = 0, position = null } = option
        const view = new Uint8Array(arrayBuffer)
        const { bytesRead } = await this.handle(option.fd).read(view, offset, length, position)
        return { bytesRead, arrayBuffer }
      }),
    close: (option) =>
      answer('close', option, async () => {
        await this.handle(option.fd).close()
        this.handles.delete(option.fd)
      }),
  }

  private handle(fd: string): FileHandle {
    const handle = this.handles.get(fd)
    if (!handle) throw new FailReason('bad file descriptor', 1300009)
    return handle
  }

  private async info({ filePath, digestAlgorithm }: WechatMiniprogram.GetFileInfoOption) {
    const { size } = await this.use(filePath, (real) => stat(real))
    if (!digestAlgorithm) return { size }
    const hash = createHash(digestAlgorithm)
    for await (const chunk of createReadStream(this.real(filePath))) hash.update(chunk as Buffer)
    return { size, digest: hash.digest('hex') }
  }

  /** `position` must lie inside the file and `length` be 1 or more, as the manual says. */
  private async read(option: WechatMiniprogram.ReadFileOption) {
    const { filePath, position, length, encoding } = option
    const handle = await this.use(filePath, (real) => open(real))
    try {
      const { size } = await handle.stat()
      const start = position ?? 0
      const wanted = length ?? size - start
      if (start < 0 || (position !== undefined && start >= size)) {
        throw new FailReason(`invalid position ${start}`, 1300022)
      }
      if (length !== undefined && (length < 1 || length > size)) {
        throw new FailReason(`invalid length ${length}`, 1300022)
      }
      const bytes = Buffer.alloc(Math.min(wanted, size - start))
      await handle.read(bytes, 0, bytes.length, start)
      return { data: encoding ? bytes.toString(encoding) : toArrayBuffer(bytes) }
    } finally {
      await handle.close()
    }
  }
}
