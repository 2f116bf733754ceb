import type { Config } from './config'

/** A CAM policy, version 2.0. https://cloud.tencent.com/document/product/436/71306 */
export interface Policy {
  version: '2.0'
  statement: Statement[]
}

interface Statement {
  effect: 'allow'
  action: string[]
  resource: string[]
  condition?: Record<string, Record<string, number | string[]>>
}

export type Purpose = 'upload' | 'download'

/**
 * The policy of a temporary key: one purpose, one object or one prefix, nothing else. What no
 * statement allows is refused, so ACLs, deleting, listing and every other bucket are out of reach.
 *
 * @param scope an object's key, or a prefix followed by `*`. The caller has checked both.
 */
export function createPolicy(
  config: Pick<Config, 'bucket' | 'region' | 'maxUploadBytes'>,
  purpose: Purpose,
  scope: string,
): Policy {
  const appId = config.bucket.slice(config.bucket.lastIndexOf('-') + 1)
  const resource = [`qcs::cos:${config.region}:uid/${appId}:${config.bucket}/${scope}`]
  const statement: Statement[] =
    purpose === 'upload'
      ? uploadStatements(resource, config.maxUploadBytes)
      : [{ effect: 'allow', action: ['name/cos:GetObject', 'name/cos:HeadObject'], resource }]
  return { version: '2.0', statement }
}

/** For a form, content-length counts its other fields and boundaries too: they stay below this. */
const FORM_OVERHEAD_BYTES = 64 * 1024

/**
 * Each action has its own size condition, hence its own statement. Whoever holds a signed URL may
 * add headers that the signature does not list, so it is the policy that keeps the object private.
 * A request without content-length meets no `numeric_less_than_equal`: an unbounded body is refused.
 */
function uploadStatements(resource: string[], maxBytes: number): Statement[] {
  const allow = (action: string, maxContentLength: number): Statement => ({
    effect: 'allow',
    action: [action],
    resource,
    condition: {
      numeric_less_than_equal: { 'cos:content-length': maxContentLength },
      string_equal_if_exist: { 'cos:x-cos-acl': ['default', 'private'] },
    },
  })
  return [
    allow('name/cos:PutObject', maxBytes),
    allow('name/cos:PostObject', maxBytes + FORM_OVERHEAD_BYTES),
  ]
}
