import { createHash, createHmac } from 'node:crypto'
import http from 'node:http'

/** A signer of the tests' own, straight from manual page 436/7778; see sign.test.ts for its oracle. */

export interface SignInput {
  secretId?: string
  secretKey?: string
  method: string
  /** Decoded, with its leading `/`. */
  path: string
  query?: [string, string][]
  headers?: [string, string][]
  /** `start;end`, unix seconds. */
  time?: string
}

export const SECRET_ID = 'local-secret-id'
export const SECRET_KEY = 'local-secret-key'

export const hmac = (key: string, text: string) =>
  createHmac('sha1', key).update(text).digest('hex')

export const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

export const validTime = (now = Date.now()) => {
  const seconds = Math.floor(now / 1000)
  return `${seconds - 1};${seconds + 600}`
}

function canonical(pairs: [string, string][]) {
  const sorted = pairs
    .map(([name, value]) => [encode(name).toLowerCase(), encode(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    list: sorted.map(([name]) => name).join(';'),
    text: sorted.map(([name, value]) => `${name}=${value}`).join('&'),
  }
}

/** The fields of an Authorization, in order. */
export function signatureFields(input: SignInput): [string, string][] {
  const time = input.time ?? validTime()
  const query = canonical(input.query ?? [])
  const headers = canonical(input.headers ?? [])
  const httpString = `${input.method.toLowerCase()}\n${input.path}\n${query.text}\n${headers.text}\n`
  const sha1 = createHash('sha1').update(httpString).digest('hex')
  const signKey = hmac(input.secretKey ?? SECRET_KEY, time)
  return [
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', input.secretId ?? SECRET_ID],
    ['q-sign-time', time],
    ['q-key-time', time],
    ['q-header-list', headers.list],
    ['q-url-param-list', query.list],
    ['q-signature', hmac(signKey, `sha1\n${time}\n${sha1}\n`)],
  ]
}

export const authorization = (input: SignInput) =>
  signatureFields(input)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** `/encoded/key?query`, without a signature. */
export const target = (path: string, query: [string, string][] = []) =>
  path.split('/').map(encode).join('/') +
  (query.length > 0 ? `?${query.map(([k, v]) => `${encode(k)}=${encode(v)}`).join('&')}` : '')

/** A presigned request target with flat `q-*` parameters. */
export const presign = (input: SignInput, extra: [string, string][] = []) =>
  target(input.path, [...(input.query ?? []), ...signatureFields(input), ...extra])

export interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
  text: string
  /** The `<Code>` of an error. */
  code: string | undefined
  message: string | undefined
}

/**
 * Sends exactly this request target, as no URL-normalizing client would, over a connection of its own
 * unless an agent is given.
 */
export function send(
  port: number,
  method: string,
  path: string,
  {
    headers = {},
    body,
    agent = false,
  }: {
    headers?: http.OutgoingHttpHeaders
    body?: Buffer | string
    agent?: http.Agent | false
  } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers, agent },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const all = Buffer.concat(chunks)
          const text = all.toString()
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: all,
            text,
            code: /<Code>(.*)<\/Code>/.exec(text)?.[1],
            message: /<Message>(.*)<\/Message>/.exec(text)?.[1],
          })
        })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
