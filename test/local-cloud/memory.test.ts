import { afterAll, expect, test } from '@jest/globals'
import http from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { tempDir } from '../helpers/temp-dir'
import { forkCloud } from './fork-cloud'
import { presign, send } from './sign'

const MB = 1024 * 1024
const CHUNK = Buffer.alloc(MB, 'content ')
/** `MEMORY_TEST_MB=2048` for the size that the local cloud promises. */
const SIZE = Number(process.env['MEMORY_TEST_MB'] ?? 300) * MB

const dir = tempDir()
afterAll(dir.remove)

function* content(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= MB) yield CHUNK
}

/** Returns how many bytes came back. */
async function transfer(
  port: number,
  method: 'PUT' | 'GET',
  key: string,
  { bytes = SIZE, query = [] }: { bytes?: number; query?: [string, string][] } = {},
): Promise<number> {
  const headers = method === 'PUT' ? { 'Content-Length': bytes } : {}
  const path = presign({ method, path: `/${key}`, query })
  const request = http.request({ host: '127.0.0.1', port, method, path, headers })
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve).on('error', reject)
  })
  if (method === 'PUT') await pipeline(Readable.from(content(bytes)), request)
  else request.end()
  const response = await answered
  expect(response.statusCode).toBe(200)
  let received = 0
  for await (const chunk of response) received += (chunk as Buffer).length
  return received
}

async function transferInParts(port: number, key: string): Promise<void> {
  const post = (query: [string, string][], body?: string) =>
    send(port, 'POST', presign({ method: 'POST', path: `/${key}`, query }), { body })
  const { text } = await post([['uploads', '']])
  const id: [string, string] = ['uploadId', /<UploadId>(\w+)</.exec(text)?.[1] ?? '']
  for (const number of ['1', '2']) {
    await transfer(port, 'PUT', key, { bytes: SIZE / 2, query: [['partNumber', number], id] })
  }
  const listed = await send(port, 'GET', presign({ method: 'GET', path: `/${key}`, query: [id] }))
  const parts = [...listed.text.matchAll(/<ETag>(.*)<\/ETag>/g)].map(
    ([etag], i) => `<Part><PartNumber>${i + 1}</PartNumber>${etag}</Part>`,
  )
  const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  expect((await post([id], xml)).status).toBe(200)
}

test(`PUT, parts and GET of ${SIZE / MB} MB take less than 100 MB of memory`, async () => {
  const { port, peakBytes, kill } = await forkCloud(dir.path)
  try {
    // A newer Node begins with more.
    const before = await peakBytes()
    expect(await transfer(port, 'PUT', 'large')).toBe(0)
    expect(await transfer(port, 'GET', 'large')).toBe(SIZE)
    await transferInParts(port, 'in-parts')
    expect(await transfer(port, 'GET', 'in-parts')).toBe(SIZE)
    expect(((await peakBytes()) - before) / MB).toBeLessThan(100)
  } finally {
    await kill()
  }
})
