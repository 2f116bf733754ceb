import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * Starts a HTTP server that does the file work of a local cloud and nothing else: PUT streams to a file
 * aside and renames it, GET streams from it. Gives its port.
 */
export async function startBareCloud(folder: string): Promise<number> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const [name = ''] = (request.url ?? '').split('?')
    const path = join(folder, name)
    if (request.method === 'PUT') {
      const aside = `${path}.${randomUUID()}`
      await pipeline(request, createWriteStream(aside))
      await rename(aside, path)
      response.writeHead(200, { 'Content-Length': 0 }).end()
    } else {
      response.writeHead(200, { 'Content-Length': (await stat(path)).size })
      await pipeline(createReadStream(path), response)
    }
  }
  const server = createServer((request, response) => {
    // The client sees a failure as a broken connection.
    answer(request, response).catch((error: Error) => response.destroy(error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
