import { createHash } from 'node:crypto'
import { beforeAll, expect } from '@jest/globals'
import { startCloud, type TestCloud } from './cloud'
import { presign, send, type Answer } from './sign'

/** The requests of an upload in parts. */

export let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})

export type Query = [string, string][]

export const call = (
  method: string,
  key: string,
  query: Query,
  {
    body,
    headers,
    port = cloud.port,
  }: { body?: Buffer | string; headers?: object; port?: number } = {},
) =>
  send(port, method, presign({ method, path: `/${key}`, query }), { body, headers: { ...headers } })

export const uploadIdIn = ({ text }: Answer) => /<UploadId>(\w+)<\/UploadId>/.exec(text)?.[1] ?? ''

export const initiate = async (key: string, headers = {}, port = cloud.port) =>
  uploadIdIn(await call('POST', key, [['uploads', '']], { headers, port }))

export const putPart = (
  key: string,
  id: string,
  number: number,
  body: Buffer | string,
  headers = {},
) =>
  call(
    'PUT',
    key,
    [
      ['partNumber', String(number)],
      ['uploadId', id],
    ],
    { body, headers },
  )

export const md5 = (body: Buffer | string) => createHash('md5').update(body).digest('hex')

/** Uploads parts in this order, and returns what a complete request needs: the last ETag of each number. */
export async function upload(key: string, id: string, parts: [number, Buffer | string][]) {
  const etags = new Map<number, string>()
  for (const [number, body] of parts) {
    const { status, headers } = await putPart(key, id, number, body)
    expect([status, headers.etag]).toEqual([200, `"${md5(body)}"`])
    etags.set(number, headers.etag ?? '')
  }
  return [...etags].toSorted(([a], [b]) => a - b)
}
