import mime from 'mime-types'
import type { OutgoingHttpHeaders } from 'node:http'
import type { StoredObject } from '../store/object-store'
import { CosError } from './errors'

/** Header or form field by lower-case name. */
export type Attributes = Readonly<Record<string, string | string[] | undefined>>

const STORED = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]

const MAX_META_BYTES = 2048

const STORAGE_CLASSES = [
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ARCHIVE',
  'DEEP_ARCHIVE',
  'MAZ_STANDARD',
  'MAZ_STANDARD_IA',
  'MAZ_INTELLIGENT_TIERING',
]

/** What an upload may ask of COS and the local cloud does not do. */
const NOT_IMPLEMENTED = [
  /^x-cos-copy-source/,
  /^x-cos-grant-/,
  /^x-cos-server-side-encryption/,
  /^x-cos-tagging$/,
  /^pic-operations$/,
]

/**
 * Refuses what an upload asks for and cannot get. Call it after the request is authorized.
 *
 * @throws CosError `NotImplemented`, `InvalidArgument`
 */
export function checkUploadAttributes(attributes: Attributes): void {
  const missing = Object.keys(attributes).find((name) =>
    NOT_IMPLEMENTED.some((pattern) => pattern.test(name)),
  )
  if (missing !== undefined) {
    throw new CosError('NotImplemented', {
      message: `The local cloud does not implement ${missing}.`,
    })
  }
  const acls = [attributes['x-cos-acl'], attributes['acl']]
  if (!acls.every((acl) => !acl || acl === 'private' || acl === 'default')) {
    throw new CosError('NotImplemented', {
      message:
        'The local cloud keeps every object private: x-cos-acl can only be private or default.',
    })
  }
  const storageClass = attributes['x-cos-storage-class'] ?? 'STANDARD'
  if (!STORAGE_CLASSES.includes(String(storageClass))) {
    throw new CosError('InvalidArgument', { message: 'x-cos-storage-class is not valid.' })
  }
}

/**
 * Picks the attributes that are stored with an object: six standard headers, `x-cos-meta-*` and the storage
 * class. Empty ones are not stored.
 *
 * @throws CosError `KeyTooLong` for more than 2 KB of metadata, `InvalidArgument` for what no header can carry
 */
export function storedHeaders(attributes: Attributes): Record<string, string> {
  const kept = Object.entries(attributes).flatMap(([name, value]) =>
    value && (STORED.includes(name) || /^x-cos-(meta-|storage-class$)/.test(name))
      ? [[name, headerText(String(value))] as const]
      : [],
  )
  const size = kept
    .filter(([name]) => name.startsWith('x-cos-meta-'))
    .reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (size > MAX_META_BYTES) {
    // As COS answers in a live test of cos-php-sdk-v5, testPutObjectMeta2K.
    throw new CosError('KeyTooLong', {
      reason: `x-cos-meta-* has ${size} bytes, at most ${MAX_META_BYTES} are allowed`,
    })
  }
  return Object.fromEntries(kept)
}

/** The UTF-8 bytes of a text from a form or a query, as node writes headers: one character for each byte. */
export function headerBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/**
 * Returns a header value as it is.
 *
 * @throws CosError `InvalidArgument` when no header could carry it
 */
export function headerText(value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
    throw new CosError('InvalidArgument', { message: 'A header value holds a control character.' })
  }
  return value
}

/** The headers that describe an object in every answer about it. */
export function objectHeaders(object: StoredObject): OutgoingHttpHeaders {
  const { 'x-cos-storage-class': storageClass = 'STANDARD', ...headers } = object.headers
  return {
    'content-type': mime.lookup(object.key) || 'application/octet-stream',
    ...headers,
    ...(storageClass !== 'STANDARD' && { 'x-cos-storage-class': storageClass }),
    'Last-Modified': new Date(object.lastModified).toUTCString(),
    ...digestHeaders(object),
  }
}

/** ETag and CRC-64, as the answer to an upload carries them. */
export function digestHeaders(body: Digests): OutgoingHttpHeaders {
  return { ETag: `"${etagOf(body)}"`, 'x-cos-hash-crc64ecma': body.crc64 }
}

type Digests = Pick<StoredObject, 'md5' | 'crc64' | 'parts'>

/** Without quotes: the MD5, with the number of parts after a multipart upload. */
export function etagOf({ md5, parts }: Pick<Digests, 'md5' | 'parts'>): string {
  return parts === undefined ? md5 : `${md5}-${parts}`
}
