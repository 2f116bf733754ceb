import { abortable, throwIfAborted, type AbortSignal } from './abort'
import { byteLength } from './byte-length'
import { cosFailure, isCredentialError } from './cos-errors'
import { asFailure, failure, wxFailure } from './failure'
import type { Headers } from './response'
import type { Renewal, SignableRequest, SignedRequest, SignRequest } from './signing'
import { getWx } from './wx'

/** A success of COS. */
export interface CosResponse {
  headers: Headers
  body: string
}

export interface SendOptions {
  data?: ArrayBuffer | string | undefined
  /** Milliseconds. Default: by the size of the data. */
  timeout?: number | undefined
  /** The status of a success. Default 200. */
  status?: number | undefined
  /** The action that a policy must allow, such as `name/cos:PutObject`, for the words of a refusal. */
  action: string
  signal?: AbortSignal | undefined
}

/**
 * Sends a signed request to COS with wx.request.
 * @throws Failure by its `code`, also for another status, for which wx.request calls `success`, and
 * for a success whose body is an error
 */
export function sendRequest(
  { url, method, headers: header }: SignedRequest,
  { action, data, signal, status = 200, timeout = timeoutFor(byteLength(data ?? '')) }: SendOptions,
): Promise<CosResponse> {
  return abortable(signal, (resolve, reject) => {
    const task = getWx().request({
      url,
      method,
      header,
      ...(data !== undefined && { data }),
      timeout,
      dataType: '其他', // the response is not JSON
      success({ statusCode, header: headers = {}, data: text }) {
        const body = String(text ?? '')
        const isSuccess = statusCode === status && !body.includes('<Error>')
        if (isSuccess) resolve({ headers, body })
        else reject(cosFailure({ statusCode, headers, body, action }))
      },
      fail: (error) => reject(wxFailure(error, url)),
    })
    return () => task?.abort() // wx gives no task where it refuses the call; `fail` says why
  })
}

/**
 * Asks the signer, and checks its answer: a backend may respond with anything.
 * @throws Failure `SIGNER_INVALID`; what the signer throws
 */
export async function sign(
  signRequest: SignRequest,
  request: SignableRequest,
): Promise<SignedRequest> {
  const signed = await signRequest(request)
  const { url, method, headers }: Partial<SignedRequest> = Object(signed)
  const isUsable = isHttpUrl(url) && typeof headers === 'object' && headers !== null
  if (isUsable && method === request.method) return signed
  const errorMessage = isUsable ? `${method} in place of ${request.method}` : 'no URL and headers'
  throw failure('SIGNER_INVALID', { errorMessage })
}

export function isHttpUrl(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\/[^/]/i.test(url)
}

/**
 * Signs and sends. Retries once with a fresh key and COS's clock when COS refuses the key or the
 * time of the signature. Asks for no signature once the signal has aborted.
 */
export async function signAndSend<Signed, Response>(
  sign: (renew?: Renewal) => Promise<Signed>,
  send: (signed: Signed) => Promise<Response>,
  signal?: AbortSignal,
): Promise<Response> {
  throwIfAborted(signal)
  const signed = await sign()
  try {
    return await send(signed)
  } catch (error) {
    if (!isCredentialError(error)) throw error
    return send(await sign({ serverTime: asFailure(error).serverTime }))
  }
}

/** Milliseconds. WeChat's default, which is too short for large files. */
const MIN_TIMEOUT = 60_000
/** Bytes per second: a weak 3G network. */
const MIN_SPEED = 64 * 1024

/** A timeout in milliseconds that a slow network still meets. */
export function timeoutFor(bytes: number): number {
  return MIN_TIMEOUT + Math.ceil((bytes / MIN_SPEED) * 1000)
}
