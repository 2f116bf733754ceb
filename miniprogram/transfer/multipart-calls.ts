import type { SignableRequest, SignedRequest, SignRequest } from '../cos/types'
import { cosFailure, failure } from './failure'
import { headerOf, identityOf } from './answer'
import { sendRequest, type Answer } from './send-request'
import { signAndSend, timeoutFor, type Steps } from './task'
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
  next?: number | undefined
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
  onSigned?: ((signed: SignedRequest) => void) | undefined
}

/** Where the digest of the file is stored with the object, so that both can be compared. */
const DIGEST = 'x-cos-meta-sha1'

/** The calls of a multipart upload (manual pages 436/7746, 7750, 7747, 7742, 7740), each one request. */
export type MultipartCalls = ReturnType<typeof createMultipartCalls>

export function createMultipartCalls(steps: Steps, key: string, signRequest: SignRequest) {
  const call = ({ action, data, onSigned, ...request }: Call): Promise<Answer> =>
    signAndSend(
      steps,
      (renew) => signRequest({ ...request, key, renew }),
      (signed) => {
        onSigned?.(signed)
        const timeout = timeoutFor(typeof data === 'object' ? data.byteLength : (data ?? '').length)
        return sendRequest(steps, signed, { action, timeout, ...(data !== undefined && { data }) })
      },
    )

  return {
    /** Begins an upload and gives its id. */
    async initiate(contentType: string, digest: string): Promise<string> {
      const { body } = await call({
        method: 'POST',
        query: { uploads: '' },
        headers: { 'Content-Type': contentType, [DIGEST]: digest },
        action: 'name/cos:InitiateMultipartUpload',
      })
      const uploadId = elementOf(body, 'UploadId')
      if (!uploadId) throw failure('COS_UNAVAILABLE', { errorMessage: 'no UploadId' })
      return uploadId
    },

    async uploadPart(
      uploadId: string,
      part: { number: number; data: ArrayBuffer },
      onSigned?: (signed: SignedRequest) => void,
    ): Promise<void> {
      await call({
        method: 'PUT',
        query: { partNumber: String(part.number), uploadId },
        action: 'name/cos:UploadPart',
        data: part.data,
        onSigned,
      })
    },

    /** At most `max` of the confirmed parts, in order, from number `after` + 1 on. */
    async listParts(uploadId: string, after = 0, max = 1000): Promise<PartsPage> {
      const { body } = await call({
        method: 'GET',
        query: { uploadId, 'part-number-marker': String(after), 'max-parts': String(max) },
        action: 'name/cos:ListParts',
      })
      if (!body.includes('</ListPartsResult>')) {
        throw failure('COS_UNAVAILABLE', { errorMessage: 'no ListPartsResult' })
      }
      const isTruncated = elementOf(body, 'IsTruncated') === 'true'
      const next = isTruncated ? Number(elementOf(body, 'NextPartNumberMarker')) : undefined
      return { parts: body.split('<Part>').slice(1).map(confirmedPart), next }
    },

    /** Makes the parts, in order, one object. */
    async complete(uploadId: string, parts: ConfirmedPart[]): Promise<void> {
      const action = 'name/cos:CompleteMultipartUpload'
      const { body, headers } = await call({
        method: 'POST',
        query: { uploadId },
        headers: { 'Content-Type': 'application/xml' },
        action,
        data: `<CompleteMultipartUpload>${parts.map(partElement).join('')}</CompleteMultipartUpload>`,
      })
      // COS answers 200 before it has put the parts together, so a refusal may follow in the body.
      if (body.includes('</CompleteMultipartUploadResult>')) return
      if (body.includes('<Error>')) throw cosFailure({ statusCode: 200, headers, body, action })
      throw failure('COS_UNAVAILABLE', { errorMessage: 'no CompleteMultipartUploadResult' })
    },

    /** Ends an upload, and removes its parts. */
    async abort(uploadId: string): Promise<void> {
      const action = 'name/cos:AbortMultipartUpload'
      await call({ method: 'DELETE', query: { uploadId }, action })
    },

    /** What COS has under the key (HEAD Object, 436/7745). */
    async head(): Promise<StoredObject> {
      const { headers } = await call({ method: 'HEAD', action: 'name/cos:HeadObject' })
      return {
        ...identityOf(headers),
        size: Number(headerOf(headers, 'content-length')),
        digest: headerOf(headers, DIGEST),
      }
    },
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
