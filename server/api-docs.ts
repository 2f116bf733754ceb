import swagger from '@fastify/swagger'
import type swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

/** Describes the routes that `app` gets after this: OpenAPI at `/docs/json`, to read at `/docs`. */
export function apiDocs(app: FastifyInstance): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Temporary keys and presigned URLs for COS', version: '1' },
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
    },
  })
  // Loaded here only: the bundle for production goes without it.
  const ui: typeof swaggerUi = require('@fastify/swagger-ui')
  app.register(ui, { routePrefix: '/docs' })
}
