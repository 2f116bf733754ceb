import { headBucket, listBuckets, putBucket } from './bucket'
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
  /** The sub-resource that it is about, `acl`. Missing for the object or the bucket itself. */
  subResource?: string
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
  PUT: { action: 'PutBucket', run: putBucket },
  DELETE: { action: 'DeleteBucket' },
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
  image_process: {},
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
      'intelligent-tiering',
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

/** What a request to a bucket may say without a value and still be about the bucket itself. */
const PLAIN_PARAMETER =
  /^(prefix|delimiter|marker|max-keys|encoding-type|sign|q-[a-z-]+|x-cos-[a-z-]+)$/

/**
 * Tells which operation a request is. Other parameters, image processing for one, do not matter.
 *
 * @throws CosError `MethodNotAllowed`
 */
export function operationOf(request: CosRequest): Operation {
  const isObject = request.key !== ''
  const subResource = subResourceOf(request)
  if (subResource !== undefined) {
    const known = (isObject ? OBJECT_PARAMETERS : BUCKET_PARAMETERS)[subResource]
    return { subResource, ...known?.[request.method] }
  }
  const operation = (isObject ? OBJECT : BUCKET)[request.method]
  if (!operation) throw new CosError('MethodNotAllowed')
  return operation
}

/**
 * The parameter that makes a request another operation. For a bucket, any unknown one without a value is taken
 * for one: `?intelligent-tiering` must never list objects. An empty `versionId` is none (436/46206).
 */
export function subResourceOf({ key, query }: CosRequest): string | undefined {
  const known = key === '' ? BUCKET_PARAMETERS : OBJECT_PARAMETERS
  const [name] =
    query.find(([name, value]) =>
      Object.hasOwn(known, name)
        ? name !== 'versionId' || value !== ''
        : key === '' && value === '' && !PLAIN_PARAMETER.test(name),
    ) ?? []
  return name
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
