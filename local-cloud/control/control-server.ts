import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { readFaultOrder, type Faults } from './faults'
import type { RequestLog } from './request-log'

export interface ControlServer {
  /**
   * Listens on 127.0.0.1, and returns its address.
   *
   * @throws those of node:net
   */
  start(): Promise<string>
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
const MAX_ORDER_BYTES = 16 * 1024

const PAGE = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/console.css', 'console.css', 'text/css; charset=utf-8'],
  ['/texts.js', 'texts.js', 'text/javascript; charset=utf-8'],
  ['/console.js', 'console.js', 'text/javascript; charset=utf-8'],
] as const

/** Keys come from anyone, so the page may run nothing but its own script. */
const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
}

/** An answer other than the one that was asked for. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Serves the console and its API, on a port of its own so that no key can collide with it:
 *
 * ```
 * GET    /             the console
 * GET    /requests     the last requests, newest first: RequestRecord[]
 * GET    /events       the same live: server-sent events `requests`, `request`, `faults`
 * GET    /faults       the orders that wait: PendingFault[]
 * POST   /faults       a FaultOrder; 201 and the PendingFault
 * DELETE /faults       removes all orders; 204
 * DELETE /faults/<id>  removes one order; 204, or 404 when it no longer waits
 * ```
 *
 * Errors: `{ error: { message } }` with 400, 403, 404, 405, 413 or 415. A page of another origin can order
 * faults when it comes from this computer, and can do nothing else.
 */
export function createControlServer(
  port: number,
  requests: RequestLog,
  faults: Faults,
): ControlServer {
  const page = new Map(
    PAGE.map(([path, file, type]) => {
      return [path as string, { type, text: readFileSync(join(__dirname, 'console', file)) }]
    }),
  )
  const server = createServer((message, response) => {
    answer(message, response).catch((error: Error) => {
      const status = error instanceof Refusal ? error.status : 500
      sendJson(response, status, { error: { message: error.message } })
    })
  })

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    const path = (message.url ?? '/').replace(/\?.*/s, '')
    checkHost(message)
    if (path === '/faults') return answerFaults(message, response, faults)
    const [, id] = /^\/faults\/(\d+)$/.exec(path) ?? []
    if (id) return answerFault(message, response, faults, Number(id))
    if (isOtherOrigin(message)) throw new Refusal(403, 'only the console itself may do this')
    if (message.method !== 'GET') throw new Refusal(405, 'only GET here')
    const file = page.get(path)
    if (file) response.setHeader('Content-Type', file.type).end(file.text)
    else if (path === '/requests') sendJson(response, 200, requests.list())
    else if (path === '/events') sendEvents(response, requests, faults)
    else throw new Refusal(404, 'there is nothing here')
  }

  return {
    async start() {
      server.listen(port, HOST)
      await once(server, 'listening')
      return `http://${HOST}:${(server.address() as AddressInfo).port}`
    },

    stop() {
      return new Promise((resolve) => {
        // That it does not listen yet is no error here.
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** A name of somebody else that leads to this computer (DNS rebinding) is not ours. */
function checkHost({ headers, socket }: IncomingMessage): void {
  const { localPort } = socket
  if (headers.host !== `${HOST}:${localPort}` && headers.host !== `localhost:${localPort}`) {
    throw new Refusal(403, `this is ${HOST}:${localPort}, under no other name`)
  }
}

function isOtherOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`
}

async function answerFaults(
  message: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
): Promise<void> {
  allowLoopback(message, response)
  switch (message.method) {
    case 'OPTIONS':
      return void response.writeHead(204).end()
    case 'GET':
      return sendJson(response, 200, faults.list())
    case 'POST':
      return sendJson(response, 201, faults.add(await readOrder(message)))
    case 'DELETE':
      faults.clear()
      return void response.writeHead(204).end()
    default:
      throw new Refusal(405, 'only GET, POST and DELETE here')
  }
}

function answerFault(
  message: IncomingMessage,
  response: ServerResponse,
  faults: Faults,
  id: number,
): void {
  allowLoopback(message, response)
  if (message.method === 'OPTIONS') return void response.writeHead(204).end()
  if (message.method !== 'DELETE') throw new Refusal(405, 'only DELETE here')
  if (!faults.remove(id)) throw new Refusal(404, 'no such order waits')
  response.writeHead(204).end()
}

/**
 * CORS for pages that this computer serves itself, the preview for one.
 *
 * @throws Refusal for any other
 */
function allowLoopback({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers.origin === undefined) return
  if (!/^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.origin)) {
    throw new Refusal(403, 'only pages of this computer may do this')
  }
  response.setHeader('Access-Control-Allow-Origin', headers.origin)
  response.setHeader('Access-Control-Allow-Methods', 'GET,POST,DELETE')
  response.setHeader('Access-Control-Allow-Headers', 'content-type')
  response.setHeader('Vary', 'Origin')
}

/** Only JSON: a form of another page could not send that without being asked first. */
async function readOrder(message: IncomingMessage) {
  if (!/^application\/json\s*(;|$)/i.test(message.headers['content-type'] ?? '')) {
    throw new Refusal(415, 'the content-type must be application/json')
  }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_ORDER_BYTES) throw new Refusal(413, 'an order is not that long')
    chunks.push(chunk)
  }
  try {
    return readFaultOrder(JSON.parse(Buffer.concat(chunks).toString()))
  } catch (error) {
    throw new Refusal(400, (error as Error).message)
  }
}

function sendEvents(response: ServerResponse, requests: RequestLog, faults: Faults): void {
  const send = (event: string, data: unknown): void => {
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const sendFaults = () => send('faults', faults.list())
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  send('requests', requests.list())
  sendFaults()
  const stops = [
    requests.subscribe((record) => send('request', record)),
    faults.subscribe(sendFaults),
  ]
  response.on('close', () => {
    for (const stop of stops) stop()
  })
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}
