import COS, { postForm, type Credentials, type SignPostForm, type SignRequest } from '../cos/index'
import type { SessionKeeper } from './session'

/** What `POST /credentials` answers. Times in unix seconds, names as STS has them. */
interface TemporaryCredentials {
  credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string }
  startTime: number
  expiredTime: number
  serverTime: number
  bucket: string
  region: string
  protocol: string
  /** The host that is addressed and signed. */
  host: string
  /** Largest upload in bytes that the key's policy allows. */
  maxBytes: number
}

type Purpose = 'upload' | 'download'

/** A temporary key with what its signatures need. */
interface Key extends Credentials {
  Bucket: string
  Region: string
  Protocol: string
  Domain: string
  ExpiredTime: number
  /** Largest upload in bytes that its policy allows. */
  maxBytes: number
  /** The server's time in milliseconds, whatever the phone's clock says. */
  Clock: () => number
}

interface Kept {
  key: Promise<Key>
  /** Milliseconds of the phone's clock; never while the fetch is under way. */
  renewAt: number
}

/** Both seams of `cos/types.ts`. */
export interface Signing {
  signRequest: SignRequest
  signPostForm: SignPostForm
  /** Drops what is kept, because COS would not take it: the next request gets a new key. */
  forget(): void
}

/** A key is renewed this long, in milliseconds, before it ends: time for a request that it signs. */
const RENEW_EARLY = 120_000

/**
 * Signs on the phone, with a temporary key of the server: one key for each purpose, fetched once,
 * shared by concurrent calls, renewed before it ends, signing with the server's clock.
 * @throws ServerError by its `code`; `FILE_TOO_LARGE` for a form above the server's limit
 */
export function temporaryKeySigning(session: SessionKeeper, now: () => number = Date.now): Signing {
  const keys = new Map<Purpose, Kept>()

  async function fetchKey(purpose: Purpose): Promise<Key> {
    const asked = now()
    const answer = await session.ask<TemporaryCredentials>('/credentials', { purpose })
    const offset = answer.serverTime * 1000 - (asked + now()) / 2
    return {
      SecretId: answer.credentials.tmpSecretId,
      SecretKey: answer.credentials.tmpSecretKey,
      SecurityToken: answer.credentials.sessionToken,
      StartTime: answer.startTime,
      ExpiredTime: answer.expiredTime,
      Bucket: answer.bucket,
      Region: answer.region,
      Protocol: answer.protocol,
      Domain: answer.host,
      maxBytes: answer.maxBytes,
      Clock: () => now() + offset,
    }
  }

  function keyFor(purpose: Purpose): Promise<Key> {
    const kept = keys.get(purpose)
    if (kept && now() < kept.renewAt) return kept.key
    const fresh: Kept = { key: fetchKey(purpose), renewAt: Infinity }
    keys.set(purpose, fresh)
    fresh.key.then(
      (key) => {
        const left = key.ExpiredTime * 1000 - key.Clock()
        fresh.renewAt = now() + left - Math.min(RENEW_EARLY, left / 4)
      },
      () => {
        if (keys.get(purpose) === fresh) keys.delete(purpose)
      },
    )
    return fresh.key
  }

  return {
    async signRequest({ method, key: Key, query, headers, expires }) {
      const key = await keyFor(method === 'GET' || method === 'HEAD' ? 'download' : 'upload')
      const signed = await new COS(key).presign({
        ...key,
        Method: method,
        Key,
        Query: query,
        Headers: headers,
        Expires: expires,
      })
      return { url: signed.Url, method, headers: signed.Headers, expiresAt: signed.ExpiredTime }
    },

    async signPostForm({ key: Key, contentType, maxBytes, expires }) {
      const key = await keyFor('upload')
      const limit = key.maxBytes
      if (maxBytes !== undefined && maxBytes > limit) {
        const message = `the server allows uploads of ${limit} bytes, not ${maxBytes}`
        throw Object.assign(new Error(message), { code: 'FILE_TOO_LARGE', errorMessage: message })
      }
      const form = postForm({
        ...key,
        Key,
        ContentType: contentType,
        MaxBytes: maxBytes ?? limit,
        Expires: expires,
      })
      return { url: form.Url, fields: form.Fields, expiresAt: form.ExpiredTime }
    },

    forget: () => keys.clear(),
  }
}
