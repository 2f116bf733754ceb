/**
 * Reads what a backend answers: `server/`, or one made after Tencent's samples and STS SDKs. Names
 * may be written in any case, with `-` or `_`, and may lie in `data`, `Response` or `credentials`.
 * What an answer does not say of the bucket is that of `config.ts`.
 */
import { config } from '../config'
import COS, { type BucketKey, type ObjectLocation } from '../cos/index'
import type { SignableForm, SignableRequest, SignedForm, SignedRequest } from '../transfer/signing'
import { fieldsOf, refused, type Fields } from './server'

/** A temporary key, and what its backend says with it. */
export interface TemporaryKeyAnswer {
  key: BucketKey & { ExpiredTime: number }
  /** The backend's time in unix seconds, where it tells it. */
  serverTime: number | undefined
  /** Largest upload in bytes, where the backend has a limit. */
  maxBytes: number | undefined
}

/** @throws ServerError `SERVER_REFUSED` that names the missing field */
export function readTemporaryKey(answer: object): TemporaryKeyAnswer {
  const fields = fieldsOf(answer)
  const key = {
    SecretId: text(fields, 'tmpSecretId'),
    SecretKey: text(fields, 'tmpSecretKey'),
    SecurityToken: text({ ...fields, sessiontoken: tokenOf(fields) }, 'sessionToken'),
    StartTime: fields.starttime ? seconds(fields, 'startTime') : 0,
    ExpiredTime: seconds(fields, 'expiredTime'),
    ...bucketOf(fields),
  }
  ifRight(fields, () => new COS(key))
  return {
    key,
    serverTime: Number(fields.servertime) || undefined,
    maxBytes: Number(fields.maxbytes) || undefined,
  }
}

/**
 * A signed request, or the Authorization of one.
 * @throws ServerError `SERVER_REFUSED` that names the missing field, or the key that was signed in
 * place of that of the request
 */
export async function readSignedRequest(
  answer: object,
  request: SignableRequest,
): Promise<SignedRequest> {
  const fields = fieldsOf(answer)
  const { url, headers } = fields as Partial<SignedRequest>
  if (url && headers) {
    const method = text(fields, 'method') as SignedRequest['method']
    return { url, method, headers, expiresAt: seconds(fields, 'expiresAt') }
  }
  checkKey(fields, request.key)
  const Authorization = text(fields, 'authorization')
  if (!/^q-sign-algorithm=sha1&.*&q-signature=\w+$/.test(Authorization)) {
    throw refused(200, fields, 'authorization is no signature of COS')
  }
  const getAuthorization = () => ({ Authorization, SecurityToken: tokenOf(fields) })
  return new COS({ ...bucketOf(fields), getAuthorization }).signRequest(request)
}

/**
 * A form, or its signed policy.
 * @throws ServerError `SERVER_REFUSED` that names the missing field, or the key that was signed in
 * place of that of the form
 */
export function readSignedForm(answer: object, { key, contentType }: SignableForm): SignedForm {
  const fields = fieldsOf(answer)
  const { url, fields: formFields } = fields as Partial<SignedForm>
  if (url && formFields) return { url, fields: formFields, expiresAt: seconds(fields, 'expiresAt') }
  checkKey(fields, key)
  const keyTime = text(fields, 'qKeyTime')
  const token = tokenOf(fields)
  const place = bucketOf(fields)
  return {
    url: addressOf(place),
    fields: {
      key,
      ...(contentType && { 'Content-Type': contentType }),
      policy: text(fields, 'policy'),
      'q-sign-algorithm': text(fields, 'qSignAlgorithm'),
      'q-ak': text(fields, 'qAk'),
      'q-key-time': keyTime,
      'q-signature': text(fields, 'qSignature'),
      ...(token && { 'x-cos-security-token': token }),
    },
    expiresAt: Number(keyTime.split(';')[1]),
  }
}

/** The bucket of an answer: its fields, the host of Tencent's samples, or that of `config.ts`. */
function bucketOf(fields: Fields) {
  const host = String(fields.host ?? fields.coshost ?? '')
  const [, bucket, region] = /^([a-z\d-]+)\.cos\.([a-z\d-]+)\.myqcloud\.com$/.exec(host) ?? []
  const place = {
    ...fields,
    bucket: fields.bucket || bucket || config.bucket,
    region: fields.region || region || config.region,
  }
  const location = {
    Bucket: text(place, 'bucket'),
    Region: text(place, 'region'),
    Domain: host || config.domain || undefined,
    Protocol: String(fields.protocol ?? 'https:'),
  }
  ifRight(fields, () => addressOf(location))
  return location
}

function addressOf(location: Omit<ObjectLocation, 'Key'>): string {
  return new COS().getObjectUrl({ ...location, Key: '', Sign: false })
}

/** Reports what the signer refuses as `SERVER_REFUSED`, like a missing field. */
function ifRight(fields: Fields, use: () => unknown): void {
  try {
    use()
  } catch (error) {
    throw refused(200, fields, (error as TypeError).message)
  }
}

/** The token has four names: of the STS SDKs, of Tencent's samples, and of cos-wx-sdk-v5. */
function tokenOf(fields: Fields): string | undefined {
  const { sessiontoken, securitytoken, xcossecuritytoken, token } = fields
  const given = sessiontoken || securitytoken || xcossecuritytoken || token
  return typeof given === 'string' ? given : undefined
}

/** Tencent's samples choose a key themselves. */
function checkKey(fields: Fields, key: string): void {
  const { coskey = key } = fields
  if (coskey !== key) throw refused(200, fields, `signed for ${String(coskey)}, not for ${key}`)
}

function text(fields: Fields, name: string): string {
  const value = fields[name.toLowerCase()]
  if (typeof value === 'string' && value) return value
  throw refused(200, fields, `no ${name}`)
}

/** Unix seconds, also as text. */
function seconds(fields: Fields, name: string): number {
  const value = Number(fields[name.toLowerCase()])
  if (value > 0 && value < 1e11) return Math.floor(value)
  throw refused(200, fields, `no ${name} in unix seconds`)
}
