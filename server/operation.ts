import type { Method } from '../miniprogram/cos/index'
import type { Config } from './config'
import { ApiError } from './errors'
import type { Purpose } from './policy'

/** A request to COS that this server signs. */
interface Operation {
  /** As COS and its policies call it. */
  name: string
  method: Exclude<Method, 'OPTIONS'>
  /** Purpose of the temporary key that signs it: its policy allows no more than this list. */
  purpose: Purpose
  /** Parameters that make it this operation, with their values: it has all of them. */
  required?: Record<string, RegExp>
  /** Other parameters that it may have. */
  optional?: Record<string, RegExp>
  /** Names of headers that may be signed. Without it: none. */
  headers?: RegExp
  /** Its Content-Type is that of the object. */
  stores?: true
}

const ANY = /^/
const UPLOAD_ID = /^\S+$/
const PART_NUMBER = /^([1-9]\d{0,3}|10000)$/

/** What COS stores with an object. */
const STORED = ['Content-Type', 'Cache-Control', 'Content-Disposition', 'x-cos-meta-[a-z\\d-]+']

function named(...names: string[]): RegExp {
  return new RegExp(`^(${names.join('|')})$`, 'i')
}

/** All that the app does. Not in it: ACLs, copying, deleting, listing, and whatever COS adds later. */
const OPERATIONS: Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    purpose: 'upload',
    headers: named(...STORED, 'Content-MD5', 'x-cos-forbid-overwrite'),
    stores: true,
  },
  {
    name: 'GetObject',
    method: 'GET',
    purpose: 'download',
    optional: {
      'response-cache-control': ANY,
      'response-content-disposition': ANY,
      'response-content-encoding': ANY,
      'response-content-language': ANY,
      'response-content-type': /^application\/octet-stream$/,
      'response-expires': ANY,
    },
  },
  { name: 'HeadObject', method: 'HEAD', purpose: 'download' },
  {
    name: 'InitiateMultipartUpload',
    method: 'POST',
    purpose: 'multipart',
    required: { uploads: /^$/ },
    headers: named(...STORED, 'x-cos-forbid-overwrite'),
    stores: true,
  },
  {
    name: 'UploadPart',
    method: 'PUT',
    purpose: 'multipart',
    required: { partNumber: PART_NUMBER, uploadId: UPLOAD_ID },
    headers: named('Content-Type', 'Content-MD5'),
  },
  {
    name: 'ListParts',
    method: 'GET',
    purpose: 'multipart',
    required: { uploadId: UPLOAD_ID },
    optional: {
      'encoding-type': /^url$/,
      'max-parts': /^([1-9]\d{0,2}|1000)$/,
      'part-number-marker': /^\d{1,5}$/,
    },
  },
  {
    name: 'CompleteMultipartUpload',
    method: 'POST',
    purpose: 'multipart',
    required: { uploadId: UPLOAD_ID },
    headers: named('Content-Type', 'Content-MD5', 'x-cos-forbid-overwrite'),
  },
  {
    name: 'AbortMultipartUpload',
    method: 'DELETE',
    purpose: 'multipart',
    required: { uploadId: UPLOAD_ID },
  },
]

/**
 * Tells which operation a request is, by its method and its parameters. COS takes the names of
 * parameters in their exact case, and those of headers in any.
 *
 * @throws ApiError 403 `OPERATION_NOT_ALLOWED` for one that is not in the list, or has a header that
 * is not, or stores a type that the policy of its key would refuse; 400 `INVALID_REQUEST` for a header
 * that is given twice
 */
export function findOperation(
  config: Pick<Config, 'contentTypes' | 'multipart'>,
  method: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): Operation {
  const operation = OPERATIONS.find((one) => one.method === method && hasQueryOf(one, query))
  if (!operation) {
    const parameters = Object.keys(query).join(', ') || 'no parameters'
    throw notAllowed(`${method} with ${parameters} is not signed here, or not with these values`)
  }
  checkPurpose(config, operation.purpose)
  const names = Object.keys(headers)
  const foreign = names.find((name) => !operation.headers?.test(name))
  if (foreign !== undefined) throw notAllowed(`${operation.name} is not signed with ${foreign}`)
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) {
    throw new ApiError(400, 'INVALID_REQUEST', 'headers hold one name twice')
  }
  const contentType = names.find((name) => name.toLowerCase() === 'content-type')
  if (operation.stores && contentType) checkContentType(config, headers[contentType])
  return operation
}

/** @throws ApiError 403 `OPERATION_NOT_ALLOWED` where multipart uploads are switched off */
export function checkPurpose({ multipart }: Pick<Config, 'multipart'>, purpose: Purpose): void {
  if (purpose === 'multipart' && !multipart) {
    throw notAllowed('Multipart uploads are switched off here')
  }
}

/**
 * Refuses, before COS does, a type that the policy does not let an object be stored as.
 *
 * @throws ApiError 403 `OPERATION_NOT_ALLOWED`
 */
export function checkContentType(
  { contentTypes }: Pick<Config, 'contentTypes'>,
  contentType = '',
): void {
  const isAllowed = contentTypes.some((type) =>
    type.endsWith('*') ? contentType.startsWith(type.slice(0, -1)) : contentType === type,
  )
  if (!isAllowed || contentType.includes(',')) {
    throw notAllowed(`Nothing is stored as ${contentType}: allowed are ${contentTypes.join(', ')}`)
  }
}

function hasQueryOf(
  { required = {}, optional = {} }: Operation,
  query: Record<string, string>,
): boolean {
  const known = new Map(Object.entries({ ...required, ...optional }))
  return (
    Object.keys(required).every((name) => Object.hasOwn(query, name)) &&
    Object.entries(query).every(([name, value]) => known.get(name)?.test(value))
  )
}

function notAllowed(message: string): ApiError {
  return new ApiError(403, 'OPERATION_NOT_ALLOWED', message)
}
