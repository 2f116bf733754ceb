import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { BodyTooLargeError, type StagedBody } from '../store/blobs'
import type { StoredObject } from '../store/object-store'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { storedHeaders, type Attributes } from './object-metadata'

/** The largest object of a simple upload, and the largest part: 5 GB (436/7749, 436/7750). */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3

export interface NewObject {
  key: string
  attributes: Attributes
  maxBytes: number
  /** Has the last word before the object replaces the old one. It throws to refuse. */
  check?: (staged: StagedBody) => Promise<void> | void
}

/**
 * Streams a body into the store and makes it the object of its key, or leaves everything as it was.
 *
 * @throws CosError `InvalidDigest`, `BadDigest`, `EntityTooLarge`, `FileAlreadyExists`, those of `check`
 */
export async function storeObject(
  exchange: Exchange,
  body: Readable,
  { key, attributes, maxBytes, check }: NewObject,
): Promise<StoredObject> {
  const headers = storedHeaders(attributes)
  checkOverwrite(exchange, key, attributes)
  return stageBody(exchange, body, { attributes, maxBytes }, async (staged) => {
    await check?.(staged)
    checkOverwrite(exchange, key, attributes)
    const object = { ...staged, key, headers, lastModified: exchange.now }
    exchange.store.commit(object)
    return object
  })
}

/**
 * Streams a body to disk, checks its Content-MD5 and hands it to `commit`; when that fails, the body is
 * removed.
 *
 * @throws CosError `InvalidDigest`, `BadDigest`, `EntityTooLarge`, those of `commit`
 */
export async function stageBody<T>(
  { store }: Exchange,
  body: Readable,
  { attributes, maxBytes }: { attributes: Attributes; maxBytes: number },
  commit: (staged: StagedBody) => Promise<T> | T,
): Promise<T> {
  const wantedMd5 = parseContentMd5(attributes['content-md5'])
  const staged = await store.stage(body, maxBytes).catch((error: Error) => {
    throw error instanceof BodyTooLargeError ? new CosError('EntityTooLarge') : error
  })
  try {
    if (wantedMd5 !== undefined && wantedMd5 !== staged.md5) throw new CosError('BadDigest')
    return await commit(staged)
  } catch (error) {
    await store.discard(staged)
    throw error
  }
}

/** @throws CosError `FileAlreadyExists` when `x-cos-forbid-overwrite` protects an object */
export function checkOverwrite({ store }: Exchange, key: string, attributes: Attributes): void {
  if (attributes['x-cos-forbid-overwrite'] === 'true' && store.get(key)) {
    throw new CosError('FileAlreadyExists')
  }
}

/**
 * Checks what a PUT says of its body's length.
 *
 * @throws CosError `MissingContentLength`, `EntityTooLarge`
 */
export function checkBodyLength(headers: IncomingHttpHeaders): void {
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new CosError('MissingContentLength')
  }
  if (Number(headers['content-length']) > MAX_OBJECT_BYTES) throw new CosError('EntityTooLarge')
}

/**
 * Reads Content-MD5, the base64 of 16 bytes (RFC 1864). Returns it as hex.
 *
 * @throws CosError `InvalidDigest`
 */
export function parseContentMd5(value: Attributes[string]): string | undefined {
  if (!value) return undefined
  if (!/^[A-Za-z0-9+/]{22}==$/.test(String(value))) throw new CosError('InvalidDigest')
  return Buffer.from(String(value), 'base64').toString('hex')
}
