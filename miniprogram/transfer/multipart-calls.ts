import type { SignableRequest, SignedRequest, SignRequest } from '../cos/types'
import { headerOf, identityOf } from './answer'
import { asFailure, cosFailure, failure, type FailureCode } from './failure'
import { sendRequest, type Answer } from './send-request'
import { signAndSend, type Steps } from './task'
import { elementOf } from './xml'

/** A part that COS has. */
export interface ConfirmedPart {
  number: number
  /** With its quotes. */
  etag: string
  /** Bytes. */
  size: number
}

/** Parts, in order, and where the next page begins, if there is one. */
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
  /** SHA-1 that its upload was begun with. */
  digest: string
}

/** One call: what is signed, and what is sent with it. */
interface Call extends Omit<SignableRequest, 'key' | 'renew'> {
  action: string
  data?: ArrayBuffer | string
  /** An element without which the answer is no success: a 200 may be cut, or hold an error. */
  element?: string
  onSigned?: (signed: SignedRequest) => void
}

/** Where the digest of the file is stored with the object, so that both can be compared. */
const DIGEST = 'x-cos-meta-sha1'

/** The calls of a multipart upload (manual pages 436/7746, 7750, 7747, 7742, 7740), each one request. */
export type MultipartCalls = ReturnType<typeof createMultipartCalls>

export function createMultipartCalls(
  steps: Steps,
  { key, signRequest }: { key: string; signRequest: SignRequest },
) {
  async function call({ action, data, element, onSigned, ...request }: Call): Promise<Answer> {
    const answer = await signAndSend(
      steps,
      (renew) => signRequest({ ...request, key, renew }),
      (signed) => {
        onSigned?.(signed)
        return sendRequest(steps, signed, { action, data })
      },
    )
    const { headers, body } = answer
    if (!element || body.includes(`</${element}>`)) return answer
    // COS answers 200 before it has put parts together, so a refusal may follow in the body.
    if (body.includes('<Error>')) throw cosFailure({ statusCode: 200, headers, body, action })
    throw failure('COS_UNAVAILABLE', { errorMessage: `no ${element}` })
  }

  return {
    /** Begins an upload and gives its id. */
    initiate: (contentType: string, digest: string) =>
      call({
        method: 'POST',
        query: { uploads: '' },
        headers: { 'Content-Type': contentType, [DIGEST]: digest },
        action: 'name/cos:InitiateMultipartUpload',
        element: 'UploadId',
      }).then(({ body }) => elementOf(body, 'UploadId') ?? ''),

    uploadPart: (
      uploadId: string,
      part: { number: number; data: ArrayBuffer },
      onSigned?: (signed: SignedRequest) => void,
    ) =>
      call({
        method: 'PUT',
        query: { partNumber: String(part.number), uploadId },
        action: 'name/cos:UploadPart',
        data: part.data,
        onSigned,
      }),

    /** At most `max` of the confirmed parts, in order, from number `after` + 1 on. */
    listParts: (uploadId: string, after: number, max = 1000) =>
      call({
        method: 'GET',
        query: { uploadId, 'part-number-marker': String(after), 'max-parts': String(max) },
        action: 'name/cos:ListParts',
        element: 'ListPartsResult',
      }).then(({ body }) => partsPage(body)),

    /** Makes the parts, in order, one object. */
    complete: (uploadId: string, parts: ConfirmedPart[]) =>
      call({
        method: 'POST',
        query: { uploadId },
        headers: { 'Content-Type': 'application/xml' },
        action: 'name/cos:CompleteMultipartUpload',
        data: `<CompleteMultipartUpload>${parts.map(partElement).join('')}</CompleteMultipartUpload>`,
        element: 'CompleteMultipartUploadResult',
      }),

    /** Ends an upload, if there still is one, and removes its parts. */
    abort: (uploadId: string) =>
      call({
        method: 'DELETE',
        query: { uploadId },
        action: 'name/cos:AbortMultipartUpload',
      }).catch(unless('NO_SUCH_UPLOAD')),

    /** What COS has under the key (HEAD Object, 436/7745), or undefined. */
    head: () =>
      call({ method: 'HEAD', action: 'name/cos:HeadObject' })
        .then(({ headers }): StoredObject => ({
          ...identityOf(headers),
          size: Number(headerOf(headers, 'content-length')),
          digest: headerOf(headers, DIGEST),
        }))
        .catch(unless('NO_SUCH_KEY')),
  }
}

/** Gives nothing for a failure with this code, and hands any other on. */
function unless(code: FailureCode) {
  return (error: unknown): undefined => {
    if (asFailure(error).code !== code) throw error
  }
}

function partsPage(xml: string): PartsPage {
  const isTruncated = elementOf(xml, 'IsTruncated') === 'true'
  return {
    parts: xml.split('<Part>').slice(1).map(confirmedPart),
    next: isTruncated ? Number(elementOf(xml, 'NextPartNumberMarker')) : undefined,
  }
}

function confirmedPart(xml: string): ConfirmedPart {
  return {
    number: Number(elementOf(xml, 'PartNumber')),
    etag: elementOf(xml, 'ETag') ?? '',
    size: Number(elementOf(xml, 'Size')),
  }
}

function partElement({ number, etag }: ConfirmedPart): string {
  return `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
}
