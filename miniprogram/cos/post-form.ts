import { keyTime, signature, signKey } from './authorization'
import { base64, utf8 } from './encode'
import { objectUrl } from './object-url'
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
  const { Bucket, Key, SecretId, SecretKey, SecurityToken, ContentType, Clock = Date.now } = options
  const { MinBytes = 0, MaxBytes = LARGEST } = options
  if (typeof Key !== 'string' || !Key.replace(/^\//, ''))
    throw new TypeError('Key must be a non-empty string')
  if (!(MinBytes >= 0 && MinBytes <= MaxBytes && MaxBytes <= LARGEST)) {
    throw new TypeError(`MinBytes and MaxBytes must be a range within 0 and ${LARGEST}`)
  }
  const KeyTime = keyTime(Clock(), options.Expires, options)
  const ExpiredTime = Number(KeyTime.split(';')[1])

  const pinned: Record<string, string> = {
    key: Key.replace(/^\//, ''),
    acl: 'default',
    success_action_status: '204',
  }
  if (ContentType) pinned['Content-Type'] = ContentType
  const policy = JSON.stringify({
    expiration: new Date(ExpiredTime * 1000).toISOString(),
    conditions: [
      { bucket: Bucket },
      ...Object.entries(pinned).map(([name, value]) => ['eq', `$${name}`, value]),
      ['content-length-range', MinBytes, MaxBytes],
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': SecretId },
      { 'q-sign-time': KeyTime },
    ],
  })
  const Fields: Record<string, string> = {
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
