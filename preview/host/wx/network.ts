import { ApiFailure, failure, settle } from './async-api'
import { addTempFile, extensionOf, readTempFile, writeTempFile } from './temp-files'

type Header = Record<string, string>
type Listener = (event: object) => void
type Callbacks = Pick<
  WechatMiniprogram.UploadFileOption,
  'success' | 'fail' | 'complete' | 'timeout'
>

interface Transfer {
  name: string
  options: object
  method: string
  url: string
  header: Header
  body?: XMLHttpRequestBodyInit
  responseType?: XMLHttpRequestResponseType
  /** Whether progress events tell of the body sent or of the body received. */
  progress?: 'upload' | 'download'
  /** What `success` gets beside the status and headers. It is called for every HTTP status. */
  result: (request: XMLHttpRequest) => object
}

const defaultTimeout = 60_000 // ms, unless app.json sets networkTimeout
let timeouts: Partial<Record<string, number>> = {}
// The browser sets these, and complains about a script that tries.
const forbiddenHeaders = new Set(['host', 'content-length', 'referer'])
// https://developers.weixin.qq.com/miniprogram/dev/framework/usability/PublicErrno.html
const errno = { timeout: 5, network: 600001, invalidUrl: 600009 }

/** Sets the `networkTimeout` of app.json: milliseconds by the name of the API. */
export function setTimeouts(networkTimeout: Partial<Record<string, number>>): void {
  timeouts = networkTimeout
}

export function request(options: WechatMiniprogram.RequestOption) {
  const { method = 'GET', responseType, dataType = 'json' } = options
  const header = { ...options.header } as Header
  const hasContentType = Object.keys(header).some((name) => /^content-type$/i.test(name))
  if (!hasContentType) header['content-type'] = 'application/json'
  const isText = responseType !== 'arraybuffer'
  return transfer({
    name: 'request',
    options,
    method,
    header,
    ...withData(method, options.url, options.data),
    responseType: isText ? 'text' : 'arraybuffer',
    result: ({ response }) => ({
      data: isText && dataType === 'json' ? parsed(response as string) : (response as unknown),
      cookies: [],
    }),
  })
}

/** The form has the fields in their order, then the file. There is no `method` option. */
export function uploadFile(options: WechatMiniprogram.UploadFileOption) {
  const { url, filePath, name, formData = {}, header = {} } = options
  const isContentType = ([field]: [string, unknown]) => /^content-type$/i.test(field)
  return transfer({
    name: 'uploadFile',
    options,
    method: 'POST',
    url,
    // The browser writes the content type, for it knows the boundary.
    header: Object.fromEntries(Object.entries(header).filter((entry) => !isContentType(entry))),
    get body() {
      const form = new FormData()
      for (const [field, value] of Object.entries(formData)) form.append(field, String(value))
      form.append(name, readTempFile(filePath), filePath.split('/').pop())
      return form
    },
    progress: 'upload',
    result: ({ responseText }) => ({ data: responseText }),
  })
}

/** Whatever comes is written to a file: an error's body too. */
export function downloadFile(options: WechatMiniprogram.DownloadFileOption) {
  const { url, filePath, header = {} } = options
  return transfer({
    name: 'downloadFile',
    options,
    method: 'GET',
    url,
    header: header as Header,
    responseType: 'blob',
    progress: 'download',
    result({ response }) {
      const blob = response as Blob
      if (!filePath) return { tempFilePath: addTempFile(blob, extensionOf(url)) }
      writeTempFile(filePath, blob)
      return { filePath }
    },
  })
}

function withData(
  method: string,
  url: string,
  data: unknown,
): { url: string; body?: XMLHttpRequestBodyInit } {
  if (data === undefined || data === null) return { url }
  if (typeof data === 'string') return { url, body: data }
  // Chromium keeps a copy of an ArrayBuffer in the tab long after the request; a Blob lies elsewhere.
  if (data instanceof ArrayBuffer) return { url, body: new Blob([data]) }
  if (method !== 'GET') return { url, body: JSON.stringify(data) }
  const query = new URLSearchParams(data as Record<string, string>)
  return { url: `${url}${url.includes('?') ? '&' : '?'}${query}` }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text // as in WeChat
  }
}

/** Sends a request and returns WeChat's task for it, which holds nothing of it after its end. */
function transfer(details: Transfer) {
  const listeners = { progress: new Set<Listener>(), headers: new Set<Listener>() }
  let running = start(details, listeners)
  running?.addEventListener('loadend', () => {
    running = undefined
  })
  return {
    abort: () => running?.abort(),
    onProgressUpdate: (listener: Listener) => void listeners.progress.add(listener),
    offProgressUpdate: (listener: Listener) => void listeners.progress.delete(listener),
    onHeadersReceived: (listener: Listener) => void listeners.headers.add(listener),
    offHeadersReceived: (listener: Listener) => void listeners.headers.delete(listener),
  }
}

/** The request that is on its way, or nothing when it could not be sent. */
function start(
  details: Transfer,
  listeners: Record<'progress' | 'headers', Set<Listener>>,
): XMLHttpRequest | undefined {
  const { name, result } = details
  const options = details.options as Callbacks
  const request = new XMLHttpRequest()
  // Callbacks come later, even when a transfer fails at once or is aborted.
  const end = (outcome: 'success' | 'fail', value: object) =>
    queueMicrotask(() => settle(options as object, outcome, value))
  const fail = (message: string, code?: number) =>
    end('fail', failure(name, new ApiFailure(message, code)))

  request.addEventListener('load', () =>
    end('success', {
      ...result(request),
      statusCode: request.status,
      header: headersOf(request),
      errMsg: `${name}:ok`,
    }),
  )
  // A browser does not tell a script why.
  request.addEventListener('error', () => fail('net::ERR_FAILED', errno.network))
  request.addEventListener('timeout', () => fail('timeout', errno.timeout))
  request.addEventListener('abort', () => fail('abort'))
  request.addEventListener('readystatechange', () => {
    if (request.readyState !== XMLHttpRequest.HEADERS_RECEIVED) return
    for (const listener of listeners.headers) listener({ header: headersOf(request) })
  })
  const sender = details.progress === 'upload' ? request.upload : request
  sender.addEventListener('progress', (event) => {
    for (const listener of listeners.progress) listener(progressOf(event, details.progress))
  })

  try {
    send(request, details, options.timeout ?? timeouts[name] ?? defaultTimeout)
    return request
  } catch (error) {
    end('fail', failure(name, error as Error))
    return undefined
  }
}

function send(request: XMLHttpRequest, details: Transfer, timeout: number): void {
  const { method, url, header, body = null, responseType = 'text' } = details
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new ApiFailure(`invalid url "${url}"`, errno.invalidUrl)
  request.open(method, url)
  request.responseType = responseType
  request.timeout = timeout
  for (const [field, value] of Object.entries(header)) {
    if (!forbiddenHeaders.has(field.toLowerCase())) request.setRequestHeader(field, String(value))
  }
  request.send(body)
}

/** Response headers; a browser gives their names in lower case, as HTTP/2 does on a phone. */
function headersOf(request: XMLHttpRequest): Header {
  const lines = request.getAllResponseHeaders().split('\r\n').filter(Boolean)
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
}

function progressOf({ loaded, total }: ProgressEvent, direction: Transfer['progress']): object {
  const progress = total ? Math.round((loaded / total) * 100) : 0
  return direction === 'upload'
    ? { progress, totalBytesSent: loaded, totalBytesExpectedToSend: total }
    : { progress, totalBytesWritten: loaded, totalBytesExpectedToWrite: total }
}
