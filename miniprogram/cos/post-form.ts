import { checkCredentials, keyTime, signature, signKey } from './authorization'
import { base64, utf8 } from './encode'
import { misuse } from './errors'
import { objectPath, objectUrl } from './object-url'
import { sha1 } from './sha1'
import type { PostForm, PostFormOptions } from './types'

/** Largest file that one POST Object takes: 5 GB. */
const LARGEST = 5 * 1024 ** 3

/**
 * Policy and fields for POST Object (manual page 436/14690). The policy pins bucket, key, size,
 * type and ACL, because COS accepts any further field that a policy does not name.
 * @throws TypeError naming the argument that is missing or wrong; `CREDENTIALS_EXPIRED`
 */
export function postForm(options: PostFormOptions): PostForm {
  const { Bucket, SecretId, SecretKey, SecurityToken, ContentType, Clock = Date.now } = options
  const { MinBytes = 0, MaxBytes = LARGEST, SuccessStatus = 204 } = options
  checkCredentials(options)
  checkKey(options)
  if (!(MinBytes >= 0 && MinBytes <= MaxBytes && MaxBytes <= LARGEST)) {
    throw misuse('MinBytes, MaxBytes', `a range up to ${LARGEST}`, [MinBytes, MaxBytes])
  }
  if (![200, 201, 204].includes(SuccessStatus)) {
    throw misuse('SuccessStatus', '200, 201 or 204', SuccessStatus)
  }
  const KeyTime = keyTime(Clock(), options.Expires, options)
  const ExpiredTime = Number(KeyTime.split(';')[1])
  const key = objectPath(options.Key ?? options.KeyPrefix).slice(1)
  const pinned: Record<string, string> = {
    acl: 'default',
    success_action_status: String(SuccessStatus),
  }
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
  const Fields: Record<string, string> = {
    key: options.Key ? key : `${key}\${filename}`,
    ...pinned,
    policy: base64(utf8(policy)),
    'q-sign-algorithm': 'sha1',
    'q-ak': SecretId,
    'q-key-time': KeyTime,
    'q-signature': signature(signKey(SecretKey, KeyTime), sha1(utf8(policy))),
  }
  if (SecurityToken) Fields['x-cos-security-token'] = SecurityToken
  return { Url: objectUrl({ ...options, Key: '' }).url, Fields, ExpiredTime }
}

/** A policy without a key would allow every key. */
function checkKey({ Key, KeyPrefix }: PostFormOptions): void {
  const given = [Key, KeyPrefix].filter((key) => key !== undefined)
  if (given.length !== 1 || !objectPath(given[0]).slice(1)) {
    throw misuse('Key', 'a non-empty string, or KeyPrefix instead', given)
  }
}
