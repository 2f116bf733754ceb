import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import type { IncomingMessage } from 'node:http'
import { finished, PassThrough, type Readable } from 'node:stream'
import { CosError } from './errors'
import type { FormFields } from './post-policy'

/** A form whose file is about to arrive. */
export interface PostForm {
  fields: FormFields
  filename: string
  /** The bytes of the file. It fails with a CosError when the form is broken or cut off. */
  file: Readable
  /** Settles when the rest of the form has been read. */
  end: Promise<void>
  /** Stops reading, so that a refusal can be sent. */
  abandon(): void
}

const LIMITS = { fields: 100, fieldSize: 64 * 1024, files: 1, headerPairs: 20, headerSize: 8192 }

/**
 * Reads a multipart form up to its file, which must be its last part (436/14690).
 *
 * @throws CosError `MalformedPOSTRequest`, `IncorrectNumberOfFilesInPostRequest`, `IncompleteBody`
 */
export function readPostForm(message: IncomingMessage): Promise<PostForm> {
  return new Promise((resolve, reject) => {
    const busboy = createParser(message)
    const fields = new Map<string, string>()
    const file = new PassThrough()
    // The reader gets the error; without one, `end` reports it.
    file.on('error', () => {})
    const abandon = () => {
      message.unpipe(busboy)
      message.resume()
    }
    const end = new Promise<void>((resolveEnd, rejectEnd) => {
      const fail = (error: CosError) => {
        abandon()
        file.destroy(error)
        rejectEnd(error)
        reject(error)
      }
      const failMalformed = () => fail(new CosError('MalformedPOSTRequest'))
      const failFiles = () => fail(new CosError('IncorrectNumberOfFilesInPostRequest'))
      let hasFile = false
      busboy.on('field', (name, value, nameTruncated, valueTruncated) => {
        const field = name?.toLowerCase()
        if (!field || nameTruncated || valueTruncated || fields.has(field)) failMalformed()
        else if (!hasFile) fields.set(field, value)
      })
      busboy.on('file', (_name, part, filename) => {
        hasFile = true
        part.on('error', failMalformed)
        part.pipe(file)
        resolve({ fields, filename: filename ?? '', file, end, abandon })
      })
      busboy.on('filesLimit', failFiles)
      busboy.on('fieldsLimit', failMalformed)
      busboy.on('error', failMalformed)
      busboy.on('finish', () => (hasFile ? resolveEnd() : failFiles()))
      finished(message, { writable: false }, (error) => {
        if (error) fail(new CosError('IncompleteBody', { reason: 'the connection was closed' }))
      })
    })
    // An early refusal does not wait for the end.
    end.catch(() => {})
    message.pipe(busboy)
  })
}

function createParser(message: IncomingMessage): BusboyInstance {
  try {
    return new Busboy({
      headers: message.headers as BusboyHeaders,
      limits: LIMITS,
      isPartAFile: (name) => name?.toLowerCase() === 'file',
    })
  } catch {
    throw new CosError('MalformedPOSTRequest')
  }
}
