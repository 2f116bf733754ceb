import { urlEncode } from './encode'
import type { ObjectLocation } from './types'

/** An address in parts: the signature needs host and path, the request needs the URL. */
export interface ObjectUrl {
  /** Lower-case host, with its port if any. */
  host: string
  /** Decoded path, starting with `/`. */
  pathname: string
  /** Absolute URL without a query. */
  url: string
}

/** Regions of the first generation have no `cos.` in their host names. */
const LEGACY_REGION = /^(cn-south|cn-south-2|cn-north|cn-east|cn-southwest|sg)$/

/**
 * The URL of an object, unsigned. `Protocol` and `Domain` of the location come before the defaults.
 * @throws TypeError naming the argument that is missing or wrong
 */
export function objectUrl(
  location: ObjectLocation,
  defaults: { Protocol?: string; Domain?: string } = {},
): ObjectUrl {
  const { Bucket, Region } = location
  const Protocol = location.Protocol ?? defaults.Protocol ?? 'http:'
  const Domain = location.Domain ?? defaults.Domain
  check('Bucket', Bucket, /^[a-z\d][a-z\d-]*-\d+$/, '"<BucketName>-<APPID>"')
  check('Region', Region, /^[a-z\d][a-z\d-]*$/, 'a region such as "ap-beijing"')
  check('Protocol', Protocol, /^https?:?$/, '"http:" or "https:"')
  const pathname = objectPath(location.Key)
  if (/\/\.\.?(\/|$)/.test(pathname)) {
    throw new TypeError('Key must not hold a "." or ".." segment, which HTTP clients rewrite')
  }
  const path = urlEncode(pathname).replace(/%2F/g, '/')
  const [scheme, host] = Domain
    ? readDomain(Domain, Bucket, Region)
    : ['', `${Bucket}.${LEGACY_REGION.test(Region) ? '' : 'cos.'}${Region}.myqcloud.com`]
  return { host, pathname, url: `${scheme || Protocol.replace(':', '')}://${host}${path}` }
}

/** The path that a signature covers: decoded, one leading slash however the key begins. */
export function objectPath(key: string | undefined): string {
  const path = key ?? ''
  check('Key', path, /^/, 'a string')
  return path[0] === '/' ? path : '/' + path
}

/**
 * Scheme (or '') and host of a Domain. As in the official SDKs it may hold `{Bucket}`, `{AppId}`
 * and `{Region}`; in the older spelling, `{{Bucket}}` is the name without its APPID.
 */
function readDomain(Domain: string, Bucket: string, Region: string): [string, string] {
  const [, name = '', appId = ''] = /^(.*)-(\d+)$/.exec(Bucket)!
  const filled = String(Domain)
    .replace(/{{Bucket}}|{BucketName}/gi, name)
    .replace(/{Bucket}/gi, Bucket)
    .replace(/{?{AppId}}?/gi, appId)
    .replace(/{?{Region}}?/gi, Region)
    .toLowerCase()
  const [, scheme = '', host] = /^(?:(https?):\/\/)?([^/?#@\s{}\\]+)\/?$/.exec(filled) ?? []
  if (!host) throw new TypeError(`Domain must be a host without a path, got ${show(Domain)}`)
  return [scheme, host]
}

function check(argument: string, value: unknown, pattern: RegExp, wanted: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw new TypeError(`${argument} must be ${wanted}, got ${show(value)}`)
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
