import type { CredentialsRequest, TemporaryCredentials } from './server-api'
import type { SessionKeeper } from './session'
import { signWithKey, type KeyRequest } from './sign-with-key'
import type { Signing, SigningKey } from './types'

type Purpose = CredentialsRequest['purpose']

interface TemporaryKey extends SigningKey {
  ExpiredTime: number
}

interface Kept {
  key: Promise<TemporaryKey>
  /** Milliseconds of the phone's clock; `Infinity` while the fetch is under way. */
  renewAt: number
}

/** A key is renewed this long, in milliseconds, before it ends: time for a request that it signs. */
const RENEW_EARLY = 120_000

/**
 * Signs on the phone, with a temporary key of the server: one key for each purpose, fetched once,
 * shared by concurrent calls, renewed before it ends, signing with the server's clock; or with that
 * of COS, where COS has told it in refusing the former key.
 * @param now the phone's clock, in milliseconds
 * @throws ServerError by its `code`; `FILE_TOO_LARGE` for a form above the server's limit
 */
export function temporaryKeySigning(session: SessionKeeper, now: () => number = Date.now): Signing {
  const keys = new Map<Purpose, Kept>()

  async function fetchKey(purpose: Purpose, cosTime?: number): Promise<TemporaryKey> {
    const asked = now()
    const answer = await session.ask<TemporaryCredentials>('/credentials', { purpose })
    const ahead = cosTime ? cosTime * 1000 - asked : answer.serverTime * 1000 - (asked + now()) / 2
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
      Clock: () => now() + ahead,
    }
  }

  function keyFor(request: KeyRequest): Promise<TemporaryKey> {
    const { renew } = request
    const purpose = purposeOf(request)
    const kept = keys.get(purpose)
    const refused = renew && kept?.renewAt !== Infinity
    if (kept && !refused && now() < kept.renewAt) return kept.key
    const fresh: Kept = { key: fetchKey(purpose, renew?.serverTime), renewAt: Infinity }
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

  return { ...signWithKey(keyFor), userPrefix: session.prefix }
}

/** All requests of a multipart upload carry one of its parameters, whatever their method. */
function purposeOf({ method, query = {} }: KeyRequest): Purpose {
  if ('uploads' in query || 'uploadId' in query) return 'multipart'
  return method === 'GET' || method === 'HEAD' ? 'download' : 'upload'
}
