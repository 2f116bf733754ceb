import type { SignedRequest } from '../cos/types'
import { isSuccess, type Headers } from './answer'
import { cosFailure, wxFailure } from './failure'
import { timeoutFor, type Steps } from './task'

/** What COS answered to a request that it took. */
export interface Answer {
  headers: Headers
  body: string
  /** Milliseconds. */
  elapsed: number
}

export interface SendOptions {
  data?: ArrayBuffer | string
  /** Milliseconds. Default: by the size of the data. */
  timeout?: number
  /** What a policy must allow for it, such as `name/cos:PutObject`: told when COS denies it. */
  action: string
}

/**
 * Sends a signed request to COS with wx.request.
 * @throws Failure by its `code`, for any status but 2xx, too: wx.request calls every answer a success
 */
export function sendRequest(
  { clock, cancellable }: Steps,
  { url, method, headers: header }: SignedRequest,
  { action, data, timeout = timeoutFor(sizeOf(data)) }: SendOptions,
): Promise<Answer> {
  const started = clock.now()
  return cancellable((resolve, reject) => {
    const task = wx.request({
      url,
      method,
      header,
      data,
      timeout,
      dataType: '其他', // the answer is no JSON
      success({ statusCode, header: headers = {}, data: text }) {
        const body = String(text ?? '')
        if (isSuccess(statusCode)) resolve({ headers, body, elapsed: clock.now() - started })
        else reject(cosFailure({ statusCode, headers, body, action }))
      },
      fail: (error) => reject(wxFailure(error, url)),
    })
    return () => task?.abort() // none where wx refuses the call: it tells why in `fail`
  })
}

function sizeOf(data: SendOptions['data'] = ''): number {
  return typeof data === 'string' ? data.length : data.byteLength
}
