import swagger from '@fastify/swagger'
import type swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

import type { Config } from './config'

/** Describes the routes that `app` gets after this: OpenAPI at `/docs/json`, to read at `/docs`. */
export function apiDocs(app: FastifyInstance, { pathPrefix }: Config): void {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Temporary keys and presigned URLs for COS', version: '1' },
      tags: [
        { name: 'Login', description: 'Start here: a session for a user of the mini program' },
        { name: 'Keys', description: 'For signing on the phone' },
        { name: 'Signatures', description: 'For signing on the server: no key leaves it' },
        { name: 'Server', description: 'Public; no session needed' },
      ],
      components: { securitySchemes: { session: { type: 'http', scheme: 'bearer' } } },
    },
  })
  // Loaded here only: the bundle for production goes without it.
  const ui = swaggerUiPackage()
  app.register(ui, { routePrefix: `${pathPrefix}/docs`, uiConfig: { layout: 'BaseLayout' } })
}

/** @throws Error with code `INVALID_CONFIG` where the package is not, as in the image */
function swaggerUiPackage(): typeof swaggerUi {
  try {
    return require('@fastify/swagger-ui')
  } catch (cause) {
    const problem = 'API_DOCS: expected off, for @fastify/swagger-ui is not installed here'
    throw Object.assign(new Error(problem, { cause }), {
      code: 'INVALID_CONFIG',
      problems: [problem],
    })
  }
}
