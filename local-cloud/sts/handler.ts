import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestOutcome } from '../request-outcome'
import type { AccessKeys, Credentials } from './access-keys'
import { checkOwner, ignoredIn, parsePolicy, type Policy } from './policy'
import { PolicyError } from './policy-error'
import { StsError } from './sts-error'
import { verifyTc3 } from './tc3'

const DEFAULT_DURATION_SECONDS = 1800
/** For the key of a sub-account, which is what the local permanent key stands for. */
const MAX_DURATION_SECONDS = 129_600
const MAX_POLICY_CHARACTERS = 6144
const MAX_BODY_BYTES = 64 * 1024

export interface StsOptions {
  /** The account that owns the permanent key: the number at the end of the bucket's name. */
  appid: string
  keys: AccessKeys
  /** Milliseconds since 1970. */
  now: () => number
}

interface FederationToken {
  Credentials: Credentials
  /** Unix seconds. */
  ExpiredTime: number
  /** ISO 8601. */
  Expiration: string
}

/** Whether a request is for STS: every call of API 3.0 names its action in a header. */
export function isStsRequest(message: IncomingMessage): boolean {
  return message.method === 'POST' && message.headers['x-tc-action'] !== undefined
}

/**
 * Answers `GetFederationToken` (version 2018-08-13) as API 3.0 does: always with status 200, an error in
 * `{ Response: { Error: { Code, Message }, RequestId } }`.
 */
export function createStsHandler(options: StsOptions) {
  return async (message: IncomingMessage, response: ServerResponse): Promise<RequestOutcome> => {
    const requestId = randomUUID()
    const answer = (result: object): void => {
      const body = JSON.stringify({ Response: { ...result, RequestId: requestId } })
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
      })
      response.end(body)
    }
    try {
      const { token, notes } = await getFederationToken(message, options)
      answer(token)
      return { status: 200, reason: notes.join('; ') || undefined, requestId }
    } catch (error) {
      const { code, message: text } =
        error instanceof StsError ? error : new StsError('InternalError', 'An internal error.')
      answer({ Error: { Code: code, Message: text } })
      const reason = error instanceof StsError ? text : String(error)
      return { status: 200, code, reason, requestId }
    }
  }
}

async function getFederationToken(
  message: IncomingMessage,
  { appid, keys, now }: StsOptions,
): Promise<{ token: FederationToken; notes: string[] }> {
  const body = await readBody(message)
  const time = Math.floor(now() / 1000)
  verifyTc3(message, body, time, keys.permanent)
  if (message.headers['x-tc-action'] !== 'GetFederationToken') {
    throw new StsError('InvalidAction', 'The local cloud knows only GetFederationToken.')
  }
  if (message.headers['x-tc-version'] !== '2018-08-13') {
    throw new StsError('NoSuchVersion', 'The version must be 2018-08-13.')
  }
  const parameters = parseParameters(body)
  const policy = decodePolicy(parameters['Policy'])
  const document = readPolicy(policy, appid)
  const ExpiredTime = time + readDuration(parameters['DurationSeconds'])
  if (typeof parameters['Name'] !== 'string' || !parameters['Name']) {
    throw new StsError('MissingParameter', 'Name is required.')
  }
  const token = {
    Credentials: keys.issue({ policy, expiredTime: ExpiredTime }),
    ExpiredTime,
    Expiration: new Date(ExpiredTime * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
  }
  return { token, notes: ignoredIn(document) }
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES)
      throw new StsError('RequestSizeLimitExceeded', 'The body is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseParameters(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString()))
  } catch {
    throw new StsError('InvalidParameter', 'The body is not JSON.')
  }
}

function readPolicy(policy: string, appid: string): Policy {
  if (policy.length > MAX_POLICY_CHARACTERS) {
    throw new StsError(
      'InvalidParameter.PolicyTooLong',
      `The policy is longer than ${MAX_POLICY_CHARACTERS} characters.`,
    )
  }
  try {
    const document = parsePolicy(policy)
    checkOwner(document, appid)
    return document
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new StsError(`InvalidParameter.${error.code}`, error.message)
  }
}

function decodePolicy(parameter: unknown): string {
  if (typeof parameter !== 'string') throw new StsError('MissingParameter', 'Policy is required.')
  try {
    return decodeURIComponent(parameter)
  } catch {
    throw new StsError('InvalidParameter.ParamError', 'Policy must be URL-encoded.')
  }
}

function readDuration(parameter: unknown): number {
  const duration = parameter ?? DEFAULT_DURATION_SECONDS
  if (typeof duration !== 'number' || !Number.isInteger(duration) || duration < 1) {
    throw new StsError('InvalidParameter.ParamError', 'DurationSeconds must be a positive integer.')
  }
  if (duration > MAX_DURATION_SECONDS) {
    throw new StsError(
      'InvalidParameter.OverTimeError',
      `DurationSeconds must be at most ${MAX_DURATION_SECONDS}.`,
    )
  }
  return duration
}
