import type { Check } from '../request-outcome'
import type { AccessKey, AccessKeys } from '../sts/access-keys'
import type { ConditionContext } from '../sts/conditions'
import { evaluate, parsePolicy, type AccessRequest } from '../sts/policy'
import { appidOf } from './bucket'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { headerValue, queryValue, type CosRequest } from './request'
import { explainMismatch } from './mismatch'
import {
  checkTime,
  equalInConstantTime,
  expectedSignature,
  type RequestSignature,
} from './signature'

/**
 * Establishes who signed a request, in COS's order (436/40105): signed at all? → key known? → time →
 * signature.
 *
 * @throws CosError `AccessDenied`, `InvalidAccessKeyId`, `ExpiredToken`, `RequestTimeTooSkewed`,
 * `SignatureDoesNotMatch`
 */
export function authenticate(
  exchange: Exchange,
  signature: RequestSignature | undefined,
  token: string | undefined,
  keys: AccessKeys,
): AccessKey {
  if (!signature) throw new CosError('AccessDenied', { reason: 'the request carries no signature' })
  const { now, checks } = exchange
  const key = recordCheck(checks, 'key', () => findKey(keys, signature.secretId, token, now))
  recordCheck(checks, 'time', () => {
    checkTime(signature.signTime, now / 1000)
    checkTime(signature.keyTime, now / 1000)
  })
  recordCheck(checks, 'signature', () => verifySignature(exchange, signature, key.secretKey))
  return key
}

/**
 * Verifies a signature. Only what its two lists name is signed (436/53892).
 *
 * @throws CosError `SignatureDoesNotMatch` with `StringToSign` and `FormatString`
 */
function verifySignature(exchange: Exchange, given: RequestSignature, secretKey: string): void {
  const expected = expectedSignature(exchange.request, given, secretKey)
  if (equalInConstantTime(given.signature, expected.signature)) return
  throw new CosError('SignatureDoesNotMatch', {
    ...explainMismatch(exchange, given, secretKey),
    details: { StringToSign: expected.stringToSign, FormatString: expected.httpString },
  })
}

/**
 * Makes one check and notes how it went.
 *
 * @throws those of the check
 */
export function recordCheck<T>(checks: Check[], name: Check['name'], check: () => T): T {
  let passed = false
  try {
    const result = check()
    passed = true
    return result
  } finally {
    checks.push({ name, passed })
  }
}

/**
 * Looks up a key. A temporary key is known only together with its token.
 *
 * @throws CosError `InvalidAccessKeyId`, `ExpiredToken`
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

/** The name of what an operation is about, in a policy. An empty key is the bucket itself. */
export function resourceName({ bucket, region, service }: Exchange, key: string): string {
  return `qcs::cos:${region}:uid/${appidOf(bucket)}:${service ? '*' : `${bucket}/${key}`}`
}

/**
 * Asks the policy of a temporary key; the permanent key may do everything.
 *
 * @throws CosError `AccessDenied`, with the statement, action, resource or condition that decided as its reason
 */
export function authorize({ checks }: Exchange, key: AccessKey, request: AccessRequest): void {
  if (!key.grant) {
    checks.push({ name: 'policy', passed: true, detail: 'the permanent key may do everything' })
    return
  }
  const { allowed, reason } = evaluate(parsePolicy(key.grant.policy), request)
  checks.push({ name: 'policy', passed: allowed, detail: reason })
  if (!allowed) throw new CosError('AccessDenied', { reason })
}

/** The condition values of a request (436/71307). Those of parameters count where the parameters do. */
export function conditionContext(request: CosRequest): ConditionContext {
  const parameter = (name: string, counts: boolean) =>
    counts ? queryValue(request, name) : undefined
  const isObject = request.key !== ''
  const { remoteAddress } = request.message.socket
  return {
    'cos:content-length': headerValue(request, 'content-length'),
    'cos:content-type': headerValue(request, 'content-type'),
    'cos:x-cos-acl': headerValue(request, 'x-cos-acl'),
    'cos:x-cos-storage-class': headerValue(request, 'x-cos-storage-class'),
    'cos:prefix': parameter('prefix', !isObject),
    'cos:versionid': parameter('versionId', isObject) || undefined,
    'cos:response-content-type': parameter(
      'response-content-type',
      isObject && request.method === 'GET',
    ),
    'cos:secure-transport': 'false',
    'qcs:ip': remoteAddress?.replace(/^::ffff:(?=\d+\.)/, ''),
    'qcs:request_tag': requestTags(headerValue(request, 'x-cos-tagging')),
  }
}

/** `key=value&…` of x-cos-tagging, each as a policy writes it: `key&value`. */
function requestTags(tagging: string | undefined): string[] | undefined {
  if (tagging === undefined) return undefined
  return Array.from(new URLSearchParams(tagging), ([key, value]) => `${key}&${value}`)
}
