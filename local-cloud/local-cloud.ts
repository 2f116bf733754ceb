import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createControlServer } from './control/control-server'
import { createFaults, readFaultOrder, type FaultOrder } from './control/faults'
import { injectFaults } from './control/inject-faults'
import { createRequestLog } from './control/request-log'
import { appidOf } from './cos/bucket'
import { limitConnections } from './cos/connections'
import { createCosHandler } from './cos/handler'
import { resourceOf } from './cos/request'
import { masked } from './masked'
import type { RequestOutcome } from './request-outcome'
import { ObjectStore } from './store/object-store'
import { createAccessKeys } from './sts/access-keys'
import { createStsHandler, isStsRequest } from './sts/handler'
import { isVisit, welcome } from './welcome'

export interface LocalCloudOptions {
  /** The folder that keeps the objects. It is made when it is missing. */
  data: string
  /** Default `127.0.0.1`. */
  host?: string
  /** Default 9000; 0 takes any free port. */
  port?: number
  /** The port of the console, always on 127.0.0.1; 0 takes any free port. Default: no console. */
  controlPort?: number
  /** A fault to order at the start. Default: none. */
  fault?: FaultOrder
  /** `<name>-<appid>`, default `examplebucket-1250000000`. */
  bucket?: string
  /** More buckets, of the same appid. They answer on `Host: <bucket>.cos.<region>.…`. Default none. */
  buckets?: readonly string[]
  /** Default `ap-beijing`. */
  region?: string
  /** Default `local-secret-id`. */
  secretId?: string
  /** Default `local-secret-key`. */
  secretKey?: string
  /** The clock, in milliseconds since 1970. Default `Date.now`. */
  now?: () => number
  /** Takes one line for each request: method, path, status, code and reason. Default: nothing. */
  log?: (line: string) => void
}

export interface LocalCloud {
  /**
   * Listens. `controlUrl` is there when a control port is.
   *
   * @throws those of node:net and node:fs (`EADDRINUSE`, `EACCES`, …)
   */
  start(): Promise<{ url: string; port: number; controlUrl?: string }>
  /** Closes all connections, and waits for what their requests still do. */
  stop(): Promise<void>
}

/**
 * Makes COS and STS for development: one permanent key, on one port. Both speak their real protocols and
 * verify what the real ones verify.
 *
 * @throws TypeError for an option that cannot be
 */
export function createLocalCloud(options: LocalCloudOptions): LocalCloud {
  const {
    data,
    host = '127.0.0.1',
    port = 9000,
    controlPort,
    fault,
    bucket = 'examplebucket-1250000000',
    buckets = [],
    region = 'ap-beijing',
    secretId = 'local-secret-id',
    secretKey = 'local-secret-key',
    now = Date.now,
    log = () => {},
  } = options
  checkOptions({ data, port, controlPort, bucket, buckets, region, secretId, secretKey })

  const keys = createAccessKeys(secretId, secretKey)
  const answerSts = createStsHandler({
    appid: appidOf(bucket),
    keys,
    now,
  })
  const faults = createFaults()
  if (fault) faults.add(readFaultOrder(fault))
  const requests = createRequestLog()
  const control =
    controlPort === undefined ? undefined : createControlServer(controlPort, requests, faults)
  const server = createServer()
  limitConnections(server)
  let stores = new Map<string, ObjectStore>()
  let controlUrl: string | undefined
  const running = new Set<Promise<void>>()

  return {
    async start() {
      server.listen(port, host)
      await once(server, 'listening')
      try {
        stores = openStores(data, [bucket, ...buckets])
        const answerCos = injectFaults(
          createCosHandler({ buckets: stores, region, keys, now }),
          faults,
        )
        server.on('request', (message: IncomingMessage, response: ServerResponse) => {
          const isSts = isStsRequest(message)
          const record = control && requests.observe(message, isSts ? 'STS' : 'COS')
          const answer = isVisit(message)
            ? welcome(response, controlUrl)
            : (isSts ? answerSts : answerCos)(message, response)
          const end = answer.then((outcome) => {
            running.delete(end)
            log(logLine(message, outcome))
            record?.(outcome)
          })
          running.add(end)
        })
        const address = server.address() as AddressInfo
        const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
        const url = `http://${name}:${address.port}`
        controlUrl = await control?.start()
        return { url, port: address.port, controlUrl }
      } catch (error) {
        await stop()
        throw error
      }
    },

    stop,
  }

  async function stop(): Promise<void> {
    await control?.stop()
    const closed = new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()))
    })
    server.closeAllConnections()
    // Another process may use the folders only when nothing writes there any more.
    await Promise.allSettled([closed, ...running])
    for (const store of stores.values()) store.close()
    await closed
  }
}

/**
 * Opens all or none.
 *
 * @throws FolderInUseError, those of node:fs
 */
function openStores(data: string, buckets: readonly string[]): Map<string, ObjectStore> {
  const stores = new Map<string, ObjectStore>()
  try {
    for (const bucket of buckets) stores.set(bucket, new ObjectStore(join(data, bucket)))
  } catch (error) {
    for (const store of stores.values()) store.close()
    throw error
  }
  return stores
}

/** Never the query or the headers: they may carry tokens and signatures. */
function logLine(message: IncomingMessage, { status, code, reason }: RequestOutcome): string {
  const what = isStsRequest(message)
    ? `STS ${message.headers['x-tc-action']}`
    : `${message.method} ${resourceOf(message)}`
  const result = [status, code].filter(Boolean).join(' ')
  const line = masked(`${what} ${result}${reason ? `: ${reason}` : ''}`)
  // Nothing that breaks a line or turns its direction.
  return line.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, ' ')
}

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]*-\d+$/

function checkOptions(options: {
  data: string
  port: number
  controlPort: number | undefined
  bucket: string
  buckets: readonly string[]
  region: string
  secretId: string
  secretKey: string
}): void {
  const { data, port, controlPort, bucket, buckets, region, secretId, secretKey } = options
  if (!data) throw new TypeError('data must be the path of a folder')
  for (const [name, number] of Object.entries({ port, controlPort: controlPort ?? 0 })) {
    if (!Number.isInteger(number) || number < 0 || number > 65_535) {
      throw new TypeError(`${name} must be a number from 0 to 65535`)
    }
  }
  if (!BUCKET_NAME.test(bucket)) {
    throw new TypeError('bucket must be <name>-<appid>, for example examplebucket-1250000000')
  }
  const isSibling = (name: string) => BUCKET_NAME.test(name) && appidOf(name) === appidOf(bucket)
  if (!buckets.every(isSibling)) {
    throw new TypeError(`buckets must all be <name>-${appidOf(bucket)}: one account owns them`)
  }
  if (new Set([bucket, ...buckets]).size <= buckets.length) {
    throw new TypeError('buckets must be different from bucket and from each other')
  }
  if (!/^[a-z0-9-]+$/.test(region)) {
    throw new TypeError('region must be the short name of a region, for example ap-beijing')
  }
  if (!secretId || !secretKey) throw new TypeError('secretId and secretKey must not be empty')
  if (secretId.startsWith('AKID')) {
    throw new TypeError('secretId looks like a real key: give the local cloud one of its own')
  }
}
