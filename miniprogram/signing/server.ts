import { config } from '../config'
import type { ServerConfig } from './server-api'
import type { Wx } from './wx'

declare const wx: Wx

/** Our server refused, sent something else than what was asked for, or did not respond. */
export interface ServerError extends Error {
  code:
    | 'SERVER_UNREACHABLE'
    | 'SERVER_REFUSED'
    | 'KEY_NOT_ALLOWED'
    | 'FILE_TOO_LARGE'
    | 'DOMAIN_NOT_ALLOWED'
  /** HTTP status, where there was a response. */
  statusCode?: number | undefined
  /** The server's own code and message. */
  errorCode?: string | undefined
  errorMessage?: string | undefined
  /** With `FILE_TOO_LARGE`: what the server allows, in bytes. */
  limit?: number | undefined
  /** `errMsg` of wx.request, where there was no response. */
  errMsg?: string | undefined
  /** With `DOMAIN_NOT_ALLOWED`: the allowlist, and what to add to it. */
  api?: 'request' | undefined
  origin?: string | undefined
}

/**
 * The storage entry that overrides `config.ts`, for the preview and for a phone on the LAN. Never in
 * a release: a forgotten entry would send logins elsewhere.
 */
const SERVER_URL = 'server-url'

/** Long enough for a cold start of a cloud function. */
const TIMEOUT = 15_000

/** Address of the server in use, without a trailing slash. */
export function serverUrl(): string {
  const override = isRelease() ? '' : wx.getStorageSync(SERVER_URL)
  return String(override || config.serverUrl).replace(/\/$/, '')
}

/** Saves an address in place of that of `config.ts`; undefined removes it. Not in a release. */
export function saveServerUrl(url: string | undefined): void {
  if (url) wx.setStorageSync(SERVER_URL, url)
  else wx.removeStorageSync(SERVER_URL)
}

/** A release uses the server of `config.ts`, whatever the storage says. */
export function isRelease(): boolean {
  return wx.getAccountInfoSync().miniProgram.envVersion === 'release'
}

/**
 * The configuration of the app, needed before the login.
 * @param server address of a server; default: that in use
 * @throws ServerError by its `code`; `SERVER_REFUSED` with status 200 where it is not our server
 */
export function fetchServerConfig(server?: string): Promise<ServerConfig> {
  return requestServer<ServerConfig>('/config', undefined, undefined, server).then((answer) => {
    const { bucket, host, serverTime }: Partial<ServerConfig> = answer
    if (bucket && host && typeof serverTime === 'number') return answer
    throw refused(200, answer)
  })
}

/**
 * Sends a request to the server: GET without a body, POST with one.
 * @throws ServerError by its `code`
 */
export function requestServer<Answer extends object>(
  path: string,
  body?: object,
  token?: string,
  server = serverUrl(),
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = server + path
    wx.request({
      url,
      method: body ? 'POST' : 'GET',
      ...(body && { data: body }),
      header: token ? { authorization: `Bearer ${token}` } : {},
      timeout: TIMEOUT,
      success({ statusCode, data }) {
        // A captive portal responds with 200 and a page of its own.
        if (statusCode === 200 && typeof data === 'object' && data) resolve(data as Answer)
        else reject(refused(statusCode, data))
      },
      fail: ({ errMsg }) => reject(unreachable(url, errMsg)),
    })
  })
}

/** What an answer holds, by names in lower case without `-` and `_`. */
export type Fields = Partial<Record<string, unknown>>

/** The fields of an answer, and of the objects that backends wrap them in. */
export function fieldsOf(answer: unknown): Fields {
  const fields: Fields = {}
  for (const [name, value] of Object.entries(Object(answer))) {
    const plain = name.toLowerCase().replace(/[-_]/g, '')
    const isWrapper = /^(data|response|result|credentials|error)$/.test(plain)
    if (isWrapper && typeof value === 'object') Object.assign(fields, fieldsOf(value))
    else fields[plain] = value
  }
  return fields
}

/**
 * The error of a response that is not what was asked for.
 * @param problem what is wrong, where the answer does not say it
 */
export function refused(statusCode: number, answer: unknown, problem?: string): ServerError {
  const { code, message, msg, error, detail } = fieldsOf(answer)
  const words = [problem, message ?? msg ?? error].filter((text) => typeof text === 'string')
  const errorMessage = words.join(': ') || undefined
  const details = { statusCode, errorCode: code ? String(code) : undefined, errorMessage }
  if (code === 'KEY_NOT_ALLOWED') return serverError(code, details)
  if (code !== 'FILE_TOO_LARGE') return serverError('SERVER_REFUSED', details)
  return serverError(code, { ...details, limit: Number(detail) || undefined })
}

function unreachable(url: string, errMsg: string): ServerError {
  if (!/not in domain list/.test(errMsg)) return serverError('SERVER_UNREACHABLE', { errMsg })
  const origin = /^\w+:\/\/[^/]+/.exec(url)?.[0]
  return serverError('DOMAIN_NOT_ALLOWED', { errMsg, api: 'request', origin })
}

function serverError(code: ServerError['code'], details: Partial<ServerError>): ServerError {
  const message = [code, details.statusCode, details.errorMessage ?? details.errMsg]
  return Object.assign(new Error(message.filter(Boolean).join(': ')), details, { code })
}
