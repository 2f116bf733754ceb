import cors from '@fastify/cors'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'

import { apiDocs } from './api-docs'
import { createCode2Session, type Code2Session } from './code2session'
import type { Config } from './config'
import { ApiError } from './errors'
import { acceptParsedBodies } from './listener'
import { limitRate, rateLimitStore } from './rate-limit'
import { requireSession } from './require-session'
import { configRoute } from './routes/config'
import { credentialsRoute } from './routes/credentials'
import { healthRoute } from './routes/health'
import { postFormRoute } from './routes/post-form'
import { presignRoute } from './routes/presign'
import { rootRoute } from './routes/root'
import { sessionRoute } from './routes/session'
import { createSessions, type Sessions } from './sessions'
import { createSts, type GetTemporaryKey } from './sts'
import { cacheTemporaryKeys } from './temporary-keys'

/** The bodies of all routes are a few short strings. */
const BODY_LIMIT_BYTES = 16 * 1024

/** Milliseconds. Slower requests get 408, after 10 to 15 s. */
const SLOW_REQUESTS = {
  requestTimeout: 10_000,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
}

/** Each login asks WeChat. So many in a minute are enough for an address with many users. */
const MAX_LOGINS = 600

export interface AppOptions {
  /** Milliseconds since 1970. */
  now?: () => number
  /** Takes the place of WeChat, or of the development login. */
  code2Session?: Code2Session
  /** Where log lines (JSON) go; without it nothing is logged. */
  logStream?: { write(line: string): void }
}

/**
 * The backend for temporary keys, ready to `listen` or to `inject` requests into.
 *
 * @param config from `readConfig`, which has checked it
 */
export function createApp(config: Config, options: AppOptions = {}): FastifyInstance {
  const now = options.now ?? Date.now
  const code2Session = options.code2Session ?? chooseLogin(config)
  const sessions = createSessions(config, now)
  const getTemporaryKey = cacheTemporaryKeys(createSts(config), now)

  const app: FastifyInstance = Fastify({
    logger: options.logStream ? { ...LOGGING, stream: options.logStream } : false,
    bodyLimit: BODY_LIMIT_BYTES,
    ...SLOW_REQUESTS,
    trustProxy: config.trustedProxies,
    // A field that a schema does not know, or of another type, is reported, not corrected.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    frameworkErrors: (_error, request, reply) =>
      sendError(new ApiError(400, 'INVALID_REQUEST', 'The URL is not valid'), request, reply),
  })
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })
  acceptParsedBodies(app)
  app.setErrorHandler(sendError)
  app.setNotFoundHandler((request) => {
    throw new ApiError(404, 'NOT_FOUND', `There is no ${request.method} ${pathOf(request.url)}`)
  })
  // Mini programs need no CORS; browsers get it for the configured origins only.
  if (config.corsOrigins.length > 0) {
    app.register(cors, {
      origin: config.corsOrigins,
      methods: ['GET', 'POST'],
      exposedHeaders: ['retry-after'],
      maxAge: 600,
    })
  }
  if (config.apiDocs) apiDocs(app, config)
  rateLimitStore(app, config.rateLimits)
  const services = { config, code2Session, sessions, getTemporaryKey, now }
  app.register(async (routes) => addRoutes(routes, services), { prefix: config.pathPrefix })
  return app
}

interface Services {
  config: Config
  code2Session: Code2Session
  sessions: Sessions
  getTemporaryKey: GetTemporaryKey
  now: () => number
}

/** Each `register` is a scope: what is added in it holds for its routes only. */
function addRoutes(app: FastifyInstance, services: Services): void {
  const { perUser, perAddress } = services.config.rateLimits
  healthRoute(app, services)
  app.register(async (counted) => {
    limitRate(counted, { name: 'address', max: perAddress })
    counted.register(async (login) => {
      limitRate(login, { name: 'login', max: Math.min(perAddress, MAX_LOGINS) })
      sessionRoute(login, services)
    })
    rootRoute(counted, services)
    configRoute(counted, services)
    counted.register(async (own) => {
      requireSession(own, services.sessions)
      limitRate(own, { name: 'user', max: perUser, keyOf: ({ userId }) => userId })
      credentialsRoute(own, services)
      presignRoute(own, services)
      postFormRoute(own, services)
    })
  })
}

function chooseLogin(config: Config): Code2Session {
  if (config.weChat) return createCode2Session(config.weChat)
  if (!config.localCloud && !config.cloudBase) {
    throw new TypeError('config.weChat: expected it outside the local cloud')
  }
  return async () => ({ openid: 'development-user' })
}

function sendError(error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply) {
  const { statusCode, code, message, detail } = toErrorBody(error)
  if (statusCode >= 500) request.log.error(error)
  else request.log.info({ code, detail }, message)
  return reply.code(statusCode).send({ error: { code, message, detail } })
}

/** What is not our own error is Fastify's refusal of a request (4xx), or a fault to keep quiet about. */
function toErrorBody(error: FastifyError | ApiError) {
  if (error instanceof ApiError) return error
  const { statusCode = 500, message } = error
  return statusCode >= 400 && statusCode < 500
    ? { statusCode, code: 'INVALID_REQUEST', message, detail: undefined }
    : { statusCode: 500, code: 'INTERNAL', message: 'Something went wrong', detail: undefined }
}

function pathOf(url: string): string {
  return url.split('?', 1).join()
}

/** Requests are logged without headers, body and query; should a line hold them, they are redacted. */
const LOGGING = {
  level: 'info',
  serializers: {
    req: (request: FastifyRequest) => ({
      method: request.method,
      path: pathOf(request.url),
      remoteAddress: request.ip,
    }),
  },
  redact: [
    'headers.authorization',
    '*.headers.authorization',
    'body.code',
    '*.body.code',
    'token',
    '*.token',
    'credentials',
    '*.credentials',
    'url',
    '*.url',
    'fields',
    '*.fields',
  ],
}
