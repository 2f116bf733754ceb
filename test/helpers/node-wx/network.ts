import { open, rm } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { basename } from 'node:path'
import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { isArrayBuffer } from 'node:util/types'
import { answer, FailReason } from './answer'
import { toArrayBuffer, toBuffer, type Files } from './files'

type Header = Record<string, unknown>
type Listener<T> = (event: T) => void

/** What wx.request, wx.uploadFile and wx.downloadFile return, without chunk events. */
export interface Task<Progress> {
  abort(): void
  onHeadersReceived(listener: Listener<{ header: Record<string, string> }>): void
  offHeadersReceived(listener: Listener<{ header: Record<string, string> }>): void
  onProgressUpdate(listener: Listener<Progress>): void
  offProgressUpdate(listener: Listener<Progress>): void
}

interface Exchange<Progress> {
  api: string
  url: string
  method: string
  headers: Record<string, string>
  option: { timeout?: number }
  /** Sends the whole body, and ends the request. */
  send(request: http.ClientRequest, report: Listener<Progress>): Promise<void> | void
  /** Takes the whole answer, and gives what `success` will get. */
  receive(response: http.IncomingMessage, report: Listener<Progress>): Promise<object>
}

/** WeChat's default. */
const defaultTimeout = 60_000

/** Taken apart by hand: a WHATWG URL would rewrite dot segments and escapes of a signed path. */
function parseUrl(url: string): http.RequestOptions {
  const match = /^(https?:)\/\/([^/?#:]+|\[[^\]]+\])(?::(\d+))?([^#]*)/.exec(url)
  if (!match || /[^!-~]/.test(url)) throw new FailReason(`invalid url "${url}"`, 600009)
  const [, protocol, host = '', port, target = ''] = match
  const path = target.startsWith('/') ? target : `/${target}`
  return { protocol, hostname: host.replace(/^\[|\]$/g, ''), port, path }
}

/** The headers that an app may set. The platform sets the others itself, so they are refused. */
function appHeaders(header: Header = {}): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(header)) {
    if (/^(host|content-length|referer)$/i.test(name)) {
      throw new TypeError(`header: an app cannot set ${name}, the platform does`)
    }
    headers[name] = String(value)
  }
  return headers
}

/** The headers as the server spelled them; those sent twice are joined. */
function receivedHeaders({ rawHeaders }: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    const value = rawHeaders[i + 1] ?? ''
    headers[name] = name in headers ? `${headers[name]},${value}` : value
  }
  return headers
}

async function readAll(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function percent(done: number, total: number): number {
  return total > 0 ? Math.floor((done / total) * 100) : 0
}

/** An error of a listener is not one of the network: it stays uncaught, and fails the test. */
function notify<T>(listeners: Set<Listener<T>>, event: T): void {
  for (const listener of listeners) {
    try {
      listener(event)
    } catch (error) {
      setImmediate(() => {
        throw error
      })
    }
  }
}

/** One HTTP exchange on a connection of its own. Does not follow redirects. */
function exchange<Progress>(spec: Exchange<Progress>): Task<Progress> {
  const headersListeners = new Set<Listener<{ header: Record<string, string> }>>()
  const progressListeners = new Set<Listener<Progress>>()
  let stopped: FailReason | undefined
  let live: http.ClientRequest | undefined

  const stop = (reason: FailReason) => {
    stopped ??= reason
    live?.destroy(reason)
  }
  const report = (progress: Progress) => {
    if (!stopped) notify(progressListeners, progress)
  }
  const run = async () => {
    const { protocol, ...target } = parseUrl(spec.url)
    const client = protocol === 'https:' ? https : http
    const sent = client.request({
      ...target,
      method: spec.method,
      headers: spec.headers,
      agent: false,
    })
    live = sent
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject)
      Promise.resolve(spec.send(sent, report)).catch((error: Error) => sent.destroy(error))
    })
    notify(headersListeners, { header: receivedHeaders(response) })
    return spec.receive(response, report)
  }
  answer(spec.api, spec.option, async () => {
    const timer = setTimeout(
      () => stop(new FailReason('timeout', 5)),
      spec.option.timeout ?? defaultTimeout,
    )
    try {
      await Promise.resolve() // the caller may abort, or add listeners, right after the call
      if (stopped) throw stopped
      return await run()
    } catch (error) {
      if (stopped) throw stopped
      if (error instanceof FailReason) throw error
      // The error of a name with several addresses has no message of its own.
      const { message, code } = error as NodeJS.ErrnoException
      throw new FailReason(message || `connect ${code}`, 600001)
    } finally {
      clearTimeout(timer)
    }
  })
  return {
    abort: () => stop(new FailReason('abort')),
    onHeadersReceived: (listener) => headersListeners.add(listener),
    offHeadersReceived: (listener) => headersListeners.delete(listener),
    onProgressUpdate: (listener) => progressListeners.add(listener),
    offProgressUpdate: (listener) => progressListeners.delete(listener),
  }
}

function queryString(data: Record<string, unknown>): string {
  return Object.entries(data)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
}

function isBytes(data: unknown): data is ArrayBuffer | Uint8Array {
  return ArrayBuffer.isView(data) || isArrayBuffer(data)
}

function contentType(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
}

/** Body and URL of a wx.request: the data of a GET joins the query, an object becomes JSON or a form. */
function requestBody(
  { url, data }: WechatMiniprogram.RequestOption,
  method: string,
  headers: Record<string, string>,
): { url: string; body?: Buffer } {
  if (data === undefined) return { url }
  const isObject = typeof data === 'object' && !isBytes(data)
  if (method === 'GET' && isObject) {
    return { url: `${url}${url.includes('?') ? '&' : '?'}${queryString(data)}` }
  }
  const type = contentType(headers)
  if (type === undefined) headers['content-type'] = 'application/json'
  if (!isObject) return { url, body: toBuffer(data as string | ArrayBuffer) }
  const isForm = type?.startsWith('application/x-www-form-urlencoded')
  return { url, body: Buffer.from(isForm ? queryString(data) : JSON.stringify(data)) }
}

function decode(
  bytes: Buffer,
  { dataType = 'json', responseType }: WechatMiniprogram.RequestOption,
) {
  if (responseType === 'arraybuffer') return toArrayBuffer(bytes)
  const text = bytes.toString()
  if (dataType !== 'json') return text
  try {
    return JSON.parse(text) as object
  } catch {
    return text // as wx does with what is not JSON
  }
}

export function request(option: WechatMiniprogram.RequestOption): Task<never> {
  const method = option.method ?? 'GET'
  const headers = appHeaders(option.header)
  const { url, body } = requestBody(option, method, headers)
  if (body || /^(PUT|POST)$/.test(method)) headers['content-length'] = String(body?.length ?? 0)
  return exchange({
    api: 'request',
    url,
    method,
    headers,
    option,
    send: (sent) => void sent.end(body),
    receive: async (response) => ({
      data: decode(await readAll(response), option),
      statusCode: response.statusCode,
      header: receivedHeaders(response),
      cookies: response.headers['set-cookie'] ?? [],
    }),
  })
}

function escapeName(name: string): string {
  return name.replace(/[\r\n"]/g, encodeURIComponent)
}

const boundary = '----node-wx-form-boundary-7f3a9c51'

/** The form around the file: its fields in order, then the file's own header. */
function formHead({ formData = {}, name, filePath }: WechatMiniprogram.UploadFileOption): Buffer {
  const fields = Object.entries(formData as Header).map(
    ([field, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(field)}"\r\n\r\n${value}\r\n`,
  )
  const filename = escapeName(basename(filePath))
  const file =
    `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"; ` +
    `filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  return Buffer.from(fields.join('') + file)
}

/** Writes one chunk and waits until it has left, or the connection has closed. */
function flush(sent: http.ClientRequest, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new FailReason('connection closed', 600001))
    sent.once('close', closed)
    sent.write(chunk, (error) => {
      sent.off('close', closed)
      if (error) reject(error)
      else resolve()
    })
  })
}

/** Progress counts the bytes of the whole form, as they are flushed. */
export function uploadFile(
  files: Files,
  option: WechatMiniprogram.UploadFileOption,
): Task<WechatMiniprogram.UploadTaskOnProgressUpdateListenerResult> {
  const headers = appHeaders(option.header)
  // A content type given by the app cannot know the boundary.
  for (const name of Object.keys(headers)) if (/^content-type$/i.test(name)) delete headers[name]
  headers['content-type'] = `multipart/form-data; boundary=${boundary}`
  const head = formHead(option)
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  return exchange({
    api: 'uploadFile',
    url: option.url,
    method: 'POST',
    headers,
    option,
    async send(sent, report) {
      const total = head.length + (await files.size(option.filePath)) + tail.length
      let done = 0
      const write = async (chunk: Buffer) => {
        await flush(sent, chunk)
        done += chunk.length
        report({
          progress: percent(done, total),
          totalBytesSent: done,
          totalBytesExpectedToSend: total,
        })
      }
      sent.setHeader('content-length', total)
      await write(head)
      for await (const chunk of files.chunks(option.filePath)) await write(chunk)
      await write(tail)
      sent.end()
    },
    receive: async (response) => ({
      data: (await readAll(response)).toString(),
      statusCode: response.statusCode,
    }),
  })
}

/** Any status is a success, and its body lands in the file: an error's XML too. */
export function downloadFile(
  files: Files,
  option: WechatMiniprogram.DownloadFileOption,
): Task<WechatMiniprogram.DownloadTaskOnProgressUpdateListenerResult> {
  const path = option.filePath ?? files.newTempPath(option.url.replace(/[?#].*/, ''))
  return exchange({
    api: 'downloadFile',
    url: option.url,
    method: 'GET',
    headers: appHeaders(option.header),
    option,
    send: (sent) => void sent.end(),
    async receive(response, report) {
      const total = Number(response.headers['content-length'] ?? 0)
      const real = files.real(path)
      await files.write(async () => {
        const handle = await open(real, 'w')
        let done = 0
        try {
          for await (const chunk of response) {
            await handle.writeFile(chunk as Buffer)
            done += (chunk as Buffer).length
            report({
              progress: percent(done, total),
              totalBytesWritten: done,
              totalBytesExpectedToWrite: total,
            })
          }
        } catch (error) {
          await handle.close()
          await rm(real)
          throw error
        }
        await handle.close()
      })
      const where = option.filePath ? { filePath: path } : { tempFilePath: path }
      return { ...where, statusCode: response.statusCode }
    },
  })
}
