import { pipeline } from 'node:stream/promises'
import type { StoredObject } from '../store/object-store'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import {
  checkUploadAttributes,
  digestHeaders,
  etagOf,
  headerBytes,
  headerText,
  objectHeaders,
} from './object-metadata'
import { headerValue, type CosRequest } from './request'
import { checkBodyLength, MAX_OBJECT_BYTES, storeObject } from './store-object'

/** In one read from disk. Node's 64 KB cost a large object a quarter of its speed. */
const READ_BYTES = 256 * 1024

/** PUT Object (436/7749). */
export async function putObject(exchange: Exchange): Promise<void> {
  const { request, response, writeHead } = exchange
  const { headers } = request.message
  checkUploadAttributes(headers)
  checkBodyLength(headers)
  const object = await storeObject(exchange, request.message, {
    key: request.key,
    attributes: headers,
    maxBytes: MAX_OBJECT_BYTES,
  })
  writeHead(200, { 'Content-Length': 0, ...digestHeaders(object) })
  response.end()
}

/** GET Object (436/7753) and HEAD Object (436/7745). */
export async function getObject({ request, response, store, writeHead }: Exchange): Promise<void> {
  const found = await store.open(request.key)
  if (!found) throw new CosError('NoSuchKey')
  const { object, file } = found
  try {
    checkPreconditions(request, object)
    if (isNotModified(request, object)) {
      writeHead(304, { ...digestHeaders(object), 'Content-Length': 0 })
      response.end()
      return
    }
    const range = parseRange(headerValue(request, 'range'), object.size)
    const { start, end } = range ?? { start: 0, end: object.size - 1 }
    writeHead(range ? 206 : 200, {
      ...objectHeaders(object),
      ...overrides(request),
      'Accept-Ranges': 'bytes',
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${object.size}` }),
      // Last: after it, node takes a Content-Disposition with UTF-8 bytes for an error.
      'Content-Length': end - start + 1,
    })
    if (request.method === 'HEAD' || object.size === 0) response.end()
    else {
      const options = { start, end, autoClose: false, highWaterMark: READ_BYTES }
      await pipeline(file.createReadStream(options), response)
    }
  } finally {
    await file.close()
  }
}

/** DELETE Object (436/7743): 204, for a missing key too. */
export async function deleteObject({
  request,
  response,
  store,
  writeHead,
}: Exchange): Promise<void> {
  store.delete(request.key)
  writeHead(204, {})
  response.end()
}

/** If-Match and If-Unmodified-Since, in the order of RFC 9110, 13.2.2. */
function checkPreconditions(request: CosRequest, object: StoredObject): void {
  const match = headerValue(request, 'if-match')
  const unmodifiedSince = headerValue(request, 'if-unmodified-since')
  const holds =
    match === undefined
      ? !isBefore(unmodifiedSince, object.lastModified)
      : listsEtag(match, etagOf(object))
  if (!holds) throw new CosError('PreconditionFailed')
}

/** If-None-Match and If-Modified-Since, in the order of RFC 9110, 13.2.2. */
function isNotModified(request: CosRequest, object: StoredObject): boolean {
  const noneMatch = headerValue(request, 'if-none-match')
  if (noneMatch !== undefined) return listsEtag(noneMatch, etagOf(object))
  const since = Date.parse(headerValue(request, 'if-modified-since') ?? '')
  return !Number.isNaN(since) && !isBefore(new Date(since).toUTCString(), object.lastModified)
}

/** Whether a HTTP date is before a time in milliseconds. HTTP dates have whole seconds; no date is not. */
function isBefore(date: string | undefined, time: number): boolean {
  return Date.parse(date ?? '') < Math.floor(time / 1000) * 1000
}

function listsEtag(list: string, etag: string): boolean {
  return list.split(',').some((tag) => {
    const bare = tag.trim().replace(/^W\//, '').replaceAll('"', '')
    return bare === '*' || bare === etag
  })
}

/**
 * Reads a Range header with one range. Both ends are inclusive.
 *
 * @throws CosError `InvalidRange` for one that is not understood, has several ranges, or lies outside the object
 */
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  if (header === undefined) return undefined
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (first === undefined || last === undefined || (!first && !last)) {
    throw new CosError('InvalidRange', { reason: `"${header}" is not one range of bytes` })
  }
  const start = first ? Number(first) : Math.max(0, size - Number(last))
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1
  if (start > end) {
    throw new CosError('InvalidRange', { reason: `"${header}" of an object of ${size} bytes` })
  }
  return { start, end }
}

/** `response-content-type` and its like replace headers of this one answer. */
function overrides(request: CosRequest): Record<string, string> {
  const names =
    /^response-(content-type|content-language|expires|cache-control|content-disposition|content-encoding)$/
  return Object.fromEntries(
    request.query.flatMap(([name, value]) => {
      const header = names.exec(name)?.[1]
      return header && value ? [[header, headerText(headerBytes(value))]] : []
    }),
  )
}
