import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { StsError } from './sts-error'

const MAX_SKEW_SECONDS = 300

/**
 * Verifies the signature of an API 3.0 request, TC3-HMAC-SHA256. Source:
 * cloud.tencent.com/document/api/1312/48202 ("signature v3"). `now` is in unix seconds.
 *
 * @throws StsError with the `AuthFailure.*` codes of that page
 */
export function verifyTc3(
  message: IncomingMessage,
  body: Buffer,
  now: number,
  secretKeyOf: (secretId: string) => string | undefined,
): void {
  const authorization = parseAuthorization(message.headers.authorization)
  const timestamp = String(message.headers['x-tc-timestamp'] ?? '')
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new StsError('InvalidParameterValue', 'X-TC-Timestamp must be unix seconds.')
  }
  if (Math.abs(Number(timestamp) - now) > MAX_SKEW_SECONDS) {
    throw new StsError('AuthFailure.SignatureExpire', 'The signature has expired: check the clock.')
  }
  const { secretId, date, service, signedHeaders, signature } = authorization
  const secretKey = secretKeyOf(secretId)
  if (secretKey === undefined) {
    throw new StsError('AuthFailure.SecretIdNotFound', 'The SecretId is not found.')
  }
  if (date !== new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)) {
    throw new StsError(
      'AuthFailure.SignatureFailure',
      'The date of the scope is not that of the timestamp.',
    )
  }
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
  const valid = hostSpellings(message).some((host) => {
    const request = canonicalRequest(message, body, signedHeaders, host)
    const scope = `${date}/${service}/tc3_request`
    const stringToSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(request)}`
    return timingSafeEqual(hmac(key, stringToSign), signature)
  })
  if (!valid) {
    throw new StsError(
      'AuthFailure.SignatureFailure',
      'The provided credentials could not be validated. Please check your signature is correct.',
    )
  }
}

interface Tc3Authorization {
  secretId: string
  date: string
  service: string
  signedHeaders: string
  signature: Buffer
}

const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=([^/,]+)\/([^/,]+)\/([^/,]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

function parseAuthorization(header: string | undefined): Tc3Authorization {
  const [, secretId, date, service, signedHeaders, signature] =
    AUTHORIZATION.exec(header ?? '') ?? []
  if (!secretId || !date || !service || !signedHeaders || !signature) {
    throw new StsError('AuthFailure.InvalidAuthorization', 'The Authorization header is not valid.')
  }
  const names = signedHeaders.split(';')
  if (!names.includes('content-type') || !names.includes('host')) {
    throw new StsError('AuthFailure.SignatureFailure', 'content-type and host must be signed.')
  }
  return { secretId, date, service, signedHeaders, signature: Buffer.from(signature, 'hex') }
}

function canonicalRequest(
  message: IncomingMessage,
  body: Buffer,
  signedHeaders: string,
  host: string,
): string {
  const headers = signedHeaders.split(';').map((name) => {
    const value = name === 'host' ? host : String(message.headers[name] ?? '')
    return `${name}:${value.trim().toLowerCase()}\n`
  })
  const [path, query = ''] = (message.url ?? '/').split('?', 2)
  return [message.method, path, query, headers.join(''), signedHeaders, sha256(body)].join('\n')
}

/** Tencent's Node SDK signs the host without its port; a real endpoint has none. Both are taken. */
function hostSpellings(message: IncomingMessage): string[] {
  const host = message.headers.host ?? ''
  return [host, host.replace(/:\d+$/, '')]
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
