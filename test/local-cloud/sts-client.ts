import { sts } from 'tencentcloud-sdk-nodejs-sts'
import { SECRET_ID, SECRET_KEY } from './sign'

export interface TemporaryKey {
  secretId: string
  secretKey: string
  token: string
  expiredTime: number
}

export type Statement = Record<string, unknown>

/** Tencent's own client for STS, pointed at a local cloud. */
export function stsClient(port: number, secretId = SECRET_ID, secretKey = SECRET_KEY) {
  return new sts.v20180813.Client({
    credential: { secretId, secretKey },
    region: 'ap-beijing',
    profile: { httpProfile: { endpoint: `127.0.0.1:${port}`, protocol: 'http://' } },
  })
}

export const policyOf = (...statement: Statement[]) =>
  encodeURIComponent(JSON.stringify({ version: '2.0', statement }))

/** A temporary key with these statements. */
export async function temporaryKey(
  port: number,
  ...statements: Statement[]
): Promise<TemporaryKey> {
  const { Credentials, ExpiredTime } = await stsClient(port).GetFederationToken({
    Name: 'test',
    Policy: policyOf(...statements),
    DurationSeconds: 1800,
  })
  return {
    secretId: Credentials?.TmpSecretId ?? '',
    secretKey: Credentials?.TmpSecretKey ?? '',
    token: Credentials?.Token ?? '',
    expiredTime: ExpiredTime ?? 0,
  }
}
