import { createHash, randomUUID } from 'node:crypto'
import {
  accessSync,
  constants,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlink,
  writeFileSync,
} from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { withCrc64 } from './crc64'

/** A body on disk that no key refers to yet. */
export interface StagedBody {
  /** The name of its file. */
  readonly blob: string
  /** In bytes. */
  readonly size: number
  /** Lower-case hex. */
  readonly md5: string
  /** Unsigned decimal. */
  readonly crc64: string
}

export interface StoredObject extends StagedBody {
  readonly key: string
  /** Milliseconds since 1970. */
  readonly lastModified: number
  /** The headers that go out again with the object, lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** Thrown by `stage` when a body is longer than it may be. */
export class BodyTooLargeError extends Error {
  readonly code = 'BODY_TOO_LARGE'
}

/**
 * The objects of one bucket, on disk below one folder.
 *
 * ```
 * blobs/<uuid>             a body, written once and never changed
 * records/<sha256>.json    the object of a key: its blob and metadata; named by the hash of the key, so
 *                          that any key works on any file system
 * ```
 *
 * A record is written aside and renamed into place: that rename is the moment at which an object changes.
 * A killed process therefore leaves the old object or the new one, and at most files that nothing refers to,
 * which the next start removes. (Nothing is fsynced: this holds for a kill, not for a power loss.)
 */
export class ObjectStore {
  private readonly blobs: string
  private readonly records: string
  private readonly objects: Map<string, StoredObject>

  /** Opens the folder, or makes it. Errors: those of node:fs when it cannot be made, read or written. */
  constructor(folder: string) {
    this.blobs = join(folder, 'blobs')
    this.records = join(folder, 'records')
    for (const path of [this.blobs, this.records]) {
      makeFolder(path)
      accessSync(path, constants.W_OK)
    }
    this.objects = load(this.records)
    removeLeftovers(this.blobs, this.objects)
  }

  get(key: string): StoredObject | undefined {
    return this.objects.get(key)
  }

  /** Opens the body of an object for reading. The caller closes the file. */
  async open(key: string): Promise<{ object: StoredObject; file: FileHandle } | undefined> {
    for (;;) {
      const object = this.objects.get(key)
      if (!object) return undefined
      try {
        return { object, file: await open(this.blobPath(object)) }
      } catch (error) {
        // Replaced or deleted since the look-up: take what is there now.
        if (this.objects.get(key) === object) throw error
      }
    }
  }

  /** Streams a body to disk. When it fails, nothing is left behind; `source` is not destroyed. */
  async stage(source: Readable, maxSize: number): Promise<StagedBody> {
    const blob = randomUUID()
    const path = join(this.blobs, blob)
    try {
      return { blob, ...(await writeBody(source, path, maxSize)) }
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }

  /**
   * Makes a staged body the object of its key, whole and at once. Synchronous, so that two writers of one
   * key cannot interleave between disk and memory.
   */
  commit(object: StoredObject): void {
    const path = this.recordPath(object.key)
    const aside = `${path}.${object.blob}`
    try {
      writeFileSync(aside, JSON.stringify(object))
      renameSync(aside, path)
    } catch (error) {
      rmSync(aside, { force: true })
      throw error
    }
    const previous = this.objects.get(object.key)
    this.objects.set(object.key, object)
    if (previous) this.forget(previous)
  }

  /** Removes a staged body. */
  discard(staged: StagedBody): Promise<void> {
    return rm(this.blobPath(staged), { force: true })
  }

  delete(key: string): void {
    const object = this.objects.get(key)
    if (!object) return
    rmSync(this.recordPath(key))
    this.objects.delete(key)
    this.forget(object)
  }

  /** A body that cannot be removed now (on Windows: one being read) is removed at the next start. */
  private forget(object: StoredObject): void {
    unlink(this.blobPath(object), () => {})
  }

  private blobPath({ blob }: StagedBody): string {
    return join(this.blobs, blob)
  }

  private recordPath(key: string): string {
    return join(this.records, `${createHash('sha256').update(key).digest('hex')}.json`)
  }
}

/** Not `mkdirSync` with `recursive`: below /proc, that one never returns (Node 20). */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
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

function load(records: string): Map<string, StoredObject> {
  const objects = new Map<string, StoredObject>()
  for (const name of readdirSync(records)) {
    const path = join(records, name)
    if (name.endsWith('.json')) {
      const object = readRecord(path)
      objects.set(object.key, object)
    } else {
      rmSync(path)
    }
  }
  return objects
}

function readRecord(path: string): StoredObject {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} is not a record of the local cloud`, { cause: error })
  }
}

function removeLeftovers(blobs: string, objects: ReadonlyMap<string, StoredObject>): void {
  const used = new Set(Array.from(objects.values(), ({ blob }) => blob))
  for (const name of readdirSync(blobs)) {
    if (!used.has(name)) rmSync(join(blobs, name))
  }
}
