import type { SigningKey } from '../../server/signing-key'
import { expectAnswer, expectBytes, expectRefusal } from './expect-answer'
import { temporaryKey } from './server-steps'
import type { Step } from './step'
import { sign, type Answer, type Target } from './target'

/** No random bytes: both clouds are to answer with the same checksums. */
const FIRST = Buffer.alloc(1024 * 1024, 'the first part ')
const SMALL = Buffer.from('a small part')

/** Multipart uploads, by a temporary key of our server. */
export const multipartSteps: Step[] = [
  { name: 'a multipart upload', run: upload },
  { name: 'an aborted multipart upload', run: abort },
  { name: 'parts that do not fit are refused', run: wrongParts },
]

async function upload(target: Target): Promise<void> {
  const parts = await beginUpload(target, 'multipart 照片.bin')
  const etags = { 1: await parts.put(1, FIRST), 2: await parts.put(2, SMALL) }

  const list = await parts.send('GET parts', 'GET')
  expectAnswer('GET parts', list, 200)
  expectAnswer('complete', await parts.complete('complete', etags), 200)

  const download = await temporaryKey(target, 'download')
  const get = await target.send('GET', await sign(download, { method: 'GET', key: parts.key }))
  expectAnswer('GET', get, 200)
  expectBytes('GET', get.body, Buffer.concat([FIRST, SMALL]))
}

async function abort(target: Target): Promise<void> {
  const parts = await beginUpload(target, 'aborted.bin')
  const etag = await parts.put(1, SMALL)
  expectAnswer('abort', await parts.send('abort', 'DELETE'), 204)
  expectAnswer('GET parts', await parts.send('GET parts', 'GET'), 404, 'NoSuchUpload')
  const completed = await parts.complete('complete', { 1: etag })
  expectAnswer('complete', completed, 404, 'NoSuchUpload')
}

async function wrongParts(target: Target): Promise<void> {
  const parts = await beginUpload(target, 'wrong parts.bin')
  const etags = { 1: await parts.put(1, SMALL), 2: await parts.put(2, SMALL) }
  const small = await parts.complete('complete with a small first part', etags)
  expectAnswer('complete with a small first part', small, 400, 'EntityTooSmall')
  const another = { 1: '"00000000000000000000000000000000"' }
  const wrong = await parts.complete('complete with another ETag', another)
  expectAnswer('complete with another ETag', wrong, 400, 'InvalidPart')
  const none = await parts.complete('complete without parts', {})
  expectRefusal('complete without parts', none)
}

/** Initiates an upload, and gives what can be done with it. */
export async function beginUpload(target: Target, name: string) {
  const key = target.key(name)
  const signer: SigningKey = await temporaryKey(target, 'multipart')
  const headers = { 'Content-Type': 'application/octet-stream' }
  const initiate = await sign(signer, { method: 'POST', key, query: { uploads: '' }, headers })
  const initiated = await target.send('initiate', initiate)
  expectAnswer('initiate', initiated, 200)
  const uploadId = /<UploadId>([^<]+)</.exec(initiated.text)?.[1] ?? ''
  target.began(key, uploadId)

  async function send(
    what: string,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    body?: Buffer,
    query: Record<string, string> = {},
  ): Promise<Answer> {
    const signed = await sign(signer, { method, key, query: { ...query, uploadId } })
    return target.send(what, signed, body)
  }

  return {
    key,
    send,
    /** Sends one part, and gives its ETag. */
    async put(number: number, content: Buffer): Promise<string> {
      const what = `PUT part ${number}`
      const answer = await send(what, 'PUT', content, { partNumber: String(number) })
      expectAnswer(what, answer, 200)
      return answer.headers.get('etag') ?? ''
    },
    /** @param etags by the number of the part */
    complete(what: string, etags: Record<number, string>): Promise<Answer> {
      const parts = Object.entries(etags).map(
        ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
      )
      const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      return send(what, 'POST', Buffer.from(xml))
    },
  }
}
