import { config } from '../config'
import COS, { type BucketKey } from '../cos/index'
import type { SignableRequest } from '../transfer/signing'
import { readTemporaryKey } from './answers'
import type { CredentialsRequest } from './server-api'
import type { ServerSession } from './session'
import type { Signing } from './types'

type Purpose = CredentialsRequest['purpose']

interface TemporaryKey extends BucketKey {
  ExpiredTime: number
  Clock: () => number
  /** Largest upload in bytes that its policy allows, where the server says it. */
  maxBytes: number | undefined
}

interface CachedKey {
  key: Promise<TemporaryKey>
  /** Milliseconds of the phone's clock; `Infinity` while the key is fetched. */
  refreshAt: number
}

/** Milliseconds: time for a request that the key signs. */
const REFRESH_BEFORE_EXPIRY = 120_000

/**
 * Signs on the phone with temporary keys of the server: one for each purpose, shared by concurrent
 * calls and refreshed before it expires. Signs by the server's clock, or by COS's where COS refused
 * the previous key.
 * @param now the phone's clock, in milliseconds
 * @throws ServerError by its `code`; `FILE_TOO_LARGE` for a form above the server's limit
 */
export function temporaryKeySigning(session: ServerSession, now: () => number = Date.now): Signing {
  const keys = new Map<Purpose, CachedKey>()
  /** Milliseconds by which the server's clock, or COS's, is ahead of the phone's. */
  let offset = 0

  async function fetchKey(purpose: Purpose, cosTime?: number): Promise<TemporaryKey> {
    const requestedAt = now()
    const answer = await session.request<object>(config.paths.credentials, { purpose })
    const { key, serverTime, maxBytes } = readTemporaryKey(answer)
    if (cosTime) offset = cosTime * 1000 - requestedAt
    else if (serverTime) offset = serverTime * 1000 - (requestedAt + now()) / 2
    const ahead = offset
    return { ...key, maxBytes, Clock: () => now() + ahead }
  }

  function getKey(request: Pick<SignableRequest, 'method' | 'query' | 'renew'>) {
    const { renew } = request
    const purpose = purposeOf(request)
    const cached = keys.get(purpose)
    const isRefused = renew && cached?.refreshAt !== Infinity
    if (cached && !isRefused && now() < cached.refreshAt) return cached.key
    const fresh: CachedKey = { key: fetchKey(purpose, renew?.serverTime), refreshAt: Infinity }
    keys.set(purpose, fresh)
    fresh.key.then(
      (key) => {
        const remaining = key.ExpiredTime * 1000 - key.Clock()
        fresh.refreshAt = now() + remaining - Math.min(REFRESH_BEFORE_EXPIRY, remaining / 4)
      },
      () => {
        if (keys.get(purpose) === fresh) keys.delete(purpose)
      },
    )
    return fresh.key
  }

  return {
    async signRequest({ renew, ...request }) {
      return new COS(await getKey({ ...request, renew })).signRequest(request)
    },
    async signPostForm({ renew, ...form }) {
      const key = await getKey({ method: 'POST', renew })
      const { maxBytes = key.maxBytes } = form
      if (key.maxBytes && maxBytes && maxBytes > key.maxBytes) {
        throw tooLarge(maxBytes, key.maxBytes)
      }
      return new COS(key).signPostForm({ ...form, maxBytes })
    },
    signingKey: getKey,
    userPrefix: session.prefix,
  }
}

/** All requests of a multipart upload carry one of its parameters, whatever their method. */
function purposeOf({ method, query = {} }: Pick<SignableRequest, 'method' | 'query'>): Purpose {
  if ('uploads' in query || 'uploadId' in query) return 'multipart'
  return method === 'GET' || method === 'HEAD' ? 'download' : 'upload'
}

function tooLarge(size: number, limit: number): Error {
  const message = `the server allows uploads of ${limit} bytes, not ${size}`
  return Object.assign(new Error(message), { code: 'FILE_TOO_LARGE', errorMessage: message, limit })
}
