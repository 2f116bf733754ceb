import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { CosError } from './errors'
import { xmlDocument } from './xml'

export interface ConnectionLimits {
  /** A connection on which nothing moves for this long is closed. Milliseconds, default 2 minutes. */
  idle?: number
  /** A request that takes longer to arrive is refused. Milliseconds, default 1 hour: it may be 5 GB. */
  request?: number
}

/**
 * Limits what a slow or broken client can hold, and answers with COS's XML what is no request at all. The
 * headers of a request must arrive within node's 60 seconds and fit into its 16 KB.
 */
export function limitConnections(
  server: Server,
  { idle = 120_000, request = 3_600_000 }: ConnectionLimits = {},
): void {
  server.requestTimeout = request
  // A longer one would switch the other off.
  server.headersTimeout = Math.min(60_000, request)
  server.setTimeout(idle)
  // Node's 5 s would close a connection just as a client that pauses sends on it again.
  server.keepAliveTimeout = idle
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || hasAnswered(socket as Socket)) socket.destroy()
    else socket.end(refusal(error.code), () => socket.destroy())
  })
}

/** Whether an answer may already be on its way: a second one would be read as a part of it. */
function hasAnswered(socket: Socket): boolean {
  return socket.bytesWritten > 0
}

function refusal(code: string | undefined): string {
  const error = new CosError('BadRequest', { message: messageOf(code) })
  const xml = xmlDocument([
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
    ],
  ])
  const head = [
    `HTTP/1.1 ${error.status} Bad Request`,
    'Content-Type: application/xml',
    `Content-Length: ${Buffer.byteLength(xml)}`,
    'Connection: close',
    'Server: tencent-cos',
  ]
  return `${head.join('\r\n')}\r\n\r\n${xml}`
}

function messageOf(code: string | undefined): string | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return 'The headers of the request are too large.'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'The request did not arrive in time.'
  return undefined
}
