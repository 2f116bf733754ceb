import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createCosHandler } from './cos/handler'
import { resourceOf } from './cos/request'
import type { Outcome } from './outcome'
import { ObjectStore } from './store/object-store'
import { createAccessKeys } from './sts/access-keys'
import { createStsHandler, isStsRequest } from './sts/handler'

export interface LocalCloudOptions {
  /** The folder that keeps the objects. It is made when it is missing. */
  readonly data: string
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Default 9000; 0 takes any free port. */
  readonly port?: number
  /** `<name>-<appid>`, default `examplebucket-1250000000`. */
  readonly bucket?: string
  /** Default `ap-beijing`. */
  readonly region?: string
  /** Default `local-secret-id`. */
  readonly secretId?: string
  /** Default `local-secret-key`. */
  readonly secretKey?: string
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
  /** Takes one line for each request: method, path, status, code and reason. Default: nothing. */
  readonly log?: (line: string) => void
}

export interface LocalCloud {
  /** Listens. Errors: those of node:net and node:fs (`EADDRINUSE`, `EACCES`, …). */
  start(): Promise<{ url: string; port: number }>
  /** Closes all connections. */
  stop(): Promise<void>
}

/** A connection on which nothing moves for this long is closed. */
const IDLE_MILLISECONDS = 120_000

/**
 * Makes COS and STS for development: one bucket, one permanent key, on one port. Both speak their real
 * protocols and verify what the real ones verify. Errors: TypeError for an option that cannot be.
 */
export function createLocalCloud(options: LocalCloudOptions): LocalCloud {
  const {
    data,
    host = '127.0.0.1',
    port = 9000,
    bucket = 'examplebucket-1250000000',
    region = 'ap-beijing',
    secretId = 'local-secret-id',
    secretKey = 'local-secret-key',
    now = Date.now,
    log = () => {},
  } = options
  checkOptions({ data, port, bucket, region, secretId, secretKey })

  const keys = createAccessKeys(secretId, secretKey)
  const answerSts = createStsHandler({
    appid: bucket.slice(bucket.lastIndexOf('-') + 1),
    keys,
    now,
  })
  const server = createServer()
  // A large upload may take longer than node's five minutes for a whole request; an idle one may not.
  server.requestTimeout = 0
  server.setTimeout(IDLE_MILLISECONDS)

  return {
    async start() {
      server.listen(port, host)
      await once(server, 'listening')
      try {
        // Only now: the port keeps a second local cloud away from the same folder.
        const store = new ObjectStore(join(data, bucket))
        const answerCos = createCosHandler({ bucket, region, keys, store, now })
        server.on('request', (message: IncomingMessage, response: ServerResponse) => {
          const answer = isStsRequest(message) ? answerSts : answerCos
          void answer(message, response).then((outcome) => log(logLine(message, outcome)))
        })
      } catch (error) {
        server.close()
        throw error
      }
      const address = server.address() as AddressInfo
      const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
      return { url: `http://${name}:${address.port}`, port: address.port }
    },

    stop() {
      return new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      })
    },
  }
}

/** Never the query or the headers: they may carry tokens and signatures. */
function logLine(message: IncomingMessage, { status, code, reason }: Outcome): string {
  const what = isStsRequest(message)
    ? `STS ${message.headers['x-tc-action']}`
    : `${message.method} ${resourceOf(message)}`
  const result = [status, code].filter(Boolean).join(' ')
  // oxlint-disable-next-line no-control-regex
  return `${what} ${result}${reason ? `: ${reason}` : ''}`.replace(/[\u0000-\u001f\u007f]/g, ' ')
}

function checkOptions(options: {
  data: string
  port: number
  bucket: string
  region: string
  secretId: string
  secretKey: string
}): void {
  const { data, port, bucket, region, secretId, secretKey } = options
  if (!data) throw new TypeError('data must be the path of a folder')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new TypeError('port must be a number from 0 to 65535')
  }
  if (!/^[a-z0-9][a-z0-9-]*-\d+$/.test(bucket)) {
    throw new TypeError('bucket must be <name>-<appid>, for example examplebucket-1250000000')
  }
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new TypeError('region must be the short name of a region, for example ap-beijing')
  }
  if (!secretId || !secretKey) throw new TypeError('secretId and secretKey must not be empty')
  if (secretId.startsWith('AKID')) {
    throw new TypeError('secretId looks like a real key: give the local cloud one of its own')
  }
}
