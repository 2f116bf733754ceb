import type { ObjectStore } from '../store/object-store'
import { CosError } from './errors'
import { headerValue, type CosRequest } from './request'

/** What a request is for. */
export interface Address {
  bucket: string
  store: ObjectStore
  /** There when it is for the service, which knows all buckets (of a region); `bucket` is then the first. */
  service?: { region?: string }
}

/**
 * Reads the host: `<bucket>.cos.<region>.…` is a bucket, `service.cos.…` and `cos.<region>.…` are the service
 * (436/8291), and a name without such a label is the first bucket, as a custom domain is. `cos-internal` and
 * the place `accelerate` count, too.
 *
 * @throws CosError `NoSuchBucket`, `PathStyleDomainForbidden`
 */
export function addressOf(
  request: CosRequest,
  buckets: ReadonlyMap<string, ObjectStore>,
  region: string,
): Address {
  const [[bucket, store] = noBucket()] = buckets
  const host = headerValue(request, 'host')?.toLowerCase() ?? ''
  if (host.startsWith('service.cos.')) return { bucket, store, service: {} }
  const [, name, place = ''] = /^(?:(.+)\.)?cos(?:-internal)?\.([a-z0-9-]+)\./.exec(host) ?? []
  if (name === undefined) {
    if (!place.includes('-')) return { bucket, store }
    if (request.key !== '') throw new CosError('PathStyleDomainForbidden')
    return { bucket, store, service: { region: place } }
  }
  const named = [region, 'accelerate'].includes(place) ? buckets.get(name) : undefined
  if (named) return { bucket: name, store: named }
  throw new CosError('NoSuchBucket', {
    reason: `the host is that of ${name} in ${place}, the local cloud has ${[...buckets.keys()].join(', ')} in ${region}`,
  })
}

function noBucket(): never {
  throw new TypeError('buckets must have at least one bucket')
}
