import { answerXml } from './answer-xml'
import { CosError } from './errors'
import type { Exchange } from './exchange'
import { queryValue } from './request'
import type { Element } from './xml'

/** The account of a bucket: the number at the end of its name. */
export function appidOf(bucket: string): string {
  return bucket.slice(bucket.lastIndexOf('-') + 1)
}

/** HEAD Bucket (436/7735). */
export async function headBucket({ response, region, writeHead }: Exchange): Promise<void> {
  writeHead(200, { 'x-cos-bucket-region': region })
  response.end()
}

/**
 * PUT Bucket (436/7738): every bucket that can be asked for exists.
 *
 * @throws CosError `BucketAlreadyOwnedByYou`
 */
export async function putBucket(): Promise<void> {
  throw new CosError('BucketAlreadyOwnedByYou')
}

const FILTERS = ['tagkey', 'tagvalue', 'create-time', 'range']

/**
 * List Buckets, `GET /` of the service (436/8291). All buckets lie in one region.
 *
 * @throws CosError `NotImplemented` for a filter other than `region`
 */
export async function listBuckets(exchange: Exchange): Promise<void> {
  const { request, service, buckets, bucket, region } = exchange
  const filter = FILTERS.find((name) => queryValue(request, name) !== undefined)
  if (filter !== undefined) {
    throw new CosError('NotImplemented', {
      message: `The local cloud does not filter buckets by ${filter}.`,
    })
  }
  const wanted = [service?.region, queryValue(request, 'region')].every(
    (name) => !name || name === region,
  )
  const listed = wanted ? [...buckets] : []
  const appid = appidOf(bucket)
  answerXml(exchange, [
    'ListAllMyBucketsResult',
    [
      [
        'Owner',
        [
          ['ID', `qcs::cam::uin/${appid}:uin/${appid}`],
          ['DisplayName', appid],
        ],
      ],
      [
        'Buckets',
        listed.map(([name, store]): Element => [
          'Bucket',
          [
            ['Name', name],
            ['Location', region],
            ['CreationDate', new Date(store.created).toISOString().replace(/\.\d+Z$/, 'Z')],
          ],
        ]),
      ],
    ],
  ])
}
