import { createHash } from 'node:crypto'
import type { AccessKey, AccessKeys } from '../sts/access-keys'
import type { StoredObject } from '../store/object-store'
import {
  authenticate,
  authorize,
  conditionContext,
  findKey,
  recordCheck,
  resourceName,
} from './authorize'
import { urlEncode, urlEncodePath } from './encode'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { explainPolicyMismatch } from './mismatch'
import { checkKey } from './object-key'
import { checkUploadAttributes, digestHeaders, headerBytes, headerText } from './object-metadata'
import { readPostForm, type PostForm } from './post-form'
import {
  checkPostPolicy,
  parsePostPolicy,
  sizeRange,
  type FormFields,
  type PostPolicy,
} from './post-policy'
import { checkTime, equalInConstantTime, parseAuthorization, signText } from './signature'
import { MAX_OBJECT_BYTES, storeObject } from './store-object'
import { limitTraffic } from './traffic-limit'

/**
 * POST Object (436/14690), what `wx.uploadFile` sends. Signed by a policy, or in the older way by a
 * `Signature` field that holds the Authorization of `POST /`.
 */
export async function postObject(exchange: Exchange, keys: AccessKeys): Promise<void> {
  const form = await readPostForm(exchange.request.message)
  try {
    const fields = withResolvedKey(form)
    exchange.form.key = fields.get('key')
    const { key, policy } = authenticateForm(exchange, fields, keys)
    const objectKey = fields.get('key') ?? ''
    authorize(exchange, key, {
      action: 'name/cos:PostObject',
      resources: [resourceName(exchange, objectKey)],
      context: {
        ...conditionContext(exchange.request),
        'cos:content-type': fields.get('content-type'),
        'cos:x-cos-acl': fields.get('acl') ?? fields.get('x-cos-acl'),
        'cos:x-cos-storage-class': fields.get('x-cos-storage-class'),
      },
    })
    const attributes = Object.fromEntries(
      Array.from(fields, ([name, value]) => [name, headerBytes(value)]),
    )
    const asked = { ...exchange.request.message.headers, ...attributes }
    checkUploadAttributes(asked)
    limitTraffic(exchange, asked)
    const { min, max } = policy ? sizeRange(policy) : { min: 0, max: Infinity }
    const object = await storeObject(exchange, form.file, {
      key: objectKey,
      attributes,
      maxBytes: Math.min(max, MAX_OBJECT_BYTES),
      check: async ({ size }) => {
        if (size < min) throw new CosError('EntityTooSmall')
        await form.end
      },
    })
    answer(exchange, fields, object)
  } finally {
    form.abandon()
  }
}

/** `${filename}` in the key stands for the name of the file that was chosen. */
function withResolvedKey({ fields, filename }: PostForm): FormFields {
  const template = fields.get('key')
  if (template === undefined) {
    throw new CosError('MalformedPOSTRequest', { reason: 'the form has no field key' })
  }
  const key = template.replaceAll('${filename}', () => filename)
  checkKey(key)
  return new Map([...fields, ['key', key]])
}

interface Signer {
  key: AccessKey
  /** Missing for the older form. */
  policy?: PostPolicy
}

function authenticateForm(exchange: Exchange, fields: FormFields, keys: AccessKeys): Signer {
  const token = fields.get('x-cos-security-token') || undefined
  const authorization = fields.get('signature')
  if (fields.has('policy')) return authenticatePolicy(exchange, fields, token, keys)
  const signature = authorization === undefined ? undefined : parseAuthorization(authorization)
  return { key: authenticate(exchange, signature, token, keys) }
}

/**
 * Verifies a signed policy: `q-signature` is the HMAC-SHA1, under the SignKey of `q-key-time`, of the hex
 * SHA-1 of the policy's text.
 */
function authenticatePolicy(
  { bucket, now, checks }: Exchange,
  fields: FormFields,
  token: string | undefined,
  keys: AccessKeys,
): Signer {
  const field = (name: string): string => {
    const value = fields.get(name)
    if (value === undefined) {
      throw new CosError('InvalidArgument', { message: `The form field ${name} is missing.` })
    }
    return value
  }
  const key = recordCheck(checks, 'key', () => findKey(keys, field('q-ak'), token, now))
  const keyTime = field('q-key-time')
  recordCheck(checks, 'time', () => checkTime(keyTime, now / 1000))
  const text = Buffer.from(field('policy'), 'base64')
  recordCheck(checks, 'signature', () => {
    const stringToSign = createHash('sha1').update(text).digest('hex')
    const expected = signText(stringToSign, keyTime, key.secretKey)
    if (equalInConstantTime(field('q-signature'), expected)) return
    throw new CosError('SignatureDoesNotMatch', {
      ...explainPolicyMismatch(field('policy'), field('q-signature'), keyTime, key.secretKey),
      details: { StringToSign: stringToSign },
    })
  })
  const policy = parsePostPolicy(text.toString())
  recordCheck(checks, 'form', () => checkPostPolicy(policy, fields, bucket, now))
  return { key, policy }
}

/** 204, or what `success_action_redirect` or `success_action_status` ask for. */
function answer(exchange: Exchange, fields: FormFields, object: StoredObject): void {
  const { request, response, bucket, writeHead } = exchange
  const path = urlEncodePath(object.key)
  const redirect = fields.get('success_action_redirect')
  if (redirect) {
    const query = `bucket=${bucket}&key=${urlEncode(object.key)}&etag=${urlEncode(`"${object.md5}"`)}`
    const location = `${redirect}${redirect.includes('?') ? '&' : '?'}${query}`
    writeHead(303, {
      Location: headerText(headerBytes(location)),
      'Content-Length': 0,
      ...digestHeaders(object),
    })
  } else {
    const wanted = Number(fields.get('success_action_status'))
    const status = wanted === 200 || wanted === 201 ? wanted : 204
    writeHead(status, {
      Location: `http://${request.message.headers.host}/${path}`,
      ...(status !== 204 && { 'Content-Length': 0 }),
      ...digestHeaders(object),
    })
  }
  response.end()
}
