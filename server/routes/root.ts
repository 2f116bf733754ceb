import type { FastifyInstance } from 'fastify'

import type { Config } from '../config'

/** `GET /` → one line of text, for somebody who opens the address in a browser */
export function rootRoute(app: FastifyInstance, { config }: { config: Config }): void {
  const docs = config.apiDocs
    ? `${config.pathPrefix}/docs`
    : 'server/README.md of cos-presign-miniprogram, or /docs with API_DOCS=on'
  const schema = {
    tags: ['Server'],
    summary: 'Find the documentation',
    response: { 200: { description: 'One line of text', type: 'string' } },
  }
  app.get('/', { schema }, async () => `Temporary keys and presigned URLs for COS. See ${docs}\n`)
}
