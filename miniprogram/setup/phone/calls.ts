/** Calls of wx as they are: what a transfer makes of their answers is left out. */
import { objectKey, signPostForm, signRequest } from '../../signing/index'
import { abortable, type AbortSignal } from '../../transfer/abort'
import { failure } from '../../transfer/failure'
import { removeFile, writeFile } from '../../transfer/file'
import { putObject } from '../../transfer/put-object'
import type { Headers } from '../../transfer/response'

export const KB = 1024
export const MB = 1024 * KB

export const APIS = ['request', 'uploadFile', 'downloadFile'] as const
export type Api = (typeof APIS)[number]

/** Servers may allow no other type than those of pictures. */
export const CONTENT_TYPE = 'image/jpeg'

export const keyOf = (name: string) => objectKey(`setup-phone-check/${name}`)

/** Bytes in one second of a slow call. */
export const SLOW_RATE = 100 * KB
/** Slows a request down to it, on COS's side (436/40140). No source has to sign it. */
const SLOW = { 'x-cos-traffic-limit': String(SLOW_RATE * 8) }

let lastId = 0

/** Keeps a file on the phone while `use` runs. */
export async function withFile<T>(
  data: ArrayBuffer | string,
  use: (filePath: string) => Promise<T>,
): Promise<T> {
  // A name of its own: nothing waits until the file before it is removed.
  const filePath = `${wx.env.USER_DATA_PATH}/phone-check-${++lastId}.jpg`
  await writeFile(filePath, data)
  try {
    return await use(filePath)
  } finally {
    removeFile(filePath)
  }
}

/** No two megabytes are the same. */
export function bytesOf(size: number): ArrayBuffer {
  const bytes = new Uint8Array(size).fill(255)
  for (let start = 0; start < size; start += MB) bytes[start] = start / MB
  return bytes.buffer
}

/** A file, and the object that is its copy. */
export interface Stored {
  filePath: string
  key: string
}

/** Keeps a file of so many bytes on the phone, and a copy of it at COS. */
export function withStored<T>(
  size: number,
  signal: AbortSignal,
  use: (stored: Stored) => Promise<T>,
): Promise<T> {
  return withFile(bytesOf(size), async (filePath) => {
    const key = await keyOf(`PUT-${size}`)
    await putObject({ key, filePath, contentType: CONTENT_TYPE, signRequest, signal })
    return use({ filePath, key })
  })
}

/** A signed call: `request` and `downloadFile` get an object, `uploadFile` stores a file. */
export interface Call {
  api: Api
  option: { url: string; [name: string]: unknown }
}

/** @param id of calls that run at once: each has a URL, or an object, of its own */
export async function signCall(
  api: Api,
  { filePath, key }: Stored,
  { id = 0, isSlow = false } = {},
): Promise<Call> {
  const extra = isSlow ? SLOW : {}
  if (api === 'uploadFile') {
    const form = { key: `${key}-form-${id}`, contentType: CONTENT_TYPE }
    const { url, fields } = await signPostForm(form)
    return { api, option: { url, filePath, name: 'file', formData: { ...fields, ...extra } } }
  }
  const query = { 'response-cache-control': `max-age=${id}` }
  const { url, headers } = await signRequest({ method: 'GET', key, query })
  return { api, option: { url, header: { ...headers, ...extra }, responseType: 'arraybuffer' } }
}

export interface SendOptions {
  signal: AbortSignal
  /** Milliseconds. */
  timeout?: number
  onStart?: (task: { abort(): void }) => void
}

/** Gives the headers of the response. Rejects with what wx gives to `fail`. */
export function send(
  { api, option }: Call,
  { signal, timeout = 600_000, onStart }: SendOptions,
): Promise<Headers> {
  return abortable<Headers>(signal, (resolve, reject) => {
    let headers: Headers = {}
    const task = (wx as unknown as Record<Api, Start>)[api]({
      ...option,
      timeout,
      success({ statusCode, header = {}, tempFilePath }) {
        if (tempFilePath) removeFile(tempFilePath)
        if (statusCode >= 300) reject(failure('UNEXPECTED_STATUS', { statusCode }))
        else resolve(api === 'request' ? header : headers)
      },
      fail: reject,
    })
    if (api !== 'request') task?.onHeadersReceived(({ header }) => (headers = header))
    if (task) onStart?.(task)
    return () => task?.abort()
  })
}

/** What the three APIs have in common. */
type Start = (option: {
  url: string
  timeout: number
  success(result: { statusCode: number; header?: Headers; tempFilePath?: string }): void
  fail(error: unknown): void
}) => Task | undefined

interface Task {
  abort(): void
  onHeadersReceived(listener: (result: { header: Headers }) => void): void
}
