import { formatBytes } from '../../../i18n/index'
import { headerOf, isSuccess, type Headers } from '../../../transfer/answer'
import { cosFailure, wxFailure, type Failure } from '../../../transfer/failure'
import type { ReadyRequest } from '../copy-as'

/** What came back, whatever its status. */
export interface Tried {
  statusCode: number
  /** The headers that matter, in the order of `SHOWN`. */
  headers: [name: string, value: string][]
  body: string
  /** The beginning of the body, where it is text; otherwise empty. */
  text: string
  /** `1.2 KB` */
  size: string
  failure: Failure | undefined
}

const SHOWN = [
  'content-type',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'location',
  'x-cos-hash-crc64ecma',
  'x-cos-request-id',
]

/** Characters of a body that are shown. */
const BEGINNING = 1000

/**
 * Sends a request as it stands.
 * @throws Failure by its `code`, where there was no answer at all
 */
export function tryRequest({ url, method, headers, body }: ReadyRequest): Promise<Tried> {
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method: method as 'GET',
      header: headers,
      ...(body !== undefined && { data: body }),
      dataType: 'text', // the answer is no JSON
      success: ({ statusCode, header, data }) =>
        resolve(tried(statusCode, header as Headers, String(data ?? ''))),
      fail: (error) => reject(wxFailure(error, url)),
    })
  })
}

function tried(statusCode: number, headers: Headers, body: string): Tried {
  const isText = /^text\/|[/+](json|xml)\b/.test(headerOf(headers, 'content-type'))
  return {
    statusCode,
    headers: SHOWN.map((name): [string, string] => [name, headerOf(headers, name)]).filter(
      ([, value]) => value !== '',
    ),
    body,
    text: isText ? body.slice(0, BEGINNING) : '',
    size: formatBytes(Number(headerOf(headers, 'content-length')) || body.length),
    failure: isSuccess(statusCode) ? undefined : cosFailure({ statusCode, headers, body }),
  }
}
