import type { FastifyInstance } from 'fastify'
import COS, { type SignableRequest, type SignedRequest } from '../../miniprogram/cos/index'
import { createApp } from '../../server/app'
import type { Config } from '../../server/config'
import type { SigningKey } from '../../server/signing-key'
import { createClient } from '../server/client'

/** An answer of COS. */
export interface Answer {
  status: number
  /** COS's own, of an error with a body; empty otherwise. */
  code: string
  headers: Headers
  body: Buffer
  text: string
}

/** What a request was, in words that hold no secret, and how it was answered. */
export interface Exchange {
  step: string
  request: string
  answer: Pick<Answer, 'status' | 'code' | 'headers'>
}

/** A COS with its STS, our server before it, and a user who has logged in there. */
export interface Target {
  config: Config
  serverUrl: string
  /** The permanent key of the account. */
  account: SigningKey
  exchanges: Exchange[]
  /** Names the step that runs, for `exchanges`. */
  begin(step: string): void
  /** The key of an object of the user. It is removed at the end. */
  key(name: string): string
  /** A multipart upload has begun. It is aborted at the end. */
  began(key: string, uploadId: string): void
  /** Asks our server in the name of the user. Rejects unless it answers 200. */
  ask<Body>(path: string, body: object): Promise<Body>
  /** Sends a request to COS. `request` names it. */
  send(request: string, signed: Sendable, body?: Buffer | FormData): Promise<Answer>
  /** Removes what is left of the steps, and stops the server. Gives what could not be removed. */
  end(): Promise<string[]>
}

export type Sendable = Pick<SignedRequest, 'url' | 'method'> & { headers?: Record<string, string> }

const TIMEOUT_MS = 60_000

/** @param openid whose `users/<id>/` takes all objects: a new one for each run */
export async function startTarget(config: Config, openid: string): Promise<Target> {
  const app = createApp(config, { code2Session: async () => ({ openid }) })
  const client = await createClient(app)
  const user = await client.login()
  const account = accountKey(config)
  const exchanges: Exchange[] = []
  const keys = new Set<string>()
  const uploads = new Map<string, string>()
  let step = ''

  return {
    config,
    serverUrl: client.url,
    account,
    exchanges,
    begin: (name) => {
      step = name
    },
    key: (name) => {
      const key = user.prefix + name
      keys.add(key)
      return key
    },
    began: (key, uploadId) => void uploads.set(uploadId, key),
    async ask<Body>(path: string, body: object) {
      const answer = await client.post(path, body, user.authorization)
      if (answer.status === 200) return answer.body as Body
      const { code, message } = answer.body.error
      throw new Error(`POST ${path}: ${answer.status} ${code}: ${message}`)
    },
    async send(request, signed, body) {
      const answer = await sendToCos(signed, body)
      exchanges.push({ step, request, answer })
      return answer
    },
    end: () => end(app, account, keys, uploads),
  }
}

function accountKey(config: Config): SigningKey {
  return {
    SecretId: config.secretId,
    SecretKey: config.secretKey,
    Bucket: config.bucket,
    Region: config.region,
    Protocol: config.protocol,
    Domain: config.domain,
    Clock: Date.now,
  }
}

export function sign(key: SigningKey, request: SignableRequest): Promise<SignedRequest> {
  return new COS(key).signRequest(request)
}

async function sendToCos(
  { url, method, headers }: Sendable,
  body?: Buffer | FormData,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    body: body instanceof FormData || !body ? body : new Uint8Array(body),
  })
  const received = Buffer.from(await response.arrayBuffer())
  const text = received.toString()
  const code = /<Error>.*?<Code>([^<]*)<\/Code>/s.exec(text)?.[1] ?? ''
  return { status: response.status, code, headers: response.headers, body: received, text }
}

async function end(
  app: FastifyInstance,
  account: SigningKey,
  keys: Set<string>,
  uploads: Map<string, string>,
): Promise<string[]> {
  const left: string[] = []
  const remove = async (what: string, request: SignableRequest) => {
    try {
      const { status, code } = await sendToCos(await sign(account, request))
      if (status !== 204 && status !== 404) left.push(`${what} (${status} ${code})`)
    } catch (error) {
      left.push(`${what} (${(error as Error).message})`)
    }
  }
  for (const [uploadId, key] of uploads) {
    await remove(`an upload of ${key}`, { method: 'DELETE', key, query: { uploadId } })
  }
  for (const key of keys) await remove(key, { method: 'DELETE', key })
  await app.close()
  return left
}
