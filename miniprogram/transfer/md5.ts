/**
 * MD5 by the platform: to let COS check what it receives (Content-MD5), and to check what it has.
 * JavaScript on iOS runs without a JIT, where an MD5 of our own would be slower than the network.
 */
import { failure } from './failure'
import { fileDigest, removeFile, writeFile } from './file'
import { headerOf, type Headers } from './response'
import { getWx } from './wx'

/**
 * Size of a file in bytes, and its MD5 in hex.
 * @throws Failure `FILE_UNREADABLE`; `NO_DIGEST` where the base library computes none
 */
export async function md5OfFile(filePath: string): Promise<{ size: number; md5: string }> {
  const { size, digest } = await fileDigest(filePath)
  if (!digest) throw failure('NO_DIGEST')
  return { size, md5: digest.toLowerCase() }
}

let lastId = 0

/** MD5 of data in hex, by a temporary file; undefined where the storage of the phone is full. */
export async function md5OfData(data: ArrayBuffer | string): Promise<string | undefined> {
  const filePath = `${getWx().env.USER_DATA_PATH}/transfer-${++lastId}.tmp`
  try {
    await writeFile(filePath, data)
  } catch {
    return undefined // the result says that the bytes are not verified
  }
  try {
    return (await md5OfFile(filePath)).md5
  } finally {
    removeFile(filePath)
  }
}

/** The header that makes COS refuse a damaged body (RFC 1864): Base64 of the MD5. */
export function contentMd5(md5: string | undefined): Record<string, string> {
  return md5 === undefined ? {} : { 'Content-MD5': base64OfHex(md5) }
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Three hex digits are two of Base64. An MD5 has 32 hex digits. */
function base64OfHex(hex: string): string {
  const groups = hex.padEnd(33, '0').match(/.../g) ?? []
  const digits = groups.map((group) => {
    const bits = parseInt(group, 16)
    return BASE64[bits >> 6]! + BASE64[bits & 63]!
  })
  return `${digits.join('')}==`
}

/**
 * Whether the ETag is this MD5. Undefined where the ETag is not an MD5: that of a multipart upload,
 * or of an object with server-side encryption.
 */
export function isEtagOf(headers: Headers, md5: string): boolean | undefined {
  const etag = headerOf(headers, 'etag').replace(/"/g, '').toLowerCase()
  const isEncrypted = Object.keys(headers).some((name) => /^x-cos-server-side-enc/i.test(name))
  return /^[\da-f]{32}$/.test(etag) && !isEncrypted ? etag === md5 : undefined
}

/**
 * Checks the response to an upload of bytes. Gives whether COS has confirmed them: by an ETag that is
 * their MD5, or by taking a body that had to have this MD5.
 * @param md5 undefined where it is not known
 * @param sent headers of the request
 * @throws Failure `NOT_VERIFIED` for the ETag of other bytes; `NOT_FROM_COS`
 */
export function checkStored(headers: Headers, md5: string | undefined, sent: Headers): boolean {
  const isSame = md5 === undefined ? undefined : isEtagOf(headers, md5)
  if (isSame === false) throw failure('NOT_VERIFIED', { errorMessage: 'the ETag differs' })
  const isFromCos = headerOf(headers, 'etag') !== '' && headerOf(headers, 'x-cos-request-id') !== ''
  if (!isSame && !isFromCos) throw failure('NOT_FROM_COS')
  return isSame || headerOf(sent, 'content-md5') !== ''
}
