import { signerError } from './errors'
import type {
  AuthorizationRequest,
  COSOptions,
  Credentials,
  ReadyAuthorization,
  TemporaryKey,
} from './types'

/** What can sign a request, or has signed it already. */
export type Signatory = Credentials | ReadyAuthorization

/** A temporary key with less left than this, in seconds, is renewed. */
const RENEW_EARLY = 60

const AUTHORIZATION_FIELDS =
  'q-sign-algorithm q-ak q-sign-time q-key-time q-header-list q-url-param-list q-signature'

/**
 * Temporary keys by the `getAuthorization` of `new COS`: kept for each bucket, renewed early, and
 * fetched once, however many ask for one at the same time.
 * @param now current time in milliseconds
 */
export class TemporaryKeys {
  private readonly kept = new Map<string, Credentials>()
  private readonly pending = new Map<string, Promise<Signatory>>()

  constructor(
    private readonly getAuthorization: COSOptions['getAuthorization'],
    private readonly now: () => number,
  ) {}

  /** The key that is kept for a bucket, if it lasts. */
  atHand(bucket: string): Credentials | undefined {
    const key = this.kept.get(bucket)
    return key && key.ExpiredTime! - this.now() / 1000 > RENEW_EARLY ? key : undefined
  }

  /**
   * A key for a request, or its Authorization. While another fetch for the bucket is under way, it
   * waits, and takes that key if it may.
   * @throws SignerError `NO_CREDENTIALS`, `INVALID_CREDENTIALS`
   */
  async fetch(request: AuthorizationRequest): Promise<Signatory> {
    const bucket = request.Bucket
    for (let other; (other = this.pending.get(bucket));) {
      await other
      const key = this.atHand(bucket)
      if (key) return key
    }
    const fetched = this.ask(request).finally(() => this.pending.delete(bucket))
    this.pending.set(bucket, fetched)
    return fetched
  }

  private async ask(request: AuthorizationRequest): Promise<Signatory> {
    const { getAuthorization } = this
    if (!getAuthorization) {
      throw signerError('NO_CREDENTIALS', 'new COS was given no keys and no getAuthorization')
    }
    const answer = await new Promise<Parameters<Parameters<typeof getAuthorization>[1]>[0]>(
      (resolve) => getAuthorization(request, resolve),
    )
    const given = typeof answer === 'string' ? { Authorization: answer } : answer
    if (given && 'Authorization' in given) return checkAuthorization(given)
    const key = readKey(given)
    if (!given.ScopeLimit) this.kept.set(request.Bucket, key)
    return key
  }
}

function checkAuthorization(given: ReadyAuthorization): ReadyAuthorization {
  const fields = String(given.Authorization).split('&')
  if (fields.map((field) => field.split('=')[0]).join(' ') === AUTHORIZATION_FIELDS) return given
  throw invalid(`an Authorization with the fields ${AUTHORIZATION_FIELDS}`)
}

function readKey(given: TemporaryKey): Credentials {
  for (const name of ['TmpSecretId', 'TmpSecretKey', 'SecurityToken'] as const) {
    if (typeof given?.[name] !== 'string' || !given[name]) throw invalid(name)
  }
  if (!Number.isFinite(given.ExpiredTime)) throw invalid('ExpiredTime in unix seconds')
  return {
    SecretId: given.TmpSecretId,
    SecretKey: given.TmpSecretKey,
    SecurityToken: given.SecurityToken,
    StartTime: given.StartTime,
    ExpiredTime: given.ExpiredTime,
  }
}

function invalid(wanted: string): Error {
  return signerError('INVALID_CREDENTIALS', `getAuthorization must give ${wanted}`)
}
