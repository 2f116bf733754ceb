import type { SignedRequest } from '../cos/types'
import { cosFailure, wxFailure } from './failure'
import { isSuccess, type Headers } from './answer'
import type { Steps } from './task'

/** What COS answered to a request that it took. */
export interface Answer {
  headers: Headers
  body: string
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
  { action, ...option }: SendOptions,
): Promise<Answer> {
  const started = clock.now()
  let ended = () => {}
  return new Promise((resolve, reject) => {
    const task = wx.request({
      url: signed.url,
      method: signed.method,
      header: signed.headers,
      dataType: '其他', // the answer is no JSON
      ...option,
      success({ statusCode, header: headers, data: text }) {
        const body = String(text ?? '')
        if (!isSuccess(statusCode)) return reject(cosFailure({ statusCode, headers, body, action }))
        resolve({ headers, body, elapsed: clock.now() - started })
      },
      fail: (error) => reject(wxFailure(error, signed.url)),
      complete: () => ended(),
    })
    ended = running(task)
  })
}
