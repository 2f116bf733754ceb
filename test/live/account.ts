import { randomBytes } from 'node:crypto'
import { readConfig, type Config } from '../../server/config'

/** What names the account. All else of the server's configuration is the tests' own. */
const ACCOUNT = [
  'STS_ENDPOINT',
  'TENCENT_SECRET_ID',
  'TENCENT_SECRET_KEY',
  'COS_BUCKET',
  'COS_REGION',
  'COS_DOMAIN',
]

/** Small, so that too much is not much. A part of a multipart upload is not bound by it. */
const MAX_UPLOAD_BYTES = 4 * 1024 * 1024

/**
 * The configuration of our server before a real account, or before a local cloud.
 *
 * @param env for example `process.env`: the variables of server/.env.example
 * @throws Error with code `INVALID_CONFIG`
 */
export function readAccount(env: Record<string, string | undefined>): Config {
  return readConfig({
    ...Object.fromEntries(ACCOUNT.map((name) => [name, env[name]])),
    // Nobody logs in at WeChat here.
    WX_APPID: 'wx0123456789abcdef',
    WX_SECRET: 'not used',
    SESSION_SECRET: randomBytes(32).toString('hex'),
    USER_ID_SECRET: env.USER_ID_SECRET ?? randomBytes(32).toString('hex'),
    MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES),
  })
}
