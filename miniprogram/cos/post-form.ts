import { checkCredentials, keyTime, signature, signKey, time } from './authorization'
import { base64, utf8 } from './encode'
import { checkText, invalidArgument } from './errors'
import { objectPath, objectUrl } from './object-url'
import { sha1 } from './sha1'
import type { PostForm, PostFormOptions } from './types'

/** Largest file that one POST Object takes: 5 GB. */
const MAX_FORM_BYTES = 5 * 1024 ** 3

/**
 * Policy and fields for POST Object (manual page 436/14690). The policy pins bucket, key, size,
 * type and ACL, because COS accepts any further field that a policy does not name.
 * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED`
 */
export function postForm(options: PostFormOptions): PostForm {
  const { Bucket, SecretId, SecretKey, SecurityToken } = checkCredentials(
    options,
  ) as PostFormOptions
  const {
    ContentType = '',
    MinBytes = 0,
    MaxBytes = MAX_FORM_BYTES,
    SuccessStatus = '204',
  } = options
  const key = keyOf(options)
  const { url } = objectUrl({ ...options, Key: key })
  checkText('ContentType', ContentType, /^/, 'a string')
  checkText('SuccessStatus', SuccessStatus, /^20[014]$/, '200, 201, 204')
  const isRange = [MinBytes, MaxBytes].every(Number.isInteger) && MinBytes >= 0
  if (!isRange || MinBytes > MaxBytes || MaxBytes > MAX_FORM_BYTES) {
    throw invalidArgument('MinBytes, MaxBytes', 'a range', {})
  }
  const KeyTime = keyTime(time(options.Clock), options.Expires, options)
  const ExpiredTime = Number(KeyTime.split(';')[1])
  const pinned: Record<string, string> = { acl: 'default', success_action_status: SuccessStatus }
  if (ContentType) pinned['Content-Type'] = ContentType
  const policy = JSON.stringify({
    expiration: new Date(ExpiredTime * 1000).toISOString(),
    conditions: [
      { bucket: Bucket },
      [options.Key ? 'eq' : 'starts-with', '$key', key],
      ...Object.entries(pinned).map(([name, value]) => ['eq', `$${name}`, value]),
      ['content-length-range', MinBytes, MaxBytes],
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': SecretId },
      { 'q-sign-time': KeyTime },
    ],
  })
  const bytes = utf8(policy, 'Key')
  const Fields: Record<string, string> = {
    key: options.Key ? key : `${key}\${filename}`,
    ...pinned,
    policy: base64(bytes),
    'q-sign-algorithm': 'sha1',
    'q-ak': SecretId,
    'q-key-time': KeyTime,
    'q-signature': signature(signKey(SecretKey, KeyTime), sha1(bytes)),
  }
  if (SecurityToken) Fields['x-cos-security-token'] = SecurityToken
  return { Url: url.slice(0, url.indexOf('/', 8) + 1), Fields, ExpiredTime }
}

/** A policy without a key would allow every key. */
function keyOf({ Key, KeyPrefix }: PostFormOptions): string {
  const given = [Key, KeyPrefix].filter((key) => key !== undefined)
  const key = objectPath(given[0]).slice(1)
  if (given.length === 1 && key) return key
  throw invalidArgument('Key', 'given, or KeyPrefix', given)
}
