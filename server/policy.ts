import type { Config } from './config'
import { ApiError } from './errors'

/** Of a CAM policy, version 2.0. https://cloud.tencent.com/document/product/436/71306 */
interface Statement {
  effect: 'allow' | 'deny'
  action: string[]
  resource: string[]
  condition?: Record<string, Record<string, number | string[]>>
}

export const PURPOSES = ['upload', 'download', 'multipart'] as const

export type Purpose = (typeof PURPOSES)[number]

type Limits = Pick<Config, 'bucket' | 'region' | 'maxUploadBytes' | 'contentTypes'>

/** STS takes no longer ones. */
const MAX_POLICY_CHARACTERS = 6144

/**
 * The policy of a temporary key: one purpose, one object or one prefix, nothing else. What no
 * statement allows is refused, so ACLs, deleting, listing and every other bucket are out of reach.
 *
 * @param scope an object's key, or a prefix followed by `*`. The caller has checked both.
 * @returns JSON
 * @throws ApiError 400 `INVALID_REQUEST` for a key so long that no policy can name it
 */
export function createPolicy(config: Limits, purpose: Purpose, scope: string): string {
  const appId = config.bucket.slice(config.bucket.lastIndexOf('-') + 1)
  const resource = `qcs::cos:${config.region}:uid/${appId}:${config.bucket}/${scope}`
  const json = JSON.stringify(resource)
  const policy = templateOf(config, purpose).replaceAll(RESOURCE, () => json)
  if (policy.length > MAX_POLICY_CHARACTERS) {
    const message = 'key is too long for a policy: ask without key'
    throw new ApiError(400, 'INVALID_REQUEST', message)
  }
  return policy
}

/** Stands in a template where the resource will stand, as JSON. */
const RESOURCE = JSON.stringify('<resource>')

const templates = new WeakMap<Limits, Map<Purpose, string>>()

/** The policy of a purpose as JSON, but for its resource: the same for every user. */
function templateOf(config: Limits, purpose: Purpose): string {
  const known = templates.get(config) ?? new Map<Purpose, string>()
  templates.set(config, known)
  const template = known.get(purpose) ?? JSON.stringify(policyOf(config, purpose))
  known.set(purpose, template)
  return template
}

function policyOf(config: Limits, purpose: Purpose) {
  const resource = ['<resource>']
  const statement = grants(purpose, config).map(({ actions, condition }): Statement => ({
    effect: 'allow',
    action: actions.map((action) => `name/cos:${action}`),
    resource,
    ...(condition && { condition }),
  }))
  if (purpose !== 'download') statement.push(noLists(resource))
  return { version: '2.0', statement }
}

/** For a form, content-length counts its other fields and boundaries too: they stay below this. */
const FORM_OVERHEAD_BYTES = 64 * 1024

/** The app sends parts of 1 to 16 MB. */
const MAX_PART_BYTES = 16 * 1024 * 1024

/** Actions under one condition: each action with a size of its own needs a statement of its own. */
interface Grant {
  actions: string[]
  condition?: NonNullable<Statement['condition']>
}

function grants(purpose: Purpose, { maxUploadBytes, contentTypes }: Limits): Grant[] {
  switch (purpose) {
    case 'upload':
      return [
        {
          actions: ['PutObject'],
          condition: { ...atMost(maxUploadBytes), ...storedAs(contentTypes), ...KEPT_PRIVATE },
        },
        {
          actions: ['PostObject'],
          condition: {
            ...atMost(maxUploadBytes + FORM_OVERHEAD_BYTES),
            ...storedAs([...contentTypes, FORM_CONTENT_TYPE]),
            ...KEPT_PRIVATE,
          },
        },
      ]
    case 'download':
      return [{ actions: ['GetObject', 'HeadObject'], condition: SHOWN_AS_STORED }]
    case 'multipart':
      return [
        {
          actions: ['InitiateMultipartUpload'],
          condition: { ...storedAs(contentTypes), ...KEPT_PRIVATE },
        },
        {
          actions: ['ListParts', 'CompleteMultipartUpload', 'AbortMultipartUpload'],
          condition: KEPT_PRIVATE,
        },
        { actions: ['UploadPart'], condition: { ...atMost(MAX_PART_BYTES), ...KEPT_PRIVATE } },
      ]
  }
}

/**
 * The holder of a signed URL can add headers that the signature does not list, so the policy keeps
 * the object private.
 */
const KEPT_PRIVATE = { string_equal_if_exist: { 'cos:x-cos-acl': ['default', 'private'] } }

/**
 * The manual names the header of the request; for a form that is the type of the form itself, if it is
 * not the field. Both are held: a file stored as this type does nothing in a browser.
 */
const FORM_CONTENT_TYPE = 'multipart/form-data*'

/**
 * A request without a Content-Type does not meet it: COS may take the type from the extension of the
 * key, and `a.html` would be a page. Values of headers stand in a policy as they are: only those of
 * parameters are percent-encoded (436/71307).
 */
function storedAs(contentTypes: string[]) {
  return { string_like: { 'cos:content-type': contentTypes } }
}

/** A request without content-length does not meet it: an unbounded body is refused. */
function atMost(bytes: number) {
  return { numeric_less_than_equal: { 'cos:content-length': bytes } }
}

/**
 * Browsers take the last type of a list: `text/plain,text/html` would be a page. That `*` works at both
 * ends is assumed: the examples of the manual have it at one.
 */
function noLists(resource: string[]): Statement {
  const actions = ['PutObject', 'PostObject', 'InitiateMultipartUpload']
  return {
    effect: 'deny',
    action: actions.map((action) => `name/cos:${action}`),
    resource,
    condition: { string_like: { 'cos:content-type': ['*,*'] } },
  }
}

/** An answer may call itself a download, and nothing else. Parameters are percent-encoded (436/71307). */
const SHOWN_AS_STORED = {
  string_equal_if_exist: { 'cos:response-content-type': ['application%2Foctet-stream'] },
}
