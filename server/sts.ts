import { Agent } from 'node:http'
import { setTimeout } from 'node:timers/promises'

import { sts } from 'tencentcloud-sdk-nodejs-sts'

import type { Config } from './config'
import { ApiError } from './errors'

/** A temporary key in STS's own names; times in unix seconds. */
export interface TemporaryKey {
  credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string }
  startTime: number
  expiredTime: number
  expiration: string
  requestId: string
}

/** @param policy of `createPolicy` */
export type GetTemporaryKey = (policy: string) => Promise<TemporaryKey>

/** All attempts together end before the 15 seconds after which the app gives up. */
const ATTEMPTS = 3
const TIMEOUT_SECONDS = 4
const BACKOFF_MS = 200

/** Refusals that are about this moment, not about the request. */
const TRANSIENT = /^(InternalError|RequestLimitExceeded|ResourceUnavailable|ServiceUnavailable)\b/

/**
 * Asks STS, real or local, for temporary keys (GetFederationToken,
 * https://cloud.tencent.com/document/product/1312/48195). What may succeed the next time is tried
 * again, twice at most.
 *
 * @returns a function that rejects with ApiError 502 `STS_FAILED`, or 503 `CLOCK_SKEW` when STS refuses
 * this server's clock; `detail` is STS's own code, absent when STS gave no answer
 */
export function createSts(
  config: Config,
  { timeoutSeconds = TIMEOUT_SECONDS, backoffMs = BACKOFF_MS } = {},
): GetTemporaryKey {
  const client = new sts.v20180813.Client({
    credential: { secretId: config.secretId, secretKey: config.secretKey },
    region: 'ap-guangzhou', // STS is one service for all regions of COS, but wants one named
    profile: {
      httpProfile: {
        protocol: `${config.sts.protocol}//`,
        endpoint: config.sts.host,
        reqTimeout: timeoutSeconds,
        // Without an agent the SDK obeys http_proxy, and no proxy reaches a loopback address.
        ...(config.localCloud && { agent: new Agent() }),
      },
    },
  })
  const attempt: GetTemporaryKey = async (policy) => {
    const answer = await client
      .GetFederationToken({
        Name: 'miniprogram',
        Policy: encodeURIComponent(policy),
        DurationSeconds: config.credentialsSeconds,
      })
      .catch((error: unknown) => {
        throw stsFailed(error)
      })
    const { Credentials, ExpiredTime, Expiration, RequestId } = answer
    const { TmpSecretId, TmpSecretKey, Token } = Credentials ?? {}
    if (!TmpSecretId || !TmpSecretKey || !Token || !ExpiredTime) {
      throw stsFailed(new Error('STS answered without a key'))
    }
    return {
      credentials: { tmpSecretId: TmpSecretId, tmpSecretKey: TmpSecretKey, sessionToken: Token },
      startTime: ExpiredTime - config.credentialsSeconds,
      expiredTime: ExpiredTime,
      expiration: Expiration ?? new Date(ExpiredTime * 1000).toISOString(),
      requestId: RequestId ?? '',
    }
  }
  return (policy) => retry(() => attempt(policy), backoffMs)
}

/** Waits twice as long after each failure; the random half keeps many servers out of step. */
async function retry<T>(attempt: () => Promise<T>, backoffMs: number): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt()
    } catch (error) {
      const isTransient =
        error instanceof ApiError && (error.detail === undefined || TRANSIENT.test(error.detail))
      if (number === ATTEMPTS || !isTransient) throw error
      await setTimeout(backoffMs * 2 ** (number - 1) * (0.5 + Math.random() / 2))
    }
  }
}

function stsFailed(cause: unknown): ApiError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'AuthFailure.SignatureExpire') {
    const message = 'The clock of this server differs from that of STS by minutes: set it by NTP'
    return new ApiError(503, 'CLOCK_SKEW', message, { detail: code, cause })
  }
  return typeof code === 'string'
    ? new ApiError(502, 'STS_FAILED', `STS refused: ${code}`, { detail: code, cause })
    : new ApiError(502, 'STS_FAILED', 'STS gave no answer', { cause })
}
