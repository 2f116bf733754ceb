import type { FastifyInstance } from 'fastify'

import type { Config } from '../config'

/**
 * `GET /config` → `{ bucket, region, protocol, host, maxBytes, localCloud, serverTime }`
 *
 * What the app must know before anybody logs in. Public: nothing secret belongs here.
 */
export function configRoute(
  app: FastifyInstance,
  { config, now }: { config: Config; now: () => number },
): void {
  app.get('/config', () => ({
    bucket: config.bucket,
    region: config.region,
    protocol: config.protocol,
    host: config.domain,
    maxBytes: config.maxUploadBytes,
    localCloud: config.localCloud,
    serverTime: Math.floor(now() / 1000),
  }))
}
