import { Agent } from 'node:http'

import { sts } from 'tencentcloud-sdk-nodejs-sts'

import type { Config } from './config'
import { ApiError } from './errors'
import type { Policy } from './policy'

/** A temporary key in STS's own names; times in unix seconds. */
export interface TemporaryKey {
  credentials: { tmpSecretId: string; tmpSecretKey: string; sessionToken: string }
  startTime: number
  expiredTime: number
  expiration: string
  requestId: string
}

export type GetTemporaryKey = (policy: Policy) => Promise<TemporaryKey>

/**
 * Asks STS, real or local, for temporary keys (GetFederationToken,
 * https://cloud.tencent.com/document/product/1312/48195).
 *
 * @returns a function that rejects with ApiError 502 `STS_FAILED`; `detail` is STS's own code,
 * absent when STS gave no answer
 */
export function createSts(config: Config, timeoutSeconds = 5): GetTemporaryKey {
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
  return async (policy) => {
    const answer = await client
      .GetFederationToken({
        Name: 'miniprogram',
        Policy: encodeURIComponent(JSON.stringify(policy)),
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
}

function stsFailed(cause: unknown): ApiError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string'
    ? new ApiError(502, 'STS_FAILED', `STS refused: ${code}`, { detail: code, cause })
    : new ApiError(502, 'STS_FAILED', 'STS gave no answer', { cause })
}
