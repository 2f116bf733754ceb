import type { SignedRequest } from '../cos/types'
import { cosFailure, wxFailure } from './failure'
import { headerOf, type Headers } from './headers'
import type { Steps } from './task'

/** What COS answered to a request that it took. */
export interface Answer {
  headers: Headers
  body: string
  requestId: string
  /** Milliseconds. */
  elapsed: number
}

export interface SendOptions {
  data?: ArrayBuffer | string
  /** Milliseconds. */
  timeout: number
  /** What a policy must allow for it, such as `name/cos:PutObject`: told when COS denies it. */
  action: string
}

/**
 * Sends a signed request to COS with wx.request.
 * @throws Failure by its `code`, for any status but 2xx, too: wx.request calls every answer a success
 */
export function sendRequest(
  { clock, running }: Steps,
  signed: SignedRequest,
  { data, timeout, action }: SendOptions,
): Promise<Answer> {
  const started = clock.now()
  return new Promise((resolve, reject) => {
    const task = wx.request({
      url: signed.url,
      method: signed.method,
      header: signed.headers,
      ...(data === undefined ? {} : { data }),
      dataType: '其他', // the answer is no JSON
      timeout,
      success({ statusCode, header, data: body }) {
        const answer = { headers: header, body: String(body) }
        if (statusCode < 200 || statusCode > 299) {
          return reject(cosFailure({ statusCode, action, ...answer }))
        }
        const requestId = headerOf(header, 'x-cos-request-id')
        resolve({ ...answer, requestId, elapsed: clock.now() - started })
      },
      fail: (error) => reject(wxFailure(error, signed.url)),
      complete: () => ended(),
    })
    const ended = running(task)
  })
}
