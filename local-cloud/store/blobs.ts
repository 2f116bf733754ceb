import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream, readdirSync, rmSync, statSync, unlink } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { withCrc64 } from './crc64'
import { makeFolder } from './files'
import { isNumber, isText, type Shape } from './records'

/** A body on disk. Until a record refers to it, the next start removes it. */
export interface StagedBody {
  /** The name of its file. */
  blob: string
  /** In bytes. */
  size: number
  /** Lower-case hex. */
  md5: string
  /** Unsigned decimal. */
  crc64: string
}

const BLOB_NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Of the record of a body. */
export const BODY_SHAPE: Shape = {
  blob: (value) => typeof value === 'string' && BLOB_NAME.test(value),
  size: isNumber,
  md5: isText,
  crc64: isText,
}

/** Thrown by `stage` when a body is longer than it may be. */
export class BodyTooLargeError extends Error {
  readonly code = 'BODY_TOO_LARGE'
}

/** Bodies in one folder, each in a file that is written once and never changed. */
export class Blobs {
  private isClosed = false

  constructor(private readonly folder: string) {
    makeFolder(folder)
  }

  /** Streams a body to disk. When it fails, nothing is left behind; `source` is not destroyed. */
  async stage(source: Readable, maxSize: number): Promise<StagedBody> {
    const blob = randomUUID()
    const path = this.path({ blob })
    try {
      return { blob, ...(await writeBody(source, path, maxSize)) }
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /**
   * Checks that the file of a body is there and whole.
   *
   * @param name What the body is, for the error.
   * @throws Error that names the body, and `record` as the file to remove
   */
  check(body: StagedBody, name: string, record: string): void {
    const size = statSync(this.path(body), { throwIfNoEntry: false })?.size
    if (size === body.size) return
    const problem = size === undefined ? 'is missing' : `has ${size} bytes, not ${body.size}`
    throw new Error(`the body of ${name} ${problem}: remove ${record} to forget it`)
  }

  /** From now on no record may refer to a body: the folder belongs to somebody else. */
  close(): void {
    this.isClosed = true
  }

  /**
   * Call it before a record is written.
   *
   * @throws Error after `close`
   */
  checkOpen(): void {
    if (this.isClosed) throw new Error('the local cloud has been stopped')
  }

  /** @throws Error when the file is not as long as it was written */
  async open(body: StagedBody): Promise<FileHandle> {
    const path = this.path(body)
    const file = await open(path)
    const { size } = await file.stat()
    if (size === body.size) return file
    await file.close()
    throw new Error(`${path} has ${size} bytes, not ${body.size}`)
  }

  /** Reads bodies one after the other. It fails with `ENOENT` when one of them is gone. */
  concatenated(bodies: readonly StagedBody[]): Readable {
    const read = async function* (this: Blobs): AsyncGenerator<Buffer> {
      for (const body of bodies) yield* (await this.open(body)).createReadStream()
    }
    return Readable.from(read.call(this), { objectMode: false })
  }

  /** Removes a body, and waits for it. */
  discard(body: StagedBody): Promise<void> {
    return rm(this.path(body), { force: true })
  }

  /** Removes a body. One that cannot be removed now (on Windows: one being read) goes at the next start. */
  removeLater(body: StagedBody): void {
    unlink(this.path(body), () => {})
  }

  /** Removes all bodies but these. Files of others stay. */
  keepOnly(bodies: Iterable<StagedBody>): void {
    const used = new Set(Array.from(bodies, ({ blob }) => blob))
    for (const name of readdirSync(this.folder)) {
      if (BLOB_NAME.test(name) && !used.has(name)) rmSync(join(this.folder, name))
    }
  }

  private path({ blob }: Pick<StagedBody, 'blob'>): string {
    return join(this.folder, blob)
  }
}

/** Streams a body into a new file, counting and hashing on the way. */
function writeBody(
  source: Readable,
  path: string,
  maxSize: number,
): Promise<Omit<StagedBody, 'blob'>> {
  return withCrc64(async (crc64) => {
    const md5 = createHash('md5')
    let size = 0
    async function* measured(): AsyncGenerator<Buffer> {
      // The source is a request that still needs an answer: it must outlive a failure here.
      for await (const chunk of source.iterator({
        destroyOnReturn: false,
      }) as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > maxSize) throw new BodyTooLargeError(`the body is longer than ${maxSize} bytes`)
        md5.update(chunk)
        crc64.update(chunk)
        yield chunk
      }
    }
    await pipeline(measured, createWriteStream(path, { flags: 'wx' }))
    return { size, md5: md5.digest('hex'), crc64: crc64.digest() }
  })
}
