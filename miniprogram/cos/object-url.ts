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
 * The URL of an object, unsigned.
 * @throws TypeError naming the argument that is missing or wrong
 */
export function objectUrl(location: ObjectLocation): ObjectUrl {
  const { Bucket, Region, Protocol = 'http:' } = location
  if (!/^[a-z\d][a-z\d-]*-\d+$/.test(Bucket)) {
    throw new TypeError(`Bucket must be "<BucketName>-<APPID>", got ${show(Bucket)}`)
  }
  if (!/^[a-z\d][a-z\d-]*$/.test(Region)) {
    throw new TypeError(`Region must be a region such as "ap-beijing", got ${show(Region)}`)
  }
  if (!/^https?:?$/.test(Protocol)) {
    throw new TypeError(`Protocol must be "http:" or "https:", got ${show(Protocol)}`)
  }
  const pathname = objectPath(location.Key)
  if (/(^|\/)\.\.?(\/|$)/.test(pathname)) {
    throw new TypeError(`Key must not hold a "." or ".." segment, which HTTP clients rewrite`)
  }
  const [scheme, host] = domain(location)
  const path = pathname.split('/').map(urlEncode).join('/')
  return { host, pathname, url: `${scheme ?? Protocol.replace(':', '')}://${host}${path}` }
}

/** The path that a signature covers: decoded, one leading slash however the key begins. */
export function objectPath(key: string | undefined): string {
  if (key !== undefined && typeof key !== 'string') {
    throw new TypeError(`Key must be a string, got ${show(key)}`)
  }
  return '/' + (key ?? '').replace(/^\//, '')
}

function domain({
  Bucket,
  Region,
  Domain,
}: ObjectLocation): [scheme: string | undefined, host: string] {
  if (!Domain) {
    return [
      undefined,
      `${Bucket}.${LEGACY_REGION.test(Region) ? '' : 'cos.'}${Region}.myqcloud.com`,
    ]
  }
  const [, BucketName = '', AppId = ''] = /^(.*)-(\d+)$/.exec(Bucket) ?? []
  const single: Record<string, string> = {
    bucket: Bucket,
    bucketname: BucketName,
    appid: AppId,
    region: Region,
  }
  const double: Record<string, string> = { ...single, bucket: BucketName }
  const filled = String(Domain)
    .replace(/{{(\w+)}}/g, (whole, name: string) => double[name.toLowerCase()] ?? whole)
    .replace(/{(\w+)}/g, (whole, name: string) => single[name.toLowerCase()] ?? whole)
  const match = /^(?:(https?):\/\/)?([^/?#@\s{}\\]+)\/?$/i.exec(filled)
  if (!match) throw new TypeError(`Domain must be a host without a path, got ${show(Domain)}`)
  return [match[1]?.toLowerCase(), match[2]!.toLowerCase()]
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}
