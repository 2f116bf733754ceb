import COS, { type Method } from '../miniprogram/cos/index'
import { createCode2Session, type Code2Session } from './code2session'
import type { Config } from './config'
import { ApiError } from './errors'
import type { Purpose } from './policy'
import { signingKey, type SigningKey } from './signing-key'
import { createSts } from './sts'

/** Below `users/`, where the account has its rights, and no user's: an id has 32 characters. */
const PREFIX = 'users/check/'
const KEY = `${PREFIX}server-check.txt`
const CONTENT = 'written by npm run server -- --check'
const TIMEOUT_MS = 10_000
const MAX_SKEW_SECONDS = 60

interface Finding {
  /** A note hinders nothing. */
  outcome: 'ok' | 'note' | 'FAIL'
  what: string
  fix?: string
}

interface CheckOptions {
  /** Milliseconds since 1970. */
  now?: () => number
  /** Takes the place of WeChat. */
  code2Session?: Code2Session
}

/**
 * Tries what the server will do with its account: log in at WeChat, get temporary keys, see the
 * bucket, and put, get and delete one small object with such keys. Prints a line for each, and after a
 * failure how to fix it; never a key or a signature.
 *
 * @returns whether nothing failed
 */
export async function checkAccount(
  config: Config,
  print: (line: string) => void,
  options: CheckOptions = {},
): Promise<boolean> {
  let passed = true
  for await (const { outcome, what, fix } of findings(config, options)) {
    print(`${outcome.padEnd(4)}  ${what}`)
    if (fix !== undefined) print(`      ${fix}`)
    if (outcome === 'FAIL') passed = false
  }
  return passed
}

async function* findings(
  config: Config,
  { now = Date.now, code2Session }: CheckOptions,
): AsyncGenerator<Finding> {
  const logIn = code2Session ?? (config.weChat && createCode2Session(config.weChat))
  if (logIn) yield await checkWeChat(logIn)

  const account: SigningKey = {
    SecretId: config.secretId,
    SecretKey: config.secretKey,
    Bucket: config.bucket,
    Region: config.region,
    Protocol: config.protocol,
    Domain: config.domain,
    Clock: now,
  }
  const services = { config, getTemporaryKey: createSts(config), now }
  let keys: { upload: SigningKey; download: SigningKey }
  try {
    const keyFor = (purpose: Purpose) => signingKey(services, purpose, PREFIX)
    await keyFor('multipart')
    keys = { upload: await keyFor('upload'), download: await keyFor('download') }
  } catch (error) {
    yield stsFailed(error, config)
    return
  }
  yield { outcome: 'ok', what: 'STS gives temporary keys' }
  yield* checkBucket(config, account, now)

  // The policy of the key lets nothing be stored without a type.
  const type = config.contentTypes[0]?.replace('*', 'x')
  const put = await askCos(keys.upload, 'PUT', KEY, { type, content: CONTENT })
  yield toFinding('PUT with a temporary key', put, put.status === 200, 'PutObject')
  if (put.status !== 200) return
  const get = await askCos(keys.download, 'GET', KEY)
  yield toFinding('GET with a temporary key', get, get.text === CONTENT, 'GetObject')
  const deleted = await askCos(account, 'DELETE', KEY)
  if (deleted.status === 204) yield { outcome: 'ok', what: `DELETE of ${KEY} with the account` }
  else
    yield {
      outcome: 'note',
      what: `${KEY} stays: ${describeResponse(deleted)}. The server never deletes`,
    }
}

async function checkWeChat(logIn: Code2Session): Promise<Finding> {
  try {
    await logIn('check')
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // Only who knows AppID and AppSecret is told that the code is not valid.
    if (error.code !== 'UNAUTHENTICATED') {
      const what = `WeChat: ${error.message}${error.detail ? ` (errcode ${error.detail})` : ''}`
      const fix = WECHAT_FIXES[error.detail ?? ''] ?? 'Is api.weixin.qq.com reachable from here?'
      return { outcome: 'FAIL', what, fix }
    }
  }
  return { outcome: 'ok', what: 'WeChat knows WX_APPID and WX_SECRET' }
}

const WECHAT_FIXES: Record<string, string> = {
  40013: 'WX_APPID is not the AppID of a mini program',
  40125: 'WX_SECRET is not the AppSecret of WX_APPID: it may have been reset',
  40164: 'The IP allowlist of the mini program (mp.weixin.qq.com) does not have this machine',
}

function stsFailed(error: unknown, { sts, bucket }: Config): Finding {
  if (!(error instanceof ApiError)) throw error
  const { detail, cause } = error
  if (detail === undefined) {
    const fix = `Is ${sts.host} reachable from here (STS_ENDPOINT, firewall, proxy)?`
    return { outcome: 'FAIL', what: `STS gave no answer: ${messageOf(cause)}`, fix }
  }
  const [, fix = 'Look the code up: https://cloud.tencent.com/document/product/1312/48195'] =
    STS_FIXES.find(([code]) => code.test(detail)) ?? []
  const what = `STS refused: ${detail}: ${messageOf(cause)}`
  return { outcome: 'FAIL', what, fix: fix.replace('{bucket}', bucket) }
}

const STS_FIXES: [code: RegExp, fix: string][] = [
  [
    /SecretIdNotFound/,
    'TENCENT_SECRET_ID does not exist or is disabled (console: Access Management, API keys)',
  ],
  [/SignatureFailure/, 'TENCENT_SECRET_KEY is not the key of TENCENT_SECRET_ID'],
  [/SignatureExpire/, 'The clock of this machine is wrong by more than 5 minutes: set it by NTP'],
  [
    /UnauthorizedOperation/,
    'Allow the sub-account of TENCENT_SECRET_ID the action sts:GetFederationToken',
  ],
  [
    /GrantOtherResource/,
    'The number that ends {bucket} must be the APPID of the account of TENCENT_SECRET_ID (COS_BUCKET)',
  ],
  [/OverTimeError/, 'CREDENTIALS_SECONDS is more than STS grants this account'],
  [/^(InternalError|RequestLimitExceeded)/, 'STS is busy: try again'],
]

async function* checkBucket(
  config: Config,
  account: SigningKey,
  now: () => number,
): AsyncGenerator<Finding> {
  const answer = await askCos(account, 'HEAD', '')
  const what = `HEAD of the bucket ${config.bucket}`
  if (answer.region !== null && answer.region !== config.region) {
    const fix = `COS_REGION must be ${answer.region}`
    yield { outcome: 'FAIL', what: `${what}: it is not in ${config.region}`, fix }
  } else if (answer.status === 403) {
    yield {
      outcome: 'note',
      what: `${what}: ${describeResponse(answer)}. The server does not need it`,
    }
  } else {
    yield toFinding(what, answer, answer.status === 200, 'HeadBucket')
  }
  const skew = Math.round((now() - Date.parse(answer.date ?? '')) / 1000)
  if (Math.abs(skew) > MAX_SKEW_SECONDS) {
    const fix = 'Set it by NTP: STS refuses after 5 minutes, COS after 15'
    yield { outcome: 'note', what: `This clock differs from that of COS by ${skew} s`, fix }
  }
}

interface Answer {
  /** 0 without an answer. */
  status: number
  /** COS's own, of an error with a body; or why there was no answer. */
  code: string
  text: string
  region: string | null
  date: string | null
  requestId: string | null
}

async function askCos(
  account: SigningKey,
  method: Method,
  key: string,
  body?: { type: string | undefined; content: string },
): Promise<Answer> {
  const { url } = await new COS(account).signRequest({ method, key })
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body && { body: new Blob([body.content], { type: body.type }) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      code: /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '',
      text,
      region: response.headers.get('x-cos-bucket-region'),
      date: response.headers.get('date'),
      requestId: response.headers.get('x-cos-request-id'),
    }
  } catch (error) {
    const code = messageOf((error as Error).cause ?? error)
    return { status: 0, code, text: '', region: null, date: null, requestId: null }
  }
}

function toFinding(what: string, answer: Answer, passed: boolean, action: string): Finding {
  if (passed) return { outcome: 'ok', what }
  const fix =
    answer.status === 404
      ? 'There is no such bucket in that region: see COS_BUCKET and COS_REGION'
      : (COS_FIXES[answer.code] ??
        'Is the host reachable from here (COS_BUCKET, COS_REGION, COS_DOMAIN, firewall)?')
  return {
    outcome: 'FAIL',
    what: `${what}: ${describeResponse(answer)}`,
    fix: fix.replace('{action}', action),
  }
}

const COS_FIXES: Record<string, string> = {
  AccessDenied:
    'Allow the sub-account of TENCENT_SECRET_ID the action name/cos:{action} on users/* of the bucket: a temporary key never has more rights than the account. A policy of the bucket may forbid it, too',
  InvalidAccessKeyId: 'COS does not know the key: is TENCENT_SECRET_ID of the same account?',
  RequestTimeTooSkewed: 'The clock of this machine is wrong: set it by NTP',
  SignatureDoesNotMatch: 'Something between here and COS changes the host or the path: COS_DOMAIN?',
}

function describeResponse({ status, code, requestId }: Answer): string {
  const answer = status === 0 ? 'no answer' : String(status)
  return [answer, code, requestId && `(request id ${requestId})`].filter(Boolean).join(' ')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
