import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BODY_SHAPE, type Blobs, type StagedBody } from './blobs'
import { makeFolder } from './files'
import {
  isHeaders,
  isNumber,
  isText,
  readRecord,
  recordNames,
  writeRecord,
  type Shape,
} from './records'
import { compareUtf8 } from './sorted-keys'

/** One part of an upload. */
export interface Part extends StagedBody {
  number: number
  /** Milliseconds since 1970. */
  lastModified: number
}

interface UploadRecord {
  id: string
  key: string
  /** The headers of the object to be, lower-case names. */
  headers: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  initiated: number
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload extends UploadRecord {
  /** By number, in no order. */
  parts: ReadonlyMap<number, Part>
}

type LiveUpload = Upload & { parts: Map<number, Part> }

export interface UploadRange {
  prefix: string
  marker: string
  /** Empty for none. */
  idMarker: string
}

const RECORD = 'upload.json'
const ID = /^\d+[0-9a-f]{64}$/

const UPLOAD_SHAPE: Shape = { key: isText, headers: isHeaders, initiated: isNumber }
const PART_SHAPE: Shape = { ...BODY_SHAPE, lastModified: isNumber }

/**
 * The multipart uploads of one bucket, on disk below one folder. Their bodies are blobs.
 *
 * ```
 * <upload id>/upload.json    the upload; a folder without it is a leftover
 * <upload id>/<n>.json       part n
 * ```
 */
export class UploadStore {
  private readonly uploads: Map<string, LiveUpload>

  constructor(
    private readonly folder: string,
    private readonly blobs: Blobs,
  ) {
    makeFolder(folder)
    this.uploads = this.load()
  }

  /** All uploads, in no order. */
  all(): Iterable<Upload> {
    return this.uploads.values()
  }

  /**
   * The uploads whose keys start with `prefix` and come after `marker`, in UTF-8 order, those of one key by
   * id. With `idMarker`, also those of the key `marker` whose ids come after it.
   */
  list({ prefix, marker, idMarker }: UploadRange): Upload[] {
    return [...this.uploads.values()]
      .filter(({ key, id }) => {
        const order = compareUtf8(key, marker)
        return key.startsWith(prefix) && (order > 0 || (order === 0 && idMarker && id > idMarker))
      })
      .toSorted((a, b) => compareUtf8(a.key, b.key) || compareUtf8(a.id, b.id))
  }

  get(id: string): Upload | undefined {
    return this.uploads.get(id)
  }

  create({ key, headers, initiated }: Omit<UploadRecord, 'id'>): Upload {
    const id = `${Math.floor(initiated / 1000)}${randomBytes(32).toString('hex')}`
    const record = { id, key, headers, initiated }
    mkdirSync(join(this.folder, id))
    writeRecord(join(this.folder, id, RECORD), record)
    const upload = { ...record, parts: new Map<number, Part>() }
    this.uploads.set(id, upload)
    return upload
  }

  /** Makes a staged body a part, whole and at once. `false` when the upload is no more. */
  putPart({ id }: Upload, part: Part): boolean {
    const upload = this.uploads.get(id)
    if (!upload) return false
    this.blobs.checkOpen()
    writeRecord(join(this.folder, id, `${part.number}.json`), part)
    const previous = upload.parts.get(part.number)
    upload.parts.set(part.number, part)
    if (previous) this.blobs.removeLater(previous)
    return true
  }

  /** Removes an upload at once. What cannot be removed now goes at the next start. */
  remove({ id, parts }: Upload): void {
    const path = join(this.folder, id)
    rmSync(join(path, RECORD))
    this.uploads.delete(id)
    for (const part of parts.values()) this.blobs.removeLater(part)
    rm(path, { recursive: true, force: true }).catch(() => {})
  }

  private load(): Map<string, LiveUpload> {
    const uploads = new Map<string, LiveUpload>()
    for (const id of readdirSync(this.folder).filter((name) => ID.test(name))) {
      const path = join(this.folder, id)
      if (existsSync(join(path, RECORD))) uploads.set(id, this.loadUpload(id))
      else rmSync(path, { recursive: true })
    }
    return uploads
  }

  private loadUpload(id: string): LiveUpload {
    const path = join(this.folder, id)
    const shape = { ...UPLOAD_SHAPE, id: (value: unknown) => value === id }
    const remedy = `remove ${path} to forget the upload`
    const record = readRecord<UploadRecord>(join(path, RECORD), shape, remedy)
    const parts = new Map<number, Part>()
    for (const name of recordNames(path, /^\d+\.json$/)) {
      const part = this.loadPart(join(path, name), name, record.key)
      parts.set(part.number, part)
    }
    return { ...record, parts }
  }

  private loadPart(path: string, name: string, key: string): Part {
    const shape = { ...PART_SHAPE, number: (value: unknown) => `${value}.json` === name }
    const part = readRecord<Part>(path, shape, 'remove it to forget the part')
    this.blobs.check(part, `part ${part.number} of ${JSON.stringify(key)}`, path)
    return part
  }
}
