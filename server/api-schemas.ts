import { PURPOSES } from './policy'

/**
 * What the routes take and answer, as JSON Schema. Fastify checks bodies by it, and sends no field that
 * is not in it; the document at `/docs` and the mini program's types (`scripts/server-api-types.ts`)
 * come from it, too.
 */

const text = { type: 'string' } as const
const seconds = { type: 'integer', description: 'Unix seconds' } as const
const key = { type: 'string', minLength: 1, description: 'Object key, decoded' } as const
const prefix = {
  type: 'string',
  description: 'Every key of the user begins with this prefix',
} as const
const maxBytes = { type: 'integer', description: 'Largest single upload, in bytes' } as const
const protocol = { enum: ['https:', 'http:'] } as const
const host = { type: 'string', description: 'Host that requests go to and that is signed' } as const
const stringMap = { type: 'object', additionalProperties: text } as const

/** No control characters (a line break would begin another header), no half surrogate pairs. */
const SIGNABLE = '[^\\p{Cc}\\p{Cs}]'

const queryValue = { type: 'string', pattern: `^${SIGNABLE}*$` } as const

/**
 * HTTP drops an empty value, and spaces around it, and clients send what is not ASCII each in a way of
 * its own: such a header could not be sent as it was signed.
 */
const headerValue = { type: 'string', pattern: '^(?! )[\\x20-\\x7e]+(?<! )$' } as const

/**
 * A bound against slips (milliseconds, for one): what bounds a signature is the life of its key, at most
 * `CREDENTIALS_SECONDS`, and `expiresAt` tells the earlier end.
 */
const expires = {
  type: 'integer',
  minimum: 1,
  maximum: 86_400,
  description: 'Lifetime in seconds. Default 900. A URL never outlives its key',
} as const

export const sessionRequest = {
  type: 'object',
  required: ['code'],
  additionalProperties: false,
  properties: {
    code: { type: 'string', minLength: 1, maxLength: 256, description: 'Code from wx.login' },
  },
  examples: [{ code: '0a1b2c3d' }],
} as const

export const session = {
  type: 'object',
  required: ['token', 'expiresAt', 'serverTime', 'prefix'],
  additionalProperties: false,
  properties: { token: text, expiresAt: seconds, serverTime: seconds, prefix },
} as const

export const credentialsRequest = {
  type: 'object',
  required: ['purpose'],
  additionalProperties: false,
  properties: { purpose: { enum: PURPOSES }, key },
  examples: [{ purpose: 'upload', key: 'users/0a1b/photo.jpg' }],
} as const

export const temporaryCredentials = {
  type: 'object',
  required: [
    'credentials',
    'startTime',
    'expiredTime',
    'expiration',
    'requestId',
    'serverTime',
    'bucket',
    'region',
    'protocol',
    'host',
    'maxBytes',
    'prefix',
  ],
  additionalProperties: false,
  properties: {
    credentials: {
      type: 'object',
      required: ['tmpSecretId', 'tmpSecretKey', 'sessionToken'],
      additionalProperties: false,
      properties: { tmpSecretId: text, tmpSecretKey: text, sessionToken: text },
    },
    startTime: seconds,
    expiredTime: seconds,
    expiration: { type: 'string', description: 'ISO 8601' },
    requestId: text,
    serverTime: seconds,
    bucket: text,
    region: text,
    protocol,
    host,
    maxBytes,
    prefix,
  },
} as const

export const presignRequest = {
  type: 'object',
  required: ['method', 'key'],
  additionalProperties: false,
  properties: {
    method: text,
    key,
    query: { type: 'object', additionalProperties: queryValue },
    headers: { type: 'object', additionalProperties: headerValue },
    expires,
  },
  examples: [
    {
      method: 'PUT',
      key: 'users/0a1b/photo.jpg',
      headers: { 'content-type': 'image/jpeg' },
      expires: 900,
    },
  ],
} as const

export const presignAnswer = {
  type: 'object',
  required: ['url', 'method', 'headers', 'expiresAt', 'serverTime'],
  additionalProperties: false,
  properties: {
    url: text,
    method: { enum: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] },
    headers: { ...stringMap, description: 'Headers that the client must send unchanged' },
    expiresAt: seconds,
    serverTime: seconds,
  },
} as const

export const postFormRequest = {
  type: 'object',
  required: ['key'],
  additionalProperties: false,
  properties: {
    key,
    contentType: headerValue,
    maxBytes: { type: 'integer', minimum: 0 },
    expires,
  },
  examples: [{ key: 'users/0a1b/photo.jpg', contentType: 'image/jpeg', expires: 900 }],
} as const

export const postFormAnswer = {
  type: 'object',
  required: ['url', 'fields', 'expiresAt', 'serverTime'],
  additionalProperties: false,
  properties: {
    url: text,
    fields: { ...stringMap, description: 'Form fields in order; the file comes last' },
    expiresAt: seconds,
    serverTime: seconds,
  },
} as const

export const serverConfig = {
  type: 'object',
  required: [
    'bucket',
    'region',
    'protocol',
    'host',
    'maxBytes',
    'multipart',
    'localCloud',
    'serverTime',
  ],
  additionalProperties: false,
  properties: {
    bucket: text,
    region: text,
    protocol,
    host,
    maxBytes,
    multipart: { type: 'boolean', description: 'Multipart uploads are allowed' },
    localCloud: {
      type: 'boolean',
      description: 'The server uses a local cloud, not Tencent Cloud',
    },
    serverTime: seconds,
    faultsUrl: { type: 'string', description: 'Where to inject faults into the local cloud' },
  },
} as const

export const health = {
  type: 'object',
  required: ['status', 'sts'],
  additionalProperties: false,
  properties: {
    status: { enum: ['ok', 'unavailable'] },
    sts: { type: 'string', description: 'ok, or the error code of STS' },
  },
} as const

export const refusal = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: { code: text, message: text, detail: text },
    },
  },
} as const

/** The answers of a route: its own, and the shape of every error. */
export function answers<Schema extends object>(answer: Schema) {
  return {
    200: { description: 'Success', ...answer },
    '4xx': { description: 'Refused. A 429 includes Retry-After, in seconds', ...refusal },
    '5xx': { description: 'The server, STS or WeChat failed', ...refusal },
  }
}
