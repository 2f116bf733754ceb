import { createHash } from 'node:crypto'
import type { Exchange } from './exchange'
import { parseContentMd5 } from './store-object'
import { CosError } from './errors'

/**
 * Reads a whole body that is small, an XML document.
 *
 * @throws CosError `EntityTooLarge`, `BadDigest`, `InvalidDigest`
 */
export async function readBody({ request }: Exchange, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  const source = request.message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  for await (const chunk of source) {
    size += chunk.length
    if (size > maxBytes) throw new CosError('EntityTooLarge')
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const md5 = parseContentMd5(request.message.headers['content-md5'])
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('hex')) {
    throw new CosError('BadDigest')
  }
  return body.toString()
}
