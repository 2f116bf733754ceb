import { CosError } from './errors'
import type { Exchange } from './exchange'
import { deleteObject, getObject, putObject } from './object'
import type { CosRequest } from './request'

export interface Operation {
  /** What a policy must allow, without `name/cos:`. Missing where the local cloud does not know it. */
  readonly action?: string
  /** Missing for what is not implemented. */
  readonly run?: (exchange: Exchange) => Promise<void>
}

const OBJECT: Readonly<Record<string, Operation>> = {
  GET: { action: 'GetObject', run: getObject },
  HEAD: { action: 'HeadObject', run: getObject },
  PUT: { action: 'PutObject', run: putObject },
  DELETE: { action: 'DeleteObject', run: deleteObject },
}

const BUCKET: Readonly<Record<string, Operation>> = {
  GET: { action: 'GetBucket' },
  HEAD: { action: 'HeadBucket', run: headBucket },
}

/** Sub-resources of an object: parameters that make a request another operation. */
const OBJECT_PARAMETERS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  uploads: { POST: { action: 'InitiateMultipartUpload' } },
  uploadId: {
    PUT: { action: 'UploadPart' },
    GET: { action: 'ListParts' },
    POST: { action: 'CompleteMultipartUpload' },
    DELETE: { action: 'AbortMultipartUpload' },
  },
  acl: { GET: { action: 'GetObjectACL' }, PUT: { action: 'PutObjectACL' } },
  append: { POST: { action: 'AppendObject' } },
  restore: { POST: { action: 'PostObjectRestore' } },
  tagging: {
    GET: { action: 'GetObjectTagging' },
    PUT: { action: 'PutObjectTagging' },
    DELETE: { action: 'DeleteObjectTagging' },
  },
  select: {},
  symlink: {},
  versionId: {},
  retention: {},
  'legal-hold': {},
}

const BUCKET_PARAMETERS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  uploads: { GET: { action: 'ListMultipartUploads' } },
  delete: {},
}

/** Any other parameter of a bucket is taken for one of its many settings, but for those of a listing. */
const LISTING_PARAMETERS = ['prefix', 'delimiter', 'marker', 'max-keys', 'encoding-type', 'sign']

/**
 * Tells which operation a request is. Other parameters, image processing for one, do not matter.
 * Errors: `MethodNotAllowed`.
 */
export function operationOf(request: CosRequest): Operation {
  const parameters = request.query.map(([name]) => name)
  const isObject = request.key !== ''
  const known = isObject ? OBJECT_PARAMETERS : BUCKET_PARAMETERS
  const special = parameters.find((name) => Object.hasOwn(known, name))
  if (special !== undefined) return known[special]?.[request.method] ?? {}
  if (!isObject && parameters.some((name) => !isCommonParameter(name))) return {}
  const operation = (isObject ? OBJECT : BUCKET)[request.method]
  if (!operation) throw new CosError('MethodNotAllowed')
  return operation
}

function isCommonParameter(name: string): boolean {
  return LISTING_PARAMETERS.includes(name) || /^(q|x-cos)-/.test(name)
}

async function headBucket({ response, region, writeHead }: Exchange): Promise<void> {
  writeHead(200, { 'x-cos-bucket-region': region })
  response.end()
}
