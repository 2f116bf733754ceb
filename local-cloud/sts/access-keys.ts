import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** A key that signed a request. */
export interface AccessKey {
  secretKey: string
  /** Only for a temporary key: what it may do and until when. */
  grant?: Grant
}

export interface Grant {
  /** The policy document as STS accepted it. */
  policy: string
  /** Unix seconds. */
  expiredTime: number
}

/** As STS returns them. */
export interface Credentials {
  Token: string
  TmpSecretId: string
  TmpSecretKey: string
}

/** The keys that the local cloud knows: one permanent key and the temporary ones made from it. */
export interface AccessKeys {
  /** The secret of the permanent key with this id. */
  permanent(secretId: string): string | undefined
  /** The key that an id and a security token name together, expired or not. */
  find(secretId: string, token: string | undefined): AccessKey | undefined
  issue(grant: Grant): Credentials
}

interface TokenPayload extends Grant {
  id: string
}

const MAC_BYTES = 32

/**
 * Keeps no list of temporary keys, so they live through a restart: a token carries its own grant, compressed
 * and authenticated with HMAC-SHA256 under the permanent key, and its TmpSecretKey is derived from its id.
 */
export function createAccessKeys(secretId: string, secretKey: string): AccessKeys {
  const mac = (purpose: string, data: string | Buffer) =>
    createHmac('sha256', secretKey).update(purpose).update(data).digest()
  const temporarySecretKey = (id: string) => mac('TmpSecretKey\0', id).toString('base64')

  function readToken(token: string): TokenPayload | undefined {
    const bytes = Buffer.from(token, 'base64url')
    const [given, payload] = [bytes.subarray(0, MAC_BYTES), bytes.subarray(MAC_BYTES)]
    // One token has many spellings in base64; only the one that was issued counts.
    if (bytes.toString('base64url') !== token || given.length !== MAC_BYTES) return undefined
    if (!timingSafeEqual(given, mac('Token\0', payload))) return undefined
    return JSON.parse(inflateRawSync(payload).toString())
  }

  return {
    permanent: (id) => (id === secretId ? secretKey : undefined),

    find(id, token) {
      if (token === undefined) return id === secretId ? { secretKey } : undefined
      const payload = readToken(token)
      if (payload?.id !== id) return undefined
      return { secretKey: temporarySecretKey(id), grant: payload }
    },

    issue({ policy, expiredTime }) {
      const id = `local-tmp-${randomBytes(16).toString('hex')}`
      const payload = deflateRawSync(JSON.stringify({ id, policy, expiredTime }))
      return {
        Token: Buffer.concat([mac('Token\0', payload), payload]).toString('base64url'),
        TmpSecretId: id,
        TmpSecretKey: temporarySecretKey(id),
      }
    },
  }
}
