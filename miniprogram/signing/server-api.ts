/**
 * What the server takes and answers. Written by scripts/server-api-types.ts from the server's own
 * schemas: do not edit.
 */

export interface SessionRequest {
  code: string
}

export interface Session {
  token: string
  expiresAt: number
  serverTime: number
  prefix: string
}

export interface CredentialsRequest {
  purpose: 'upload' | 'download' | 'multipart'
  key?: string
}

export interface TemporaryCredentials {
  credentials: {
    tmpSecretId: string
    tmpSecretKey: string
    sessionToken: string
  }
  startTime: number
  expiredTime: number
  expiration: string
  requestId: string
  serverTime: number
  bucket: string
  region: string
  protocol: 'https:' | 'http:'
  host: string
  maxBytes: number
  prefix: string
}

export interface PresignRequest {
  method: string
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  expires?: number
}

export interface PresignAnswer {
  url: string
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  headers: Record<string, string>
  expiresAt: number
  serverTime: number
}

export interface PostFormRequest {
  key: string
  contentType?: string
  maxBytes?: number
  expires?: number
}

export interface PostFormAnswer {
  url: string
  fields: Record<string, string>
  expiresAt: number
  serverTime: number
}

export interface ServerConfig {
  bucket: string
  region: string
  protocol: 'https:' | 'http:'
  host: string
  maxBytes: number
  multipart: boolean
  localCloud: boolean
  serverTime: number
  faultsUrl?: string
}

export interface Refusal {
  error: {
    code: string
    message: string
    detail?: string
  }
}
