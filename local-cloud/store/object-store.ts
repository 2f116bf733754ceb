import { createHash } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { Blobs, BODY_SHAPE, type StagedBody } from './blobs'
import { makeFolder } from './files'
import { lockFolder } from './folder-lock'
import { isHeaders, isNumber, readRecord, recordNames, writeRecord, type Shape } from './records'
import { SortedKeys } from './sorted-keys'
import { UploadStore } from './upload-store'

export interface StoredObject extends StagedBody {
  key: string
  /** Milliseconds since 1970. */
  lastModified: number
  /** The headers that go out again with the object, lower-case names. */
  headers: Readonly<Record<string, string>>
  /** How many parts it was uploaded in. Missing for a simple upload. */
  parts?: number
}

const RECORD_NAME = /^[0-9a-f]{64}\.json$/

const OBJECT_SHAPE: Shape = {
  ...BODY_SHAPE,
  lastModified: isNumber,
  headers: isHeaders,
  parts: (value) => value === undefined || isNumber(value),
}

/**
 * The objects of one bucket, on disk below one folder.
 *
 * ```
 * lock                     the process that uses the folder
 * blobs/<uuid>             a body, written once and never changed
 * records/<sha256>.json    the object of a key: its blob and metadata; named by the hash of the key, so
 *                          that any key works on any file system
 * uploads/<id>/…           multipart uploads, see UploadStore
 * ```
 *
 * A record is written aside and renamed into place: that rename is the moment at which an object changes.
 * A killed process therefore leaves the old object or the new one, and at most files that nothing refers to,
 * which the next start removes. (Nothing is fsynced: this holds for a kill, not for a power loss.) Files with
 * other names, `.DS_Store` for one, are left alone.
 */
export class ObjectStore {
  readonly uploads: UploadStore
  /** When the folder was made, in milliseconds since 1970. */
  readonly created: number
  private readonly blobs: Blobs
  private readonly records: string
  private readonly objects: Map<string, StoredObject>
  private readonly keys: SortedKeys
  private readonly unlock: () => void

  /**
   * Opens the folder, or makes it.
   *
   * @throws FolderInUseError, those of node:fs when it cannot be made, read or written, Error that names the
   * file to remove when a record or a body is broken
   */
  constructor(folder: string) {
    this.records = join(folder, 'records')
    makeFolder(this.records)
    this.unlock = lockFolder(folder)
    try {
      this.created = statSync(folder).birthtimeMs
      this.objects = this.load()
      this.keys = new SortedKeys(this.objects.keys())
      this.blobs = new Blobs(join(folder, 'blobs'))
      for (const object of this.objects.values()) {
        this.blobs.check(object, JSON.stringify(object.key), this.recordPath(object.key))
      }
      this.uploads = new UploadStore(join(folder, 'uploads'), this.blobs)
      const parts = [...this.uploads.all()].flatMap((upload) => [...upload.parts.values()])
      this.blobs.keepOnly([...this.objects.values(), ...parts])
    } catch (error) {
      this.unlock()
      throw error
    }
  }

  /** Lets another process use the folder. */
  close(): void {
    this.blobs.close()
    this.unlock()
  }

  get(key: string): StoredObject | undefined {
    return this.objects.get(key)
  }

  /** The objects whose keys start with `prefix` and come after `marker`, in UTF-8 order. Not for keeping. */
  *list(prefix: string, marker: string): Generator<StoredObject> {
    for (const key of this.keys.list(prefix, marker)) {
      const object = this.objects.get(key)
      if (object) yield object
    }
  }

  /** Opens the body of an object for reading. The caller closes the file. */
  async open(key: string): Promise<{ object: StoredObject; file: FileHandle } | undefined> {
    for (;;) {
      const object = this.objects.get(key)
      if (!object) return undefined
      try {
        return { object, file: await this.blobs.open(object) }
      } catch (error) {
        // Replaced or deleted since the look-up: take what is there now.
        if (this.objects.get(key) === object) throw error
      }
    }
  }

  /** Streams a body to disk. When it fails, nothing is left behind; `source` is not destroyed. */
  stage(source: Readable, maxSize: number): Promise<StagedBody> {
    return this.blobs.stage(source, maxSize)
  }

  /** Writes bodies one after the other into a new one. It fails with `ENOENT` when one of them is gone. */
  stageConcatenated(bodies: readonly StagedBody[]): Promise<StagedBody> {
    return this.blobs.stage(this.blobs.concatenated(bodies), Infinity)
  }

  /** Removes a staged body. */
  discard(staged: StagedBody): Promise<void> {
    return this.blobs.discard(staged)
  }

  /** Makes a staged body the object of its key, whole and at once. */
  commit(object: StoredObject): void {
    this.blobs.checkOpen()
    writeRecord(this.recordPath(object.key), object)
    const previous = this.objects.get(object.key)
    this.objects.set(object.key, object)
    if (previous) this.blobs.removeLater(previous)
    else this.keys.add(object.key)
  }

  delete(key: string): void {
    const object = this.objects.get(key)
    if (!object) return
    rmSync(this.recordPath(key))
    this.objects.delete(key)
    this.keys.remove(key)
    this.blobs.removeLater(object)
  }

  private load(): Map<string, StoredObject> {
    const objects = new Map<string, StoredObject>()
    for (const name of recordNames(this.records, RECORD_NAME)) {
      const path = join(this.records, name)
      const isOfThisName = (key: unknown) => this.recordPath(String(key)) === path
      const shape = { ...OBJECT_SHAPE, key: isOfThisName }
      const object = readRecord<StoredObject>(path, shape, 'remove it to forget the object')
      objects.set(object.key, object)
    }
    return objects
  }

  private recordPath(key: string): string {
    return join(this.records, `${createHash('sha256').update(key).digest('hex')}.json`)
  }
}
