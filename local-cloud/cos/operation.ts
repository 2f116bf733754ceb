import { headBucket, listBuckets } from './bucket'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { listObjects } from './list-objects'
import {
  abortUpload,
  completeUpload,
  initiateUpload,
  listParts,
  listUploads,
  uploadPart,
} from './multipart'
import { deleteObject, getObject, putObject } from './object'
import type { CosRequest } from './request'

export interface Operation {
  /** What a policy must allow, without `name/cos:`. Missing where the local cloud does not know it. */
  action?: string
  /** Whether a policy may also allow it below a prefix, which `prefix` must then have. */
  isOnPrefix?: boolean
  /** Missing for what is not implemented. */
  run?: (exchange: Exchange) => Promise<void>
}

const OBJECT: Readonly<Record<string, Operation>> = {
  GET: { action: 'GetObject', run: getObject },
  HEAD: { action: 'HeadObject', run: getObject },
  PUT: { action: 'PutObject', run: putObject },
  DELETE: { action: 'DeleteObject', run: deleteObject },
}

const BUCKET: Readonly<Record<string, Operation>> = {
  GET: { action: 'GetBucket', run: listObjects },
  HEAD: { action: 'HeadBucket', run: headBucket },
}

/** Sub-resources of an object: parameters that make a request another operation. */
const OBJECT_PARAMETERS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  uploads: { POST: { action: 'InitiateMultipartUpload', run: initiateUpload } },
  uploadId: {
    PUT: { action: 'UploadPart', run: uploadPart },
    GET: { action: 'ListParts', run: listParts },
    POST: { action: 'CompleteMultipartUpload', run: completeUpload },
    DELETE: { action: 'AbortMultipartUpload', run: abortUpload },
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
  versionId: {
    GET: { action: 'GetObject' },
    HEAD: { action: 'HeadObject' },
    DELETE: { action: 'DeleteObject' },
  },
  retention: {},
  'legal-hold': {},
}

const BUCKET_PARAMETERS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  // The manual's policy for multipart uploads names it on `…/doc/*` (436/31923).
  uploads: { GET: { action: 'ListMultipartUploads', isOnPrefix: true, run: listUploads } },
  ...Object.fromEntries(
    [
      'accelerate',
      'acl',
      'cors',
      'delete',
      'domain',
      'domaincertificate',
      'encryption',
      'intelligenttiering',
      'inventory',
      'lifecycle',
      'location',
      'logging',
      'notification',
      'object-lock',
      'origin',
      'policy',
      'referer',
      'replication',
      'tagging',
      'versioning',
      'versions',
      'website',
    ].map((setting) => [setting, {}]),
  ),
}

/**
 * Tells which operation a request is. Other parameters, image processing for one, do not matter.
 *
 * @throws CosError `MethodNotAllowed`
 */
export function operationOf(request: CosRequest): Operation {
  const parameters = request.query.map(([name]) => name)
  const isObject = request.key !== ''
  const known = isObject ? OBJECT_PARAMETERS : BUCKET_PARAMETERS
  const special = parameters.find((name) => Object.hasOwn(known, name))
  if (special !== undefined) return known[special]?.[request.method] ?? {}
  const operation = (isObject ? OBJECT : BUCKET)[request.method]
  if (!operation) throw new CosError('MethodNotAllowed')
  return operation
}

/**
 * The service has one operation, List Buckets.
 *
 * @throws CosError `MethodNotAllowed`
 */
export function serviceOperationOf({ method }: CosRequest): Operation {
  if (method !== 'GET') throw new CosError('MethodNotAllowed')
  return { action: 'GetService', run: listBuckets }
}
