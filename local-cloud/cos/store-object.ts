import type { Readable } from 'node:stream'
import { BodyTooLargeError, type StagedBody, type StoredObject } from '../store/object-store'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { storedHeaders, type Attributes } from './object-metadata'

/** The largest object of a simple upload: 5 GB (436/7749). */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3

export interface NewObject {
  readonly key: string
  readonly attributes: Attributes
  readonly maxBytes: number
  /** Has the last word before the object replaces the old one. It throws to refuse. */
  readonly check?: (staged: StagedBody) => Promise<void> | void
}

/**
 * Streams a body into the store and makes it the object of its key, or leaves everything as it was.
 * Errors: `InvalidDigest`, `BadDigest`, `EntityTooLarge`, `FileAlreadyExists`, those of `check`.
 */
export async function storeObject(
  { store, now }: Exchange,
  body: Readable,
  { key, attributes, maxBytes, check }: NewObject,
): Promise<StoredObject> {
  const wantedMd5 = parseContentMd5(attributes['content-md5'])
  const headers = storedHeaders(attributes)
  const refuseOverwrite = () => {
    if (attributes['x-cos-forbid-overwrite'] === 'true' && store.get(key)) {
      throw new CosError('FileAlreadyExists')
    }
  }
  refuseOverwrite()
  const staged = await stage()
  try {
    if (wantedMd5 !== undefined && wantedMd5 !== staged.md5) throw new CosError('BadDigest')
    await check?.(staged)
    refuseOverwrite()
    const object = { ...staged, key, headers, lastModified: now }
    store.commit(object)
    return object
  } catch (error) {
    await store.discard(staged)
    throw error
  }

  async function stage(): Promise<StagedBody> {
    try {
      return await store.stage(body, maxBytes)
    } catch (error) {
      if (error instanceof BodyTooLargeError) throw new CosError('EntityTooLarge')
      throw error
    }
  }
}

/** Content-MD5 is the base64 of 16 bytes (RFC 1864). Returns it as hex. */
function parseContentMd5(value: Attributes[string]): string | undefined {
  if (!value) return undefined
  if (!/^[A-Za-z0-9+/]{22}==$/.test(String(value))) throw new CosError('InvalidDigest')
  return Buffer.from(String(value), 'base64').toString('hex')
}
