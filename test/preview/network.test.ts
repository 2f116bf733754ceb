import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { createPreview } from '../../preview/preview'
import { closeBrowser, openPreview, type OpenPreview } from '../helpers/browser'
import { until } from '../helpers/until'
import { networkFailures } from '../helpers/wx-outcomes'

interface Received {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}

const megabyte = 1024 * 1024
const received: Received[] = []
const preview = createPreview({ port: 0, source: path.join(__dirname, 'fixture') })
let server: string
let opened: OpenPreview
let page: Page

/** Answers as the path says: /<status>, /json, /large, or /never. */
const http = createServer(async (request, response) => {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-methods', '*')
  response.setHeader('access-control-allow-headers', '*')
  response.setHeader('access-control-expose-headers', 'ETag')
  if (request.method === 'OPTIONS') return response.end()
  // A page may go while it still sends: that is not a failure of the test.
  const body = await buffer(request).catch(() => undefined)
  if (!body) return undefined
  const { method = '', url = '', headers } = request
  received.push({ method, path: url, headers, body })
  if (url === '/never') return undefined
  response.setHeader('etag', '"e"')
  if (url === '/json') return response.end('{"ok":true}')
  if (url.startsWith('/large')) return response.end(Buffer.alloc(5 * megabyte))
  response.statusCode = Number(url.slice(1, 4))
  return response.end('<Error><Code>AccessDenied</Code></Error>')
})

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve)
  })
  server = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  opened = await openPreview((await preview.start()).url)
  page = opened.page
})
afterAll(async () => {
  await closeBrowser()
  await preview.stop()
  http.closeAllConnections()
  http.close()
})
afterEach(() => {
  received.length = 0
  const errors = opened.errors.splice(0)
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

/** What wx.request ends with, in whichever callback. */
const request = (options: Partial<WechatMiniprogram.RequestOption> & { url: string }) =>
  page.evaluate(
    (given) =>
      new Promise<Record<string, unknown>>((resolve) => {
        wx.request({
          ...given,
          success: (result) => resolve({ callback: 'success', ...result }),
          fail: (error) => resolve({ callback: 'fail', ...error }),
        })
      }),
    options as { url: string },
  )

/** Chooses a file through the page, and returns its temporary path. */
async function choose(name: string, mimeType: string, buffer: Buffer): Promise<string> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'pick' }).tap(),
  ])
  await chooser.setFiles({ name, mimeType, buffer })
  await page.getByText(`${name} ${buffer.length}`).waitFor()
  return page.evaluate(() => String(getCurrentPages()[0]?.data.src))
}

describe('wx.request', () => {
  test('sends JSON by default and parses the answer', async () => {
    const result = await request({ url: `${server}/json`, method: 'POST', data: { a: 1 } })
    expect(result).toMatchObject({
      callback: 'success',
      errMsg: 'request:ok',
      statusCode: 200,
      data: { ok: true },
      header: { etag: '"e"' },
    })
    expect(received[0]?.headers['content-type']).toBe('application/json')
    expect(received[0]?.body.toString()).toBe('{"a":1}')
  })

  test('a 403 is a success with its status and text', async () => {
    const result = await request({ url: `${server}/403`, header: { host: 'x', 'X-Own': '1' } })
    expect(result).toMatchObject({
      callback: 'success',
      statusCode: 403,
      data: '<Error><Code>AccessDenied</Code></Error>',
    })
    expect(received[0]?.headers).toMatchObject({ 'x-own': '1', host: server.slice(7) })
  })

  test.each([0, 4 * megabyte])('puts an ArrayBuffer of %d bytes', async (size) => {
    const status = await page.evaluate(
      ({ url, size }) =>
        new Promise((resolve) => {
          wx.request({
            url,
            method: 'PUT',
            header: { 'Content-Type': 'image/png' },
            data: new ArrayBuffer(size),
            success: ({ statusCode }) => resolve(statusCode),
            fail: resolve,
          })
        }),
      { url: `${server}/200`, size },
    )
    expect(status).toBe(200)
    expect(received[0]?.body.length).toBe(size)
    expect(received[0]?.headers).toMatchObject({
      'content-length': String(size),
      'content-type': 'image/png',
    })
  })

  test.each([
    ['timeout', '/never', { timeout: 50 }],
    ['refused', ':1', {}],
  ] as const)('%s is a failure', async (name, target, options) => {
    const url = target === ':1' ? 'http://127.0.0.1:1/' : server + target
    const expected = { callback: 'fail', ...networkFailures('request')[name] }
    expect(await request({ url, ...options })).toEqual(expected)
  })

  test.each(['put/object', 'http://a<b/'])('%s is no address: a failure', async (url) => {
    const expected = { callback: 'fail', ...networkFailures('request').invalidUrl(url) }
    expect(await request({ url })).toEqual(expected)
  })

  test.each(['HEAD', 'DELETE'] as const)('sends %s without a body', async (method) => {
    const result = await request({ url: `${server}/204`, method })
    expect(result).toMatchObject({ callback: 'success', statusCode: 204, data: '' })
    expect(received).toMatchObject([{ method, body: { length: 0 } }])
  })

  test.each(['/200', '/never', ':1', 'nowhere'])(
    'what is sent to %s is given back to the memory, though the page keeps the task',
    async (target) => {
      await page.evaluate(
        (url) =>
          new Promise<void>((resolve) => {
            const data = new ArrayBuffer(1024 * 1024)
            const task = wx.request({
              url,
              method: 'PUT',
              data,
              timeout: 50,
              complete: () => resolve(),
            })
            Object.assign(globalThis, { kept: { task, data: new WeakRef(data) } })
          }),
        target.startsWith('/') ? server + target : target.replace(':1', 'http://127.0.0.1:1/'),
      )
      const isGone = () =>
        page.evaluate(() => {
          const { kept } = globalThis as unknown as {
            kept: { task?: object; data: WeakRef<object> }
          }
          return kept.task !== undefined && kept.data.deref() === undefined
        })
      await until(async () => {
        await page.requestGC()
        return isGone()
      }, 'the memory is free')
    },
  )

  test('abort ends a request later, with fail and then complete', async () => {
    const calls = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const lines: string[] = []
          const task = wx.request({
            url,
            fail: ({ errMsg }) => lines.push(errMsg),
            complete: () => resolve([...lines, 'complete']),
          })
          task.abort()
          lines.push('aborted')
        }),
      `${server}/never`,
    )
    expect(calls).toEqual(['aborted', networkFailures('request').abort.errMsg, 'complete'])
  })
})

describe('files', () => {
  const dot = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"/>')

  test('a chosen file is shown, read in parts, digested and removed', async () => {
    const filePath = await choose('dot.svg', 'image/svg+xml', dot)
    expect(filePath).toMatch(/^http:\/\/tmp\/\w+\.svg$/)
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.picked')?.style.height)
    expect((await page.locator('.picked').boundingBox())?.height).toBe(160)

    const read = (options: object) =>
      page.evaluate(
        (given) =>
          new Promise((resolve) => {
            wx.getFileSystemManager().readFile({
              ...given,
              success: ({ data }) =>
                resolve(typeof data === 'string' ? data : [...new Uint8Array(data)]),
              fail: resolve,
            })
          }),
        { filePath, ...options },
      )
    expect(await read({ position: 1, length: 3 })).toEqual([...Buffer.from('svg')])
    expect(await read({ encoding: 'utf8' })).toBe(dot.toString())
    expect(await read({ encoding: 'base64', length: 4 })).toBe(btoa('<svg'))
    expect(await read({ filePath: 'http://tmp/none' })).toMatchObject({
      errMsg: 'readFile:fail no such file or directory, open http://tmp/none',
    })

    const info = await page.evaluate(async (target) => {
      const files = wx.getFileSystemManager()
      const info = await new Promise((resolve) => {
        files.getFileInfo({
          filePath: target,
          digestAlgorithm: 'sha1',
          success: resolve,
          fail: resolve,
        })
      })
      const unlink = () =>
        new Promise((resolve) => {
          files.unlink({
            filePath: target,
            success: () => resolve('removed'),
            fail: () => resolve('gone'),
          })
        })
      return [info, await unlink(), await unlink()]
    }, filePath)
    expect(info).toEqual([
      {
        errMsg: 'getFileInfo:ok',
        size: dot.length,
        digest: createHash('sha1').update(dot).digest('hex'),
      },
      'removed',
      'gone',
    ])
  })

  test('a document opens in a tab; what WeChat cannot open is refused', async () => {
    const filePath = await choose('page.pdf', 'application/pdf', Buffer.from('%PDF-1.4'))
    const tab = opened.page.context().waitForEvent('page')
    const open = (path: string) =>
      page.evaluate(
        (filePath) => wx.openDocument({ filePath }).catch((error: object) => error),
        path,
      )
    expect(await open(filePath)).toEqual({ errMsg: 'openDocument:ok' })
    await (await tab).close()
    const image = await choose('dot.svg', 'image/svg+xml', dot)
    expect(await open(image)).toEqual({ errMsg: 'openDocument:fail filetype not supported' })
  })

  test('choosing nothing fails with cancel', async () => {
    const outcome = page.evaluate(() => {
      const clicked = HTMLInputElement.prototype.click
      HTMLInputElement.prototype.click = function click() {
        HTMLInputElement.prototype.click = clicked
        this.dispatchEvent(new Event('cancel'))
      }
      return wx.chooseMedia({}).catch((error: object) => error)
    })
    expect(await outcome).toEqual({ errMsg: 'chooseMedia:fail cancel' })
  })

  test('uploadFile posts the fields in order, then the file, and tells its progress', async () => {
    const filePath = await choose('large.png', 'image/png', Buffer.alloc(3 * megabyte, 7))
    const { result, progress } = await page.evaluate(
      ({ url, filePath }) =>
        new Promise<{ result: object; progress: { totalBytesExpectedToSend: number }[] }>(
          (resolve) => {
            const progress: { totalBytesExpectedToSend: number }[] = []
            const done = (result: object) => resolve({ result, progress })
            wx.uploadFile({
              url,
              filePath,
              name: 'file',
              formData: { key: 'a/b.png', policy: 'e30=' },
              success: done,
              fail: done,
            }).onProgressUpdate((event) => progress.push(event))
          },
        ),
      { url: `${server}/403`, filePath },
    )
    expect(result).toMatchObject({
      statusCode: 403,
      data: expect.stringContaining('AccessDenied'),
    })
    expect(progress.at(-1)).toMatchObject({ progress: 100 })
    expect(progress.at(-1)?.totalBytesExpectedToSend).toBeGreaterThan(3 * megabyte)
    const [{ method, headers, body } = {} as Received] = received
    expect(method).toBe('POST')
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    const names = [...body.toString('latin1').matchAll(/ name="(\w+)"/g)].map(([, name]) => name)
    expect(names).toEqual(['key', 'policy', 'file'])
  })

  test('uploadFile of a file that is gone fails, and nothing is sent', async () => {
    const errMsg = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          wx.uploadFile({
            url,
            filePath: 'http://tmp/none',
            name: 'file',
            fail: ({ errMsg }) => resolve(errMsg),
          })
        }),
      `${server}/200`,
    )
    expect(errMsg).toBe('uploadFile:fail no such file or directory, open http://tmp/none')
    expect(received).toEqual([])
  })

  test.each([
    ['/large.bin', 200, 5 * megabyte],
    ['/403', 403, 40],
  ])('downloadFile writes whatever %s answers to a file', async (target, statusCode, size) => {
    const result = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          let headers: unknown
          let written = 0
          const task = wx.downloadFile({
            url,
            success: ({ statusCode, tempFilePath }) => {
              wx.getFileSystemManager().getFileInfo({
                filePath: tempFilePath,
                success: ({ size }) => resolve({ statusCode, size, written, headers }),
                fail: resolve,
              })
            },
            fail: resolve,
          })
          task.onHeadersReceived(({ header }) => {
            headers = header
          })
          task.onProgressUpdate(({ totalBytesWritten }) => {
            written = totalBytesWritten
          })
        }),
      server + target,
    )
    expect(result).toMatchObject({ statusCode, size, written: size, headers: { etag: '"e"' } })
  })

  test('an aborted download fails', async () => {
    const failure = await page.evaluate(
      (url) => new Promise((fail) => wx.downloadFile({ url, fail }).abort()),
      `${server}/never`,
    )
    expect(failure).toEqual(networkFailures('downloadFile').abort)
  })
})
