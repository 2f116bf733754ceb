import { urlEncode } from './encode'
import { checkText, checkType, invalidArgument } from './errors'
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

/** A segment `.` or `..`: HTTP clients take it for a step through folders, and rewrite it. */
export const DOT_SEGMENT = /(^|\/)\.\.?(\/|$)/

/**
 * The URL of an object, unsigned. What the location says comes before the defaults.
 * @throws TypeError naming the argument that is missing or wrong
 */
export function objectUrl(
  location: ObjectLocation,
  defaults: Partial<ObjectLocation> = {},
): ObjectUrl {
  checkType('params', location, 'object')
  const { Bucket, Region } = location
  const UseAccelerate = location.UseAccelerate ?? defaults.UseAccelerate
  const Protocol = location.Protocol ?? defaults.Protocol ?? 'http:'
  const Domain = location.Domain ?? defaults.Domain
  checkText('Bucket', Bucket, /^[a-z\d][a-z\d-]*-\d+$/, '<BucketName>-<APPID>')
  checkText('Region', Region, /^[a-z\d][a-z\d-]*$/, 'such as ap-beijing')
  checkText('Protocol', Protocol, /^https?:?$/, 'http: or https:')
  const pathname = objectPath(location.Key)
  if (DOT_SEGMENT.test(pathname)) {
    throw invalidArgument('Key', 'without . and .. segments', pathname)
  }
  const path = urlEncode(pathname, 'Key').replace(/%2F/g, '/')
  const standard = `${Bucket}.cos.${UseAccelerate ? 'accelerate' : Region}.myqcloud.com`
  const address = Domain ? readDomain(Domain, location) : standard
  const host = address.replace(/^https?:\/\//, '')
  const scheme = address === host ? Protocol.replace(/:?$/, '://') : ''
  return { host, pathname, url: scheme + address + path }
}

/** The path that a signature covers: decoded, one leading slash however the key begins. */
export function objectPath(key: string | undefined): string {
  const path = checkText('Key', key ?? '', /^/, 'a string')
  return path[0] === '/' ? path : '/' + path
}

/** A host, with its scheme if it has one; `{Bucket}` and `{Region}` in it stand for theirs. */
function readDomain(Domain: string, { Bucket, Region }: ObjectLocation): string {
  const filled = checkText('Domain', Domain, /^/, 'a host')
    .replace('{Bucket}', Bucket)
    .replace('{Region}', Region)
    .replace(/\/$/, '')
    .toLowerCase()
  return checkText('Domain', filled, /^(https?:\/\/)?[\w.:[\]-]+$/, 'a host')
}
