import type { StagedBody } from '../store/blobs'
import type { Part, Upload } from '../store/upload-store'
import { answerXml } from './answer-xml'
import { appidOf } from './bucket'
import { MAX_PARTS, parseCompleteRequest, type NamedPart } from './complete-request'
import { urlEncodePath } from './encode'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { wholeSecond } from './list-objects'
import {
  commonPrefixElements,
  countParameter,
  keyEncoding,
  paginate,
  wholeNumberParameter,
} from './listing'
import { checkUploadAttributes, digestHeaders, storedHeaders } from './object-metadata'
import { readBody } from './read-body'
import { queryValue } from './request'
import { checkBodyLength, checkOverwrite, MAX_OBJECT_BYTES, stageBody } from './store-object'
import type { Element } from './xml'

/** Every part but the last one must have this size (436/7750). */
const MIN_PART_BYTES = 1024 ** 2
/** 10,000 parts take a tenth of it, as the SDKs write them. */
const MAX_COMPLETE_BYTES = 8 * 1024 ** 2

/** Initiate Multipart Upload (436/7746). */
export async function initiateUpload(exchange: Exchange): Promise<void> {
  const { request, store, bucket, now } = exchange
  const attributes = request.message.headers
  checkUploadAttributes(attributes)
  checkOverwrite(exchange, request.key, attributes)
  const headers = storedHeaders(attributes)
  const upload = store.uploads.create({ key: request.key, headers, initiated: now })
  answerXml(exchange, [
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket],
      ['Key', upload.key],
      ['UploadId', upload.id],
    ],
  ])
}

/** Upload Part (436/7750). A part that is sent again replaces the former one. */
export async function uploadPart(exchange: Exchange): Promise<void> {
  const { request, response, store, now, writeHead } = exchange
  const { headers } = request.message
  checkUploadAttributes(headers)
  const upload = findUpload(exchange)
  const number = wholeNumberParameter(request, 'partNumber') ?? 0
  if (number < 1 || number > MAX_PARTS) {
    throw new CosError('InvalidArgument', { message: `partNumber must be 1 to ${MAX_PARTS}.` })
  }
  checkBodyLength(headers)
  const limits = { attributes: headers, maxBytes: MAX_OBJECT_BYTES }
  const part = await stageBody(exchange, request.message, limits, (staged) => {
    const part = { ...staged, number, lastModified: now }
    if (!store.uploads.putPart(upload, part)) throw new CosError('NoSuchUpload')
    return part
  })
  writeHead(200, { 'Content-Length': 0, ...digestHeaders(part) })
  response.end()
}

/** Complete Multipart Upload (436/7742): the object appears whole, at once, and the upload is gone. */
export async function completeUpload(exchange: Exchange): Promise<void> {
  const { request, store, bucket, now } = exchange
  const upload = findUpload(exchange)
  const wanted = parseCompleteRequest(await readBody(exchange, MAX_COMPLETE_BYTES))
  const parts = chooseParts(upload, wanted)
  checkOverwrite(exchange, upload.key, request.message.headers)
  const staged = await concatenate(exchange, parts)
  const { id, key, headers } = upload
  const object = { ...staged, key, headers, lastModified: now, parts: parts.length }
  try {
    if (store.uploads.get(id) !== upload) throw new CosError('NoSuchUpload')
    checkOverwrite(exchange, key, request.message.headers)
    store.commit(object)
  } catch (error) {
    await store.discard(staged)
    throw error
  }
  // A process that is killed here leaves the upload, too: it can be completed again, or aborted.
  store.uploads.remove(upload)
  const { ETag, ...digests } = digestHeaders(object)
  answerXml(
    exchange,
    [
      'CompleteMultipartUploadResult xmlns="http://www.qcloud.com/document/product/436/7751"',
      [
        ['Location', `http://${request.message.headers.host}/${urlEncodePath(key)}`],
        ['Bucket', bucket],
        ['Key', key],
        ['ETag', String(ETag)],
      ],
    ],
    digests,
  )
}

/** Abort Multipart Upload (436/7740). */
export async function abortUpload(exchange: Exchange): Promise<void> {
  exchange.store.uploads.remove(findUpload(exchange))
  exchange.writeHead(204, {})
  exchange.response.end()
}

/** List Parts (436/7747). */
export async function listParts(exchange: Exchange): Promise<void> {
  const { request, bucket } = exchange
  const upload = findUpload(exchange)
  const encoding = keyEncoding(request)
  const marker = wholeNumberParameter(request, 'part-number-marker') ?? 0
  const max = countParameter(request, 'max-parts')
  const following = [...upload.parts.values()]
    .filter(({ number }) => number > marker)
    .toSorted((a, b) => a.number - b.number)
  const parts = following.slice(0, max)
  answerXml(exchange, [
    'ListPartsResult',
    [
      ['Bucket', bucket],
      encoding.element,
      ['Key', encoding.encode(upload.key)],
      ['UploadId', upload.id],
      ...ownerElements(bucket),
      ['PartNumberMarker', marker],
      ['NextPartNumberMarker', parts.at(-1)?.number ?? marker],
      ['StorageClass', storageClass(upload)],
      ['MaxParts', max],
      ['IsTruncated', parts.length < following.length],
      ...parts.map(partElement),
    ],
  ])
}

/** List Multipart Uploads (436/7736). */
export async function listUploads(exchange: Exchange): Promise<void> {
  const { request, store, bucket } = exchange
  const value = (name: string) => queryValue(request, name) ?? ''
  const encoding = keyEncoding(request)
  const { encode } = encoding
  const [prefix, delimiter, marker] = [value('prefix'), value('delimiter'), value('key-marker')]
  const idMarker = marker === '' ? '' : value('upload-id-marker')
  const max = countParameter(request, 'max-uploads')
  const page = paginate(store.uploads.list({ prefix, marker, idMarker }), {
    prefix,
    delimiter,
    marker,
    max,
  })
  const nextId = page.entries.at(-1)?.key === page.next ? page.entries.at(-1)?.id : undefined
  answerXml(exchange, [
    'ListMultipartUploadsResult',
    [
      ['Bucket', bucket],
      encoding.element,
      ['KeyMarker', encode(marker)],
      ['UploadIdMarker', idMarker],
      page.next === undefined ? undefined : ['NextKeyMarker', encode(page.next)],
      page.next === undefined ? undefined : ['NextUploadIdMarker', nextId ?? ''],
      ['MaxUploads', max],
      ['IsTruncated', page.next !== undefined],
      ['Prefix', encode(prefix)],
      delimiter === '' ? undefined : ['Delimiter', encode(delimiter)],
      ...page.entries.map((upload): Element => [
        'Upload',
        [
          ['Key', encode(upload.key)],
          ['UploadId', upload.id],
          ...ownerElements(bucket),
          ['StorageClass', storageClass(upload)],
          ['Initiated', wholeSecond(upload.initiated)],
        ],
      ]),
      ...commonPrefixElements(page, encoding),
    ],
  ])
}

/**
 * The upload that a request names.
 *
 * @throws CosError `NoSuchUpload`, for one of another key too
 */
function findUpload({ request, store }: Exchange): Upload {
  const upload = store.uploads.get(queryValue(request, 'uploadId') ?? '')
  if (upload?.key !== request.key) throw new CosError('NoSuchUpload')
  return upload
}

/** @throws CosError `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall` (436/7742) */
function chooseParts(upload: Upload, wanted: readonly NamedPart[]): Part[] {
  const follows = (test: (number: number, previous: number) => boolean) =>
    wanted.every(({ number }, i) => i === 0 || test(number, wanted[i - 1]?.number ?? 0))
  if (!follows((number, previous) => number > previous)) throw new CosError('InvalidPartOrder')
  if (!follows((number, previous) => number === previous + 1)) {
    throw new CosError('InvalidPart', { reason: 'the part numbers are not continuous' })
  }
  const parts = wanted.map(({ number, etag }) => {
    const part = upload.parts.get(number)
    if (part?.md5 === etag.toLowerCase()) return part
    const what = part ? 'has another ETag' : 'was never uploaded'
    throw new CosError('InvalidPart', { reason: `part ${number} ${what}` })
  })
  const small = parts.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES)
  if (!small) return parts
  throw new CosError('EntityTooSmall', {
    reason: `part ${small.number} has ${small.size} bytes; all but the last need ${MIN_PART_BYTES}`,
  })
}

/** @throws CosError `UploadConflict` when a part was replaced, or the upload ended, while the parts were read */
async function concatenate({ store }: Exchange, parts: readonly Part[]): Promise<StagedBody> {
  try {
    return await store.stageConcatenated(parts)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new CosError('UploadConflict', { reason: 'the parts changed while they were read' })
  }
}

function partElement({ number, lastModified, md5, size }: Part): Element {
  return [
    'Part',
    [
      ['PartNumber', number],
      ['LastModified', wholeSecond(lastModified)],
      ['ETag', `"${md5}"`],
      ['Size', size],
    ],
  ]
}

function ownerElements(bucket: string): Element[] {
  const appid = appidOf(bucket)
  const who = [
    ['ID', appid],
    ['DisplayName', appid],
  ] as const
  return [
    ['Initiator', who],
    ['Owner', who],
  ]
}

function storageClass({ headers }: Upload): string {
  return headers['x-cos-storage-class'] ?? 'STANDARD'
}
