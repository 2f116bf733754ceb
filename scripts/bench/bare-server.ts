import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * A HTTP server that does the file work of a local cloud and nothing else: PUT streams to a file aside and
 * renames it, GET streams from it. Run as a process of its own: it sends its port to the parent.
 */
const folder = process.argv[2] ?? '.'
mkdirSync(folder, { recursive: true })

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = join(folder, (request.url ?? '/').replace(/\W/g, '_'))
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
server.requestTimeout = 0
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
)
