import type { AccessKey, AccessKeys } from '../sts/access-keys'
import { evaluate, parsePolicy } from '../sts/policy'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { headerValue, queryValue, type CosRequest } from './request'
import { checkTime, verifySignature, type RequestSignature } from './signature'

/**
 * Establishes who signed a request, in COS's order (436/40105): signed at all? → key known? → time →
 * signature. Errors: `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 * `SignatureDoesNotMatch`.
 */
export function authenticate(
  { request, now }: Exchange,
  signature: RequestSignature | undefined,
  token: string | undefined,
  keys: AccessKeys,
): AccessKey {
  if (!signature) throw new CosError('AccessDenied', { reason: 'the request carries no signature' })
  const key = findKey(keys, signature.secretId, token, now)
  checkTime(signature.signTime, now / 1000)
  checkTime(signature.keyTime, now / 1000)
  verifySignature(request, signature, key.secretKey)
  return key
}

/**
 * Looks up a key. A temporary key is known only together with its token.
 * Errors: `InvalidAccessKeyId`, `ExpiredToken`.
 */
export function findKey(
  keys: AccessKeys,
  secretId: string,
  token: string | undefined,
  now: number,
): AccessKey {
  const key = keys.find(secretId, token)
  if (!key) {
    throw new CosError('InvalidAccessKeyId', {
      reason:
        token === undefined
          ? 'q-ak is not the permanent key, and a temporary one needs its x-cos-security-token'
          : 'the security token was not issued here, or not together with this q-ak',
    })
  }
  if (key.grant && now / 1000 > key.grant.expiredTime) {
    throw new CosError('ExpiredToken', {
      reason: `the temporary key ended at ${key.grant.expiredTime}`,
    })
  }
  return key
}

/** The token of a temporary key travels in a header or in the query. */
export function securityToken(request: CosRequest): string | undefined {
  return headerValue(request, 'x-cos-security-token') || queryValue(request, 'x-cos-security-token')
}

/** What an operation needs: an action on the bucket or on one of its objects. */
export interface Demand {
  /** Without `name/cos:`. */
  readonly action: string
  /** Empty for the bucket itself. */
  readonly objectKey: string
  /** Values for the conditions of a policy, by condition key. */
  readonly context: Readonly<Record<string, string | undefined>>
}

/**
 * Asks the policy of a temporary key; the permanent key may do everything.
 * Errors: `AccessDenied`, with the statement, action, resource or condition that decided as its reason.
 */
export function authorize({ bucket, region }: Exchange, key: AccessKey, demand: Demand): void {
  if (!key.grant) return
  const appid = bucket.slice(bucket.lastIndexOf('-') + 1)
  const { allowed, reason } = evaluate(parsePolicy(key.grant.policy), {
    action: `name/cos:${demand.action}`,
    resource: `qcs::cos:${region}:uid/${appid}:${bucket}/${demand.objectKey}`,
    context: demand.context,
  })
  if (!allowed) throw new CosError('AccessDenied', { reason })
}

/** The condition values of a request, from its headers (436/71307). */
export function conditionContext(request: CosRequest): Record<string, string | undefined> {
  return {
    'cos:content-length': headerValue(request, 'content-length'),
    'cos:content-type': headerValue(request, 'content-type'),
    'cos:x-cos-acl': headerValue(request, 'x-cos-acl'),
    'cos:x-cos-storage-class': headerValue(request, 'x-cos-storage-class'),
    'cos:secure-transport': 'false',
  }
}
