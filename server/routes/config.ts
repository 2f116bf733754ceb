import type { FastifyInstance } from 'fastify'
import type { FromSchema } from 'json-schema-to-ts'

import { answers, serverConfig } from '../api-schemas'
import type { Config } from '../config'

/**
 * `GET /config` → `{ bucket, region, protocol, host, maxBytes, multipart, localCloud, serverTime, faultsUrl? }`
 *
 * The configuration of the app, needed before the login. Public: nothing secret belongs here.
 */
export function configRoute(
  app: FastifyInstance,
  { config, now }: { config: Config; now: () => number },
): void {
  const schema = {
    tags: ['Server'],
    summary: 'Client configuration: the bucket and its limits',
    response: answers(serverConfig),
  }
  app.get('/config', { schema }, async (): Promise<FromSchema<typeof serverConfig>> => ({
    bucket: config.bucket,
    region: config.region,
    protocol: config.protocol,
    host: config.domain,
    maxBytes: config.maxUploadBytes,
    multipart: config.multipart,
    localCloud: config.localCloud,
    serverTime: Math.floor(now() / 1000),
    ...(config.faultsUrl && { faultsUrl: config.faultsUrl }),
  }))
}
