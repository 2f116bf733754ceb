import type { AbortSignal } from './abort'
import { asFailure, failure, type FailureCode } from './failure'
import { checkStored, contentMd5 } from './md5'
import { elementOf, etagAndRequestId, headerOf } from './response'
import { sendRequest, sign, signAndSend, type CosResponse } from './send-request'
import type { SignableRequest, SignedRequest, SignRequest } from './signing'

/** A part that COS has. */
export interface ConfirmedPart {
  number: number
  /** With its quotes. */
  etag: string
  /** Bytes. */
  size: number
}

/** Parts in order, and after which number the next page begins, if there is one. */
export interface PartsPage {
  parts: ConfirmedPart[]
  next: number | undefined
}

/** What a HEAD tells of an object. */
export interface StoredObject {
  etag: string
  requestId: string
  /** Bytes. */
  size: number
  /** MD5 of the file, as Initiate stored it. */
  digest: string
}

/** One call: what is signed, and what is sent with it. */
interface Call extends Omit<SignableRequest, 'key' | 'renew'> {
  action: string
  data?: ArrayBuffer | string
  /** Milliseconds. Default: by the size of the data. */
  timeout?: number
  /** The status of a success. Default 200. */
  status?: number
  /** An element that a success must hold. */
  element?: string
  onSigned?: ((signed: SignedRequest) => void) | undefined
}

/** Stores the digest of the file with the object: it tells whether a lost Complete has succeeded. */
const DIGEST_HEADER = 'x-cos-meta-md5'

/** Milliseconds. COS puts many parts together for minutes. */
const COMPLETE_TIMEOUT = 600_000

/** The calls of a multipart upload (manual pages 436/7746, 7750, 7747, 7742, 7740), each one request. */
export type MultipartCalls = ReturnType<typeof createMultipartCalls>

export function createMultipartCalls({
  key,
  signRequest,
  signal,
}: {
  key: string
  signRequest: SignRequest
  signal?: AbortSignal | undefined
}) {
  async function call(call: Call): Promise<CosResponse & { sent: Record<string, string> }> {
    const { action, data, timeout, status, element, onSigned, ...request } = call
    let sent: Record<string, string> = {}
    const response = await signAndSend(
      (renew) => sign(signRequest, { ...request, key, renew }),
      (signed) => {
        onSigned?.(signed)
        sent = signed.headers
        return sendRequest(signed, { action, data, timeout, status, signal })
      },
      signal,
    )
    const isFromCos = headerOf(response.headers, 'x-cos-request-id') !== ''
    if (element && !response.body.includes(`</${element}>`)) {
      const errorMessage = `no ${element}`
      throw failure(isFromCos ? 'COS_UNAVAILABLE' : 'NOT_FROM_COS', { errorMessage })
    }
    if (!element && !isFromCos && !headerOf(response.headers, 'etag')) throw failure('NOT_FROM_COS')
    return { ...response, sent }
  }

  return {
    /** Begins an upload and gives its id. */
    initiate: (headers: Record<string, string>, digest: string) =>
      call({
        method: 'POST',
        query: { uploads: '' },
        headers: { ...headers, [DIGEST_HEADER]: digest },
        action: 'name/cos:InitiateMultipartUpload',
        element: 'UploadId',
      }).then(({ body }) => {
        const uploadId = elementOf(body, 'UploadId')
        if (uploadId) return uploadId
        throw failure('COS_UNAVAILABLE', { errorMessage: 'an empty UploadId' })
      }),

    /**
     * Uploads a part and gives its ETag, and whether COS has confirmed its bytes.
     * @param part.md5 in hex; undefined where it is not known
     */
    uploadPart: (
      uploadId: string,
      part: { number: number; data: ArrayBuffer; md5: string | undefined },
      onSigned?: (signed: SignedRequest) => void,
    ) =>
      call({
        method: 'PUT',
        query: { partNumber: String(part.number), uploadId },
        headers: contentMd5(part.md5),
        action: 'name/cos:UploadPart',
        data: part.data,
        onSigned,
      }).then(({ headers, sent }) => ({
        etag: headerOf(headers, 'etag'),
        verified: checkStored(headers, part.md5, sent),
      })),

    /** Up to `max` confirmed parts, in order, from number `after` + 1. */
    listParts: (uploadId: string, after: number, max = 1000) =>
      call({
        method: 'GET',
        query: { uploadId, 'part-number-marker': String(after), 'max-parts': String(max) },
        action: 'name/cos:ListParts',
        element: 'ListPartsResult',
      }).then(({ body }) => partsPage(body, after)),

    /** Puts the parts together, in order. Gives the ETag of the object. */
    complete: (uploadId: string, parts: Pick<ConfirmedPart, 'number' | 'etag'>[]) =>
      call({
        method: 'POST',
        query: { uploadId },
        headers: { 'Content-Type': 'application/xml' },
        action: 'name/cos:CompleteMultipartUpload',
        data: `<CompleteMultipartUpload>${parts.map(partElement).join('')}</CompleteMultipartUpload>`,
        element: 'CompleteMultipartUploadResult',
        timeout: COMPLETE_TIMEOUT,
      }).then(({ headers, body }) => ({
        etag: elementOf(body, 'ETag') ?? headerOf(headers, 'etag'),
        requestId: headerOf(headers, 'x-cos-request-id'),
      })),

    /** Removes an upload, if COS still has it, with its parts. */
    abort: (uploadId: string) =>
      call({
        method: 'DELETE',
        query: { uploadId },
        action: 'name/cos:AbortMultipartUpload',
        status: 204,
      }).catch(ignore('NO_SUCH_UPLOAD')),

    /** What COS has under the key (HEAD Object, 436/7745), or undefined. */
    head: () =>
      call({ method: 'HEAD', action: 'name/cos:HeadObject' })
        .then(({ headers }): StoredObject => ({
          ...etagAndRequestId(headers),
          size: Number(headerOf(headers, 'content-length')),
          digest: headerOf(headers, DIGEST_HEADER),
        }))
        .catch(ignore('NO_SUCH_KEY')),
  }
}

/** Turns a failure with this code into undefined. */
function ignore(code: FailureCode) {
  return (error: unknown): undefined => {
    if (asFailure(error).code !== code) throw error
    return undefined
  }
}

/**
 * @param after the number that the page was to begin after
 * @throws Failure `NOT_FROM_COS` for a list that does not advance, or without parts though there are more
 */
function partsPage(xml: string, after: number): PartsPage {
  const parts = xml.split('<Part>').slice(1).map(confirmedPart)
  if (elementOf(xml, 'IsTruncated') !== 'true') return { parts, next: undefined }
  const next = Number(elementOf(xml, 'NextPartNumberMarker'))
  if (next > after && parts.length > 0) return { parts, next }
  throw failure('NOT_FROM_COS', { errorMessage: 'a list of parts that does not advance' })
}

function confirmedPart(xml: string): ConfirmedPart {
  return {
    number: Number(elementOf(xml, 'PartNumber')),
    etag: elementOf(xml, 'ETag') ?? '',
    size: Number(elementOf(xml, 'Size')),
  }
}

function partElement({ number, etag }: Pick<ConfirmedPart, 'number' | 'etag'>): string {
  return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
}
