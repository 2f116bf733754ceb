import type { DiffView } from '../diff-lines/diff-lines'
import type { FailureView } from '../../components/failure-panel/failure-panel'
import { fill, formatBytes } from '../../i18n/index'
import { presignMessages } from '../i18n/index'
import { headerOf, type Headers } from '../../transfer/response'
import { cosFailure } from '../../transfer/cos-errors'
import { wxFailure } from '../../transfer/failure'
import { detailRows, describeFailure, type DetailRow } from '../../demo/describe'
import { comparisonView } from '../comparison-view'
import type { ReadyRequest } from '../copy-as'
import { headerLines } from '../fields'
import type { InspectorInput } from '../inspector/inspector'
import { readAnswer } from '../read-answer'
import type { Signed } from './sign'

const t = presignMessages()
const texts = t.playground

/** The result of a request: a response or a failure. */
export interface ResultView {
  method: string
  /** Empty where nothing answered. */
  status: string
  /** The headers that matter, in the order of `SHOWN`. */
  facts: DetailRow[]
  /** The beginning of the body, where it is text; otherwise empty. */
  text: string
  /** What the body is, where it is no text. */
  note: string
  failure: FailureView | null
  /** For the inspector: a request that was signed, and refused. */
  inspect: InspectorInput | null
  diff: DiffView | null
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
const MAX_SHOWN = 1000

/** Sends a request as it stands. @param signed what was signed for it, in whatever carrier */
export function tryRequest(
  { url, method, headers, body }: ReadyRequest,
  signed: Signed,
): Promise<ResultView> {
  const nothing = { method, status: '', facts: [], text: '', note: '', inspect: null, diff: null }
  return new Promise((resolve) => {
    wx.request({
      url,
      method: method as 'GET',
      header: headers,
      ...(body !== undefined && { data: body }),
      dataType: 'text', // the answer is no JSON
      success({ statusCode, header, data }) {
        const answered =
          statusCode >= 200 && statusCode <= 299
            ? success(header as Headers, String(data ?? ''))
            : refusal(statusCode, header as Headers, String(data ?? ''), signed)
        resolve({ ...nothing, status: String(statusCode), ...answered })
      },
      fail: (error) => resolve({ ...nothing, failure: describeFailure(wxFailure(error, url), t) }),
    })
  })
}

function success(headers: Headers, body: string) {
  const isText = /^text\/|[/+](json|xml)\b/.test(headerOf(headers, 'content-type'))
  const size = formatBytes(Number(headerOf(headers, 'content-length')) || body.length)
  return {
    facts: detailRows(SHOWN.map((name) => [name, headerOf(headers, name)])),
    text: isText ? body.slice(0, MAX_SHOWN) : '',
    note: body === '' ? texts.noBody : fill(texts.binary, { size }),
    failure: null,
  }
}

/** The comparison stands below, so there is no link to it, and nothing to compare by hand. */
function refusal(statusCode: number, headers: Headers, body: string, signed: Signed) {
  const failure = cosFailure({ statusCode, headers, body })
  const view = describeFailure({ ...failure, answer: undefined }, t)
  const { explanation, url, method } = signed
  if (!explanation) {
    const isDenied = failure.code === 'ACCESS_DENIED'
    return { failure: isDenied ? { ...view, ...texts.notSigned } : view }
  }
  const answer = readAnswer(body)
  const diff = (answer && comparisonView(answer, explanation, t)) ?? null
  return {
    failure: diff ? { ...view, fix: '' } : view,
    inspect: { url, method, headers: headerLines(signed.typedHeaders), answer: body },
    diff,
  }
}
