import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { FIVE_BYTES, fileOutcomes, networkFailures } from '../helpers/wx-outcomes'
import { createNodeWx, type NodeWx, type SyntheticFile } from '../helpers/node-wx'
import { parseForm, startServer } from './echo-server'

type Request = WechatMiniprogram.RequestOption
type Upload = WechatMiniprogram.UploadFileOption
type Download = WechatMiniprogram.DownloadFileOption
type Failure = { errMsg: string; errno?: number }

const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer

/** Bytes 1, 2, 3… 255, 0, 1… */
const syntheticFile = (size: number): SyntheticFile => ({
  size,
  fill: (position, length) => Uint8Array.from({ length }, (_, index) => position + index + 1),
})

async function refusedUrl(): Promise<string> {
  const closed = await startServer()
  await closed.stop()
  return closed.url
}

/** What node-wx must do in every environment of jest. */
export function nodeWxCases(): void {
  let wx: NodeWx
  let server: Awaited<ReturnType<typeof startServer>>
  const fiveMegabytes = randomBytes(5 * 1024 * 1024)

  beforeAll(async () => {
    wx = createNodeWx({ storage: { 'server-url': 'http://127.0.0.1:3000' } })
    server = await startServer()
  })
  afterAll(async () => {
    await server.stop()
    await wx.dispose()
  })

  const request = (option: Omit<Request, 'success' | 'fail'>) =>
    new Promise<WechatMiniprogram.RequestSuccessCallbackResult>((success, fail) => {
      wx.request({ ...option, success, fail })
    })
  const upload = (option: Omit<Upload, 'success' | 'fail'>) =>
    new Promise<WechatMiniprogram.UploadFileSuccessCallbackResult>((success, fail) => {
      wx.uploadFile({ ...option, success, fail })
    })
  const download = (option: Omit<Download, 'success' | 'fail'>) =>
    new Promise<WechatMiniprogram.DownloadFileSuccessCallbackResult>((success, fail) => {
      wx.downloadFile({ ...option, success, fail })
    })
  const readFile = (option: WechatMiniprogram.ReadFileOption) =>
    new Promise<string | ArrayBuffer>((resolve, fail) => {
      wx.getFileSystemManager().readFile({ ...option, success: (r) => resolve(r.data), fail })
    })
  const fs = () => wx.getFileSystemManager()
  const open = (filePath: string) =>
    new Promise<string>((resolve, fail) => {
      fs().open({ filePath, flag: 'r', success: ({ fd }) => resolve(fd), fail })
    })
  const read = (option: WechatMiniprogram.ReadOption) =>
    new Promise<WechatMiniprogram.ReadSuccessCallbackResult>((success, fail) => {
      fs().read({ ...option, success, fail })
    })
  const close = (fd: string) => new Promise((success, fail) => fs().close({ fd, success, fail }))
  const stat = (path: string) =>
    new Promise((success, fail) => {
      fs().stat({ path, success, fail })
    })
  const info = (option: WechatMiniprogram.GetFileInfoOption) =>
    new Promise((success, fail) => {
      fs().getFileInfo({ ...option, success, fail })
    })

  describe('request', () => {
    test.each([
      ['empty', Buffer.alloc(0)],
      ['5 MB', fiveMegabytes],
    ])('PUTs an ArrayBuffer that is %s, byte for byte, and takes one back', async (_, bytes) => {
      const { data, statusCode } = await request({
        url: `${server.url}/echo`,
        method: 'PUT',
        data: arrayBuffer(bytes),
        header: { 'Content-Type': 'image/png' },
        responseType: 'arraybuffer',
      })
      const { body, headers } = server.last()
      expect(statusCode).toBe(200)
      expect(body.equals(bytes)).toBe(true)
      expect(headers['content-length']).toBe(String(bytes.length))
      expect(headers['content-type']).toBe('image/png')
      expect(data).toBeInstanceOf(ArrayBuffer)
      expect(Buffer.from(data as ArrayBuffer).equals(bytes)).toBe(true)
    })

    test('sends the target of the URL exactly as given', async () => {
      const target = '/a/../b//c%2fd%7E!*()?sign=q-x%3Dy&empty=&&z'
      await request({ url: `${server.url}${target}#fragment` })
      expect(server.last().url).toBe(target)
    })

    test('sends an object as JSON, as a form, or as the query of a GET', async () => {
      const data = { a: '1 &2', b: 'ü' }
      await request({ url: `${server.url}/echo`, method: 'POST', data })
      expect(server.last().headers['content-type']).toBe('application/json')
      expect(JSON.parse(server.last().body.toString())).toEqual(data)

      const header = { 'content-type': 'application/x-www-form-urlencoded' }
      await request({ url: `${server.url}/echo`, method: 'POST', data, header })
      expect(server.last().body.toString()).toBe('a=1%20%262&b=%C3%BC')

      await request({ url: `${server.url}/echo?x=1`, data })
      expect(server.last().url).toBe('/echo?x=1&a=1%20%262&b=%C3%BC')
    })

    test('parses JSON, and gives what is not JSON as text', async () => {
      const json = await request({ url: `${server.url}/json` })
      expect(json).toMatchObject({ data: { fine: true }, cookies: ['a=1', 'b=2'] })
      const text = await request({ url: `${server.url}/json`, dataType: 'text' })
      expect(text.data).toBe('{"fine":true}')
    })

    test('succeeds with any status', async () => {
      const { statusCode, data, header, errMsg } = await request({ url: `${server.url}/denied` })
      expect(statusCode).toBe(403)
      expect(data).toContain('AccessDenied')
      expect(header['x-cos-request-id']).toBe('abc')
      expect(errMsg).toBe('request:ok')
    })

    test('fails on a timeout, an abort, a refused connection and a bad URL, in the words of wx', async () => {
      const silent = `${server.url}/silent`
      const { abort, timeout, refused, invalidUrl } = networkFailures('request')
      await expect(request({ url: silent, timeout: 50 })).rejects.toEqual(timeout)
      await expect(request({ url: await refusedUrl() })).rejects.toEqual(refused)
      const url = 'http://127.0.0.1/a b'
      await expect(request({ url })).rejects.toEqual(invalidUrl(url))
      const aborted = new Promise<Failure>((fail) => {
        const task = wx.request({ url: silent, fail })
        task.abort()
      })
      await expect(aborted).resolves.toEqual(abort)
    })

    test('fails on an answer that breaks off', async () => {
      const failure = { errMsg: expect.stringMatching(/^request:fail ./), errno: 600001 }
      await expect(request({ url: `${server.url}/torn` })).rejects.toMatchObject(failure)
    })

    test('reports headers before the end', async () => {
      const seen: string[] = []
      await new Promise<void>((resolve, reject) => {
        const task = wx.request({
          url: `${server.url}/denied`,
          success: () => seen.push('success'),
          fail: reject,
          complete: () => resolve(),
        })
        task.onHeadersReceived(({ header }) => seen.push(header['x-cos-request-id'] ?? ''))
      })
      expect(seen).toEqual(['abc', 'success'])
    })

    test.each(['Host', 'content-length'])('refuses the header %s', (name) => {
      expect(() => wx.request({ url: server.url, header: { [name]: '1' } })).toThrow(name)
    })
  })

  describe('uploadFile', () => {
    test('posts the fields in order, the file last, with progress up to the end', async () => {
      const progress: WechatMiniprogram.UploadTaskOnProgressUpdateListenerResult[] = []
      const formData = { key: 'users/1/a"b.png', policy: 'e30=', success_action_status: '200' }
      const { statusCode, data } =
        await new Promise<WechatMiniprogram.UploadFileSuccessCallbackResult>((success, fail) => {
          const task = wx.uploadFile({
            url: `${server.url}/denied`,
            filePath: wx.addTempFile(fiveMegabytes, 'a.png'),
            name: 'file',
            formData,
            header: { 'Content-Type': 'multipart/form-data' },
            success,
            fail,
          })
          task.onProgressUpdate((event) => progress.push(event))
        })
      expect(statusCode).toBe(403)
      expect(data).toContain('AccessDenied')
      const form = await parseForm(server.last())
      expect(form.parts).toEqual(['key', 'policy', 'success_action_status', 'file'])
      expect(form.fields).toEqual(formData)
      expect(form.files.file?.equals(fiveMegabytes)).toBe(true)

      const total = server.last().body.length
      expect(progress.length).toBeGreaterThan(10)
      expect(progress.at(-1)).toEqual({
        progress: 100,
        totalBytesSent: total,
        totalBytesExpectedToSend: total,
      })
    })

    test('posts an empty file', async () => {
      const filePath = wx.addTempFile('')
      await upload({ url: `${server.url}/echo`, filePath, name: 'file' })
      expect((await parseForm(server.last())).files.file).toHaveLength(0)
    })

    test('fails on a missing file, a refused connection, a timeout and an abort on the way', async () => {
      const filePath = wx.addTempFile(fiveMegabytes)
      const name = 'file'
      await expect(
        upload({ url: server.url, filePath: 'wxfile://tmp_no', name }),
      ).rejects.toMatchObject({
        errMsg: 'uploadFile:fail no such file or directory, open wxfile://tmp_no',
      })
      await expect(upload({ url: await refusedUrl(), filePath, name })).rejects.toEqual(
        networkFailures('uploadFile').refused,
      )
      await expect(
        upload({ url: `${server.url}/silent`, filePath, name, timeout: 300 }),
      ).rejects.toEqual(networkFailures('uploadFile').timeout)
      const before = server.received.length
      const aborted = new Promise<Failure>((fail, reject) => {
        const task = wx.uploadFile({ url: server.url, filePath, name, success: reject, fail })
        task.onProgressUpdate(() => task.abort())
      })
      await expect(aborted).resolves.toEqual(networkFailures('uploadFile').abort)
      expect(server.received).toHaveLength(before)
    })
  })

  describe('downloadFile', () => {
    test('lands the XML of a 403 in the temporary file, as a success', async () => {
      const { statusCode, tempFilePath } = await download({ url: `${server.url}/denied/a.png` })
      expect(statusCode).toBe(403)
      expect(tempFilePath).toMatch(/^wxfile:\/\/tmp_.*\.png$/)
      expect(await readFile({ filePath: tempFilePath, encoding: 'utf8' })).toBe(
        '<Error><Code>AccessDenied</Code></Error>',
      )
    })

    test('writes to the given path', async () => {
      const filePath = `${wx.env.USER_DATA_PATH}/kept.xml`
      const result = await download({ url: `${server.url}/denied`, filePath })
      expect(result).toMatchObject({ filePath })
      expect(result).not.toHaveProperty('tempFilePath')
      expect(await readFile({ filePath, encoding: 'utf8' })).toContain('AccessDenied')
    })

    test('reports progress up to the end', async () => {
      const progress: number[][] = []
      await new Promise((success, fail) => {
        const task = wx.downloadFile({ url: `${server.url}/json`, success, fail })
        task.onProgressUpdate((event) =>
          progress.push([event.progress, event.totalBytesWritten, event.totalBytesExpectedToWrite]),
        )
      })
      expect(progress.at(-1)).toEqual([100, 13, 13])
    })

    test('fails on an answer that breaks off, a timeout and an abort', async () => {
      await expect(download({ url: `${server.url}/torn` })).rejects.toMatchObject({
        errMsg: expect.stringMatching(/^downloadFile:fail ./),
      })
      await expect(download({ url: `${server.url}/silent`, timeout: 50 })).rejects.toEqual(
        networkFailures('downloadFile').timeout,
      )
      const aborted = new Promise<Failure>((fail) => {
        wx.downloadFile({ url: `${server.url}/silent`, fail }).abort()
      })
      await expect(aborted).resolves.toEqual(networkFailures('downloadFile').abort)
    })
  })

  describe('files', () => {
    const bytes = FIVE_BYTES

    test('reads a whole file, a range, and text', async () => {
      const filePath = wx.addTempFile(bytes, 'a.bin')
      const whole = await readFile({ filePath })
      expect(whole).toBeInstanceOf(ArrayBuffer)
      expect([...new Uint8Array(whole as ArrayBuffer)]).toEqual([1, 2, 3, 4, 5])
      const range = (await readFile({ filePath, position: 3, length: 5 })) as ArrayBuffer
      expect([...new Uint8Array(range)]).toEqual([4, 5])
      expect(await readFile({ filePath, encoding: 'hex' })).toBe('0102030405')
      expect(await readFile({ filePath: wx.addTempFile('') })).toHaveProperty('byteLength', 0)
    })

    test.each(fileOutcomes('wxfile://usr/none.bin'))(
      '%s with %j ends as WeChat ends it',
      async (api, option, outcome) => {
        const path = wx.addTempFile(FIVE_BYTES)
        const end = new Promise((done) =>
          fs()[api]({ path, filePath: path, ...option, success: done, fail: done }),
        )
        expect(await end).toEqual(outcome)
      },
    )

    test('reads into a buffer through open and read', async () => {
      const fd = await open(wx.addTempFile(bytes))
      const arrayBuffer = new ArrayBuffer(4)
      const result = await read({ fd, arrayBuffer, offset: 1, length: 3, position: 3 })
      expect(result.bytesRead).toBe(2)
      expect(result.arrayBuffer).toBe(arrayBuffer)
      expect([...new Uint8Array(arrayBuffer)]).toEqual([0, 4, 5, 0])
      await close(fd)
    })

    test.each([
      ['on the disk', bytes],
      ['synthetic', syntheticFile(5)],
    ])('only a positive position leaves the pointer of a file %s alone', async (_, content) => {
      const fd = await open(wx.addTempFile(content))
      const next = async (option: { position?: number; length?: number }) => {
        const arrayBuffer = new ArrayBuffer(option.length ?? 2)
        const { bytesRead } = await read({ fd, arrayBuffer, length: 2, ...option })
        return [...new Uint8Array(arrayBuffer, 0, bytesRead)]
      }
      expect(await next({ position: 0 })).toEqual([1, 2])
      expect(await next({ position: 3 })).toEqual([4, 5])
      expect(await next({ position: 0 })).toEqual([3, 4])
      expect(await next({})).toEqual([5])
      expect(await next({})).toEqual([])
      expect(await next({ length: 0 })).toEqual([])
      await close(fd)
    })

    test('refuses a descriptor that is not open, and a range outside of the buffer', async () => {
      const missing = open('wxfile://tmp_no')
      await expect(missing).rejects.toHaveProperty('errno', 1300002)
      const fd = await open(wx.addTempFile(bytes))
      const arrayBuffer = new ArrayBuffer(4)
      await expect(read({ fd, arrayBuffer, length: 5 })).rejects.toEqual({
        errMsg: 'read:fail the value of "length" is out of range',
        errno: 1301006,
      })
      await expect(read({ fd, arrayBuffer, offset: 5 })).rejects.toHaveProperty('errno', 1301007)
      await close(fd)
      const badDescriptor = { errMsg: 'read:fail bad file descriptor', errno: 1300009 }
      await expect(read({ fd, arrayBuffer, length: 1 })).rejects.toEqual(badDescriptor)
      await expect(close(fd)).rejects.toHaveProperty('errno', 1300009)
    })

    test('can be an older base library, without open', async () => {
      const older = createNodeWx()
      Reflect.deleteProperty(older.getFileSystemManager(), 'open')
      expect(older.getFileSystemManager().open).toBeUndefined()
      expect(wx.getFileSystemManager().open).toBeInstanceOf(Function)
      await older.dispose()
    })

    test('makes the bytes of a synthetic file when they are read', async () => {
      const filePath = wx.addTempFile(syntheticFile(5 * 1024 * 1024), 'film.mp4')
      expect(filePath).toMatch(/\.mp4$/)
      const whole = syntheticFile(5 * 1024 * 1024).fill(0, 5 * 1024 * 1024)
      const digest = createHash('sha1').update(whole).digest('hex')
      expect(await info({ filePath, digestAlgorithm: 'sha1' })).toMatchObject({
        size: 5 * 1024 * 1024,
        digest,
      })
      const range = await readFile({ filePath, position: 255, length: 3 })
      expect([...new Uint8Array(range as ArrayBuffer)]).toEqual([0, 1, 2])
      const form = { url: server.url, filePath, name: 'file' }
      await upload(form)
      const { files } = await parseForm(server.last())
      expect(files.file?.equals(whole)).toBe(true)
      await new Promise((success, fail) => fs().unlink({ filePath, success, fail }))
      await expect(info({ filePath })).rejects.toHaveProperty('errno', 1300002)
    })

    test('a synthetic file of 2 GB takes neither memory nor disk', async () => {
      const size = 2 * 1024 ** 3
      let longest = 0
      const filePath = wx.addTempFile({
        size,
        fill(_position: number, length: number) {
          longest = Math.max(longest, length)
          return new Uint8Array(length)
        },
      })
      expect(await stat(filePath)).toMatchObject({ stats: { size } })
      const end = await readFile({ filePath, position: size - 2, length: 10 })
      expect(end).toHaveProperty('byteLength', 2)
      expect(longest).toBe(2)
    })

    test('writes, and unlinks', async () => {
      const filePath = `${wx.env.USER_DATA_PATH}/note.txt`
      await new Promise((success, fail) => {
        fs().writeFile({ filePath, data: 'hällo', encoding: 'utf8', success, fail })
      })
      expect(await readFile({ filePath, encoding: 'utf8' })).toBe('hällo')
      await new Promise((success, fail) => fs().unlink({ filePath, success, fail }))
      const gone = new Promise((fail) => fs().access({ path: filePath, fail }))
      await expect(gone).resolves.toMatchObject({
        errMsg: `access:fail no such file or directory, open ${filePath}`,
        errno: 1300002,
      })
    })

    test('reads nothing outside of the phone', async () => {
      await expect(readFile({ filePath: '/etc/passwd' })).rejects.toHaveProperty('errno', 1300013)
      await expect(readFile({ filePath: 'wxfile://../x' })).rejects.toHaveProperty('errno', 1300013)
    })
  })

  describe('the user and the platform', () => {
    test('chooses what the test queued', async () => {
      wx.nextChosen([{ name: 'a.txt', bytes: 'hello' }])
      const { tempFiles } = await wx.chooseMessageFile({ count: 1 })
      expect(tempFiles).toMatchObject([{ name: 'a.txt', size: 5, type: 'file' }])
      const filePath = tempFiles[0]?.path ?? ''
      expect(await readFile({ filePath, encoding: 'utf8' })).toBe('hello')

      wx.nextChosen([{ name: 'a.png', bytes: Uint8Array.from([1]) }])
      const media = await wx.chooseMedia({})
      expect(media).toMatchObject({ type: 'image', tempFiles: [{ size: 1, fileType: 'image' }] })
    })

    test('cancels, refuses, and fails loudly when nothing is queued', async () => {
      wx.nextChosen('cancel')
      await expect(wx.chooseMessageFile({ count: 1 })).rejects.toEqual({
        errMsg: 'chooseMessageFile:fail cancel',
      })
      wx.nextChosen({ reason: 'api scope is not declared in the privacy agreement', errno: 112 })
      await expect(wx.chooseMedia({})).rejects.toHaveProperty('errno', 112)
      expect(() => wx.chooseMedia({})).toThrow('nothing is queued')
    })

    test('records calls, and answers through callbacks or a promise', async () => {
      expect(await wx.navigateTo({ url: '/setup/setup' })).toEqual({
        errMsg: 'navigateTo:ok',
      })
      expect(wx.calls.at(-1)).toEqual({ api: 'navigateTo', option: { url: '/setup/setup' } })
      const results = await new Promise<object[]>((resolve) => {
        const seen: object[] = []
        const returned = wx.login({
          success: (result) => seen.push(result),
          complete: (result) => resolve([...seen, result]),
        })
        expect(returned).toBeUndefined()
      })
      const login = { code: 'node-wx-code', errMsg: 'login:ok' }
      expect(results).toEqual([login, login])
    })

    test('stores copies', () => {
      expect(wx.getStorageSync('server-url')).toBe('http://127.0.0.1:3000')
      expect(wx.getStorageSync('missing')).toBe('')
      const entry = { a: [1] }
      wx.setStorageSync('entry', entry)
      entry.a.push(2)
      expect(wx.getStorageSync('entry')).toEqual({ a: [1] })
      wx.removeStorageSync('entry')
      expect(wx.getStorageSync('entry')).toBe('')
    })

    test('lists what is stored, and refuses more when it is full', () => {
      const other = createNodeWx({ storage: { first: 'x'.repeat(1500) } })
      other.setStorageSync('second', { a: 1 })
      expect(other.getStorageInfoSync()).toEqual({
        keys: ['first', 'second'],
        currentSize: 2,
        limitSize: 10240,
      })
      other.limitStorage(0)
      expect(() => other.setStorageSync('third', 1)).toThrow(
        'setStorageSync:fail exceed storage max size 10Mb',
      )
      expect(() => other.setStorageSync('second', 2)).toThrow('exceed storage max size')
      expect(other.getStorageSync('second')).toEqual({ a: 1 })
      expect(other.getStorageInfoSync().keys).toEqual(['first', 'second'])
      other.removeStorageSync('first')
      other.limitStorage(1)
      other.setStorageSync('second', 2)
      expect(other.getStorageSync('second')).toBe(2)
      return other.dispose()
    })

    test('tells about the platform, as the options want', () => {
      const other = createNodeWx({ language: 'en', envVersion: 'release' })
      expect(other.getAppBaseInfo().language).toBe('en')
      expect(other.getAccountInfoSync().miniProgram.envVersion).toBe('release')
      expect(wx.getAppBaseInfo().language).toBe('zh_CN')
      expect(wx.canIUse('chooseMedia.object.count')).toBe(true)
      expect(wx.canIUse('openBluetoothAdapter')).toBe(false)
      return other.dispose()
    })
  })
}
