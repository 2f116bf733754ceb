import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { build, type Build } from './build'

export interface PreviewOptions {
  /** Address to listen on. Default: 127.0.0.1. */
  host?: string
  /** Port to listen on; 0 takes any free one. Default: 8080. */
  port?: number
  /** wx storage entries that are set whenever the page loads. */
  storage?: Record<string, unknown>
  /** Folder of the mini program. Default: this project's. */
  source?: string
}

export interface Preview {
  /** Builds the mini program and serves it. Fails if the build fails or the port is taken. */
  start(): Promise<{ url: string; port: number }>
  stop(): Promise<void>
}

const imageTypes: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
}

/** The mini program in a browser. It is rebuilt when a page is loaded after a source changed. */
export function createPreview(options: PreviewOptions = {}): Preview {
  const { host = '127.0.0.1', port = 8080, storage = {} } = options
  const source = path.resolve(options.source ?? path.join(__dirname, '../miniprogram'))

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(`http://preview${request.url}`)
    response.setHeader('cache-control', 'no-store')
    if (pathname === '/') {
      await upToDate(source)
      send(response, 'text/html; charset=utf-8', page(storage))
    } else if (pathname === '/index.js') {
      send(response, 'text/javascript; charset=utf-8', (await upToDate(source)).script)
    } else if (pathname === '/index.js.map') {
      send(response, 'application/json', (await upToDate(source)).sourceMap)
    } else {
      await sendImage(response, source, decodeURIComponent(pathname))
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => {
      response.statusCode = 500
      send(response, 'text/plain; charset=utf-8', error.message)
    })
  })

  return {
    async start() {
      await upToDate(source)
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, resolve)
      })
      const { port: listening } = server.address() as AddressInfo
      return { url: `http://${host}:${listening}`, port: listening }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

/** The last build of each source, which all previews of it share. */
const builds = new Map<string, { from: number; result: Promise<Build> }>()

function upToDate(source: string): Promise<Build> {
  const from = lastChange(source)
  const last = builds.get(source)
  if (last && from <= last.from) return last.result
  const result = build(source)
  builds.set(source, { from, result })
  return result
}

function page(storage: Record<string, unknown>): string {
  const entries = JSON.stringify(storage).replaceAll('<', '\\u003c')
  return `<!doctype html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <link rel="icon" href="data:," />
    <title></title>
    <script type="application/json" id="storage">${entries}</script>
  </head>
  <body>
    <script src="/index.js"></script>
  </body>
</html>
`
}

function send(response: ServerResponse, type: string, body: string | Buffer): void {
  response.setHeader('content-type', type)
  response.end(body)
}

/** An image that the mini program ships. Nothing else of its sources is served. */
async function sendImage(response: ServerResponse, source: string, pathname: string) {
  const file = path.join(source, pathname)
  const type = imageTypes[path.extname(file)]
  const isInside = file.startsWith(source + path.sep)
  const body = type && isInside ? await readFile(file).catch(() => undefined) : undefined
  if (type && body) {
    send(response, type, body)
  } else {
    response.statusCode = 404
    send(response, 'text/plain', 'not found')
  }
}

function lastChange(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(...files.map((file) => statSync(path.join(folder, file)).mtimeMs))
}
