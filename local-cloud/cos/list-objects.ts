import type { StoredObject } from '../store/object-store'
import { answerXml } from './answer-xml'
import type { Exchange } from './exchange'
import {
  commonPrefixElements,
  countParameter,
  keyEncoding,
  paginate,
  type KeyEncoding,
} from './listing'
import { etagOf } from './object-metadata'
import { appidOf } from './bucket'
import { queryValue } from './request'
import type { Element } from './xml'

/** List Objects, `GET /` of a bucket (436/7734). */
export async function listObjects(exchange: Exchange): Promise<void> {
  const { request, store, bucket, region } = exchange
  const encoding = keyEncoding(request)
  const { encode } = encoding
  const prefix = queryValue(request, 'prefix') ?? ''
  const delimiter = queryValue(request, 'delimiter') ?? ''
  const marker = queryValue(request, 'marker') ?? ''
  const max = countParameter(request, 'max-keys')
  const page = paginate(store.list(prefix, marker), { prefix, delimiter, marker, max })
  const appid = appidOf(bucket)
  const elements: (Element | undefined)[] = [
    ['Name', bucket],
    encoding.element,
    ['Prefix', encode(prefix)],
    ['Marker', encode(marker)],
    ['MaxKeys', max],
    delimiter === '' ? undefined : ['Delimiter', encode(delimiter)],
    ['IsTruncated', page.next !== undefined],
    page.next === undefined ? undefined : ['NextMarker', encode(page.next)],
    ...commonPrefixElements(page, encoding),
    ...page.entries.map((object) => contents(object, encoding, appid)),
  ]
  answerXml(exchange, ['ListBucketResult', elements], { 'x-cos-bucket-region': region })
}

function contents(object: StoredObject, { encode }: KeyEncoding, appid: string): Element {
  return [
    'Contents',
    [
      ['Key', encode(object.key)],
      ['LastModified', wholeSecond(object.lastModified)],
      ['ETag', `"${etagOf(object)}"`],
      ['Size', object.size],
      [
        'Owner',
        [
          ['ID', appid],
          ['DisplayName', appid],
        ],
      ],
      ['StorageClass', object.headers['x-cos-storage-class'] ?? 'STANDARD'],
    ],
  ]
}

/** `2019-05-27T11:26:14.000Z`: COS knows no fractions of a second, but writes them. */
export function wholeSecond(milliseconds: number): string {
  return new Date(Math.floor(milliseconds / 1000) * 1000).toISOString()
}
