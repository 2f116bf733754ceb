import { describe, expect, jest, test } from '@jest/globals'
import { markdownTable, redact } from '../../miniprogram/setup/phone/report'
import { codeSpans, read } from '../docs/documents'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { changeWx, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'

const PAGE = 'setup/phone/phone'
const start = (page: Mounted, run: string) => page.tap(`button[data-run="${run}"]`)
const ended = (page: Mounted) => until(() => page.data.running === '', 'the end of the run')

/** Each row of the page by its name: what was found, and the result. */
function results(page: Mounted): Record<string, string> {
  const rows = page.data.groups.flatMap(({ rows }: { rows: object[] }) => rows)
  return Object.fromEntries(
    rows.map(({ name, state, found }: Record<string, string>) => [name, `${state} ${found}`]),
  )
}

async function check(run = 'quick'): Promise<[Mounted, Record<string, string>]> {
  const page = mount(PAGE)
  await start(page, run)
  await ended(page)
  return [page, results(page)]
}

type Api = 'request' | 'uploadFile' | 'downloadFile'
const APIS: Api[] = ['request', 'uploadFile', 'downloadFile']
const CONCURRENCY = [...APIS.map((api) => `${api} × 12`), 'all APIs × 5']
/** Rows of the report that say what it holds for. */
const FACTS = 4
type AnyOption = WechatMiniprogram.IAnyObject
type AnyCall = (option: AnyOption) => { abort(): void }

/** Changes what an API is called with. */
function wrap(api: Api, change: (option: AnyOption, call: AnyCall) => ReturnType<AnyCall>) {
  const call = wx[api] as unknown as AnyCall
  Object.assign(wx, { [api]: (option: AnyOption) => change(option, call) })
}

/** COS does not slow down what it is asked to. */
function withoutLimit(apis = APIS) {
  const isOther = ([name]: [string, unknown]) => name !== 'x-cos-traffic-limit'
  const without = (fields: AnyOption = {}) =>
    Object.fromEntries(Object.entries(fields).filter(isOther))
  for (const api of apis) {
    wrap(api, ({ header, formData, ...option }, call) =>
      call({ ...option, header: without(header), formData: formData && without(formData) }),
    )
  }
}

/** What is called too often waits. */
function atMostFour(api: Api) {
  const waiting: (() => void)[] = []
  let running = 0
  const startNext = () => {
    if (running < 4) waiting.shift()?.()
  }
  wrap(api, (option, call) => {
    let task: AnyOption | undefined
    let onHeaders: unknown
    waiting.push(() => {
      running++
      const complete = () => {
        running--
        startNext()
      }
      task = call({ ...option, complete })
      if (onHeaders) task.onHeadersReceived(onHeaders)
    })
    startNext()
    const onHeadersReceived = (listener: unknown) => {
      onHeaders = listener
      task?.onHeadersReceived(listener)
    }
    return { abort() {}, onHeadersReceived, onProgressUpdate() {} } as never
  })
}

describe('at a tap', () => {
  test('each probe says what was expected and found; the report has it in one table', async () => {
    const [page, found] = await check()
    const named = (state: string) =>
      Object.keys(found).filter((name) => found[name]!.startsWith(state))
    // How many requests run at once is a matter of the machine, too.
    const isCount = (name: string) => CONCURRENCY.includes(name)
    expect([...named('differs'), ...named('couldNotRun')].filter((name) => !isCount(name))).toEqual(
      [],
    )
    expect(named('waiting')).toEqual([
      'uploadFile · 11 MB',
      'PUT · 30 MB',
      'uploadFile · 30 MB',
      'multipart · 30 MB',
      'downloadFile · 30 MB',
      'more than 60 s',
      'interrupted',
    ])
    expect(found).toMatchObject({
      'PUT · 0 B': 'passes MD5 一致',
      'downloadFile · 1 MB': 'passes MD5 一致',
      'ETag · uploadFile': 'passes ETag, x-cos-request-id',
      Origin: 'passes 未发送',
    })
    for (const name of CONCURRENCY) expect(found[name]).toMatch(/ \d+ \/ 1[25]$/)
    expect(page.text('.summary')).toMatch(/^\d+ 项符合，\d 项不同，0 项无法检查$/)

    await page.tap('copy-button button')
    const [head, rule, ...rows] = String(wx.calls.at(-1)?.option.data).split('\n')
    expect([head, rule]).toEqual(['| 检查项 | 预期 | 实测 | 结果 |', '| --- | --- | --- | --- |'])
    expect(rows).toContain('| 基础库 |  | 3.8.0 |  |')
    expect(rows).toContain('| read, position 0, 0 | ab, cd | ab, cd | 符合 |')
    expect(rows.length).toBe(FACTS + Object.keys(found).length - named('waiting').length)
    expect(rows.every((row) => /^\|( [^|]* \|){4}$/.test(row))).toBe(true)
  })

  test('the server may sign, too', async () => {
    wx.setStorageSync('signing-source', 'server-signed')
    const [, found] = await check()
    const others = Object.keys(found).filter((name) => !/^(passes|waiting)/.test(found[name]!))
    expect(others.filter((name) => !CONCURRENCY.includes(name))).toEqual([])
  })

  test('a phone that behaves otherwise differs', async () => {
    withoutLimit(['request', 'uploadFile'])
    atMostFour('downloadFile')
    wrap('request', (option, call) =>
      call({
        ...option,
        success({ header, ...result }: AnyOption) {
          const lower = Object.entries(header).map(([name, value]) => [name.toLowerCase(), value])
          option.success?.({ ...result, header: Object.fromEntries(lower) })
        },
      }),
    )
    const files = wx.getFileSystemManager() as unknown as Record<string, AnyCall>
    const { getFileInfo, read } = files
    files.read = (option) => read!({ ...option, position: undefined })
    files.getFileInfo = (option) =>
      getFileInfo!({
        ...option,
        success: ({ digest, ...info }: AnyOption) =>
          option.success(option.digestAlgorithm === 'sha1' ? info : { ...info, digest }),
      })
    const { getStorageInfoSync } = wx
    wx.getStorageInfoSync = () => ({ ...getStorageInfoSync(), limitSize: 5120 })
    const [page, found] = await check()
    expect(found).toMatchObject({
      'getFileInfo md5': 'passes 正确',
      'getFileInfo sha1': 'differs 无',
      'read, position 4': 'differs ab',
      limitSize: 'differs 5120 KB',
      'ETag · request': 'differs etag, x-cos-request-id',
      'ETag · downloadFile': 'passes ETag, x-cos-request-id',
      'downloadFile × 12': expect.stringMatching(/^differs [0-7] \/ 12$/),
    })
    expect(page.texts('.differs .name')).toContain('limitSize')
  })

  test('a phone without MD5, and with words of its own, differs', async () => {
    const files = wx.getFileSystemManager() as unknown as Record<string, AnyCall>
    const { getFileInfo } = files
    files.getFileInfo = (option) =>
      getFileInfo!({ ...option, success: ({ size }: AnyOption) => option.success({ size }) })
    const [, found] = await check()
    expect(found).toMatchObject({
      'getFileInfo md5': 'differs 无',
      'PUT · 1 B': expect.stringMatching(/^differs NO_DIGEST/),
    })
  })
})

describe('what could not run says why, and holds nothing up', () => {
  test('without a server', async () => {
    await changeWx({ storage: { 'server-url': `http://127.0.0.1:${await closedPort()}` } })
    const [page, found] = await check()
    expect(found).toMatchObject({
      'getFileInfo md5': 'passes 正确',
      'PUT · 1 B': expect.stringMatching(/^couldNotRun SERVER_UNREACHABLE/),
      Origin: expect.stringMatching(/^couldNotRun SERVER_UNREACHABLE/),
    })
    expect(page.data.report).not.toContain('127.0.0.1')
  })

  test('where COS slows nothing, or tells nothing', async () => {
    withoutLimit()
    wrap('request', (option, call) =>
      call({
        ...option,
        success: ({ data, ...result }: AnyOption) => {
          const isXml = typeof data === 'string'
          option.success({ ...result, data: isXml ? data.replace(/FormatString/g, 'A') : data })
        },
      }),
    )
    const [, found] = await check()
    const notSlowed = 'couldNotRun COS 没有限速，请求过早结束'
    expect(found).toMatchObject({
      timeout: notSlowed,
      'uploadFile × 12': notSlowed,
      'all APIs × 5': notSlowed,
      Origin: 'couldNotRun COS 没有返回它收到的请求头',
    })
  })

  test('where a function of wx is missing', async () => {
    withoutLimit()
    Object.assign(wx.getFileSystemManager(), { read: undefined })
    Object.assign(wx, { downloadFile: undefined, getStorageInfoSync: undefined })
    const [, found] = await check()
    expect(found).toMatchObject({
      'read, position 4': expect.stringMatching(/^couldNotRun UNEXPECTED/),
      limitSize: expect.stringMatching(/^couldNotRun UNEXPECTED/),
      'downloadFile · 1 B': expect.stringMatching(/^couldNotRun UNEXPECTED/),
      'PUT · 1 B': 'passes MD5 一致',
    })
  })
})

describe('in the background', () => {
  /** What is under way when the app is left for so many seconds fails. */
  async function leave(seconds: number): Promise<string> {
    const page = mount(PAGE)
    const underWay: AnyOption[] = []
    for (const api of APIS) {
      wrap(api, (option, call) => {
        const isSlow = 'x-cos-traffic-limit' in { ...option.header, ...option.formData }
        if (!isSlow) return call(option)
        underWay.push({ api, option })
        return { abort() {}, onHeadersReceived() {} } as never
      })
    }
    await start(page, 'interrupted')
    await until(() => underWay.length === 3, 'the calls')
    page.hide()
    const now = Date.now() + seconds * 1000
    jest.spyOn(Date, 'now').mockReturnValue(now)
    for (const { api, option } of underWay) {
      option.fail({ errMsg: `${api}:fail interrupted`, errno: 600003 })
    }
    page.show()
    await ended(page)
    return results(page).interrupted!
  }

  test('for longer than five seconds', async () => {
    expect(await leave(9)).toBe(
      'passes request:fail interrupted (errno 600003)\nuploadFile:fail interrupted (errno 600003)\ndownloadFile:fail interrupted (errno 600003)',
    )
  })

  test('too shortly to tell', async () => {
    expect(await leave(2)).toBe('couldNotRun 没有切到后台 5 秒以上')
  })
})

describe('a run that ends early', () => {
  /** Downloads never end. Gives those that were aborted. */
  function hold() {
    const held: boolean[] = []
    wrap('downloadFile', () => {
      const index = held.push(false) - 1
      const abort = () => (held[index] = true)
      return { abort, onHeadersReceived() {}, onProgressUpdate() {} } as never
    })
    return held
  }

  test('the button stops it; what was found stays, and can be copied', async () => {
    const held = hold()
    const page = mount(PAGE)
    await start(page, 'quick')
    await until(() => held.length > 0, 'a download')
    expect(page.text('button[data-run="quick"]')).toBe('停止')
    expect(page.attr('button[data-run="large"]', 'disabled')).toBe(true)
    await start(page, 'quick')
    await ended(page)
    expect(held).toEqual([true])
    expect(results(page)).toMatchObject({
      limitSize: 'passes 10240 KB',
      'downloadFile · 0 B': 'waiting ',
    })
    expect(page.data.report).toContain('| PUT · 0 B | MD5 一致 | MD5 一致 | 符合 |')
  })

  test('leaving the page aborts it', async () => {
    const held = hold()
    const page = mount(PAGE)
    await start(page, 'quick')
    await until(() => held.length > 0, 'a download')
    page.unmount()
    await until(() => held[0], 'the abort')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'setKeepScreenOn',
      option: { keepScreenOn: false },
    })
  })
})

describe('the report tells of nobody', () => {
  test('whatever wx says', async () => {
    withoutLimit()
    const seen = new Set<string>()
    for (const api of APIS) {
      wrap(api, (option, call) => {
        const { url, formData = {} } = option
        const [, origin = '', host = '', key = '', query = ''] =
          /^(\w+:..([^/]+))\/([^?]*)\??(.*)$/.exec(url)!
        const form = Object.values(formData as Record<string, string>)
        for (const word of [origin, host, decodeURIComponent(key), query, ...form]) seen.add(word)
        return call({
          ...option,
          success: (result: AnyOption) =>
            /phone-check/.test(key + formData.key)
              ? option.fail({ errMsg: `${api}:fail ${url} ${host} ${JSON.stringify(formData)}` })
              : option.success(result),
        })
      })
    }
    const [page] = await check()
    const { report } = page.data as { report: string }
    expect(report).toContain(':fail …')
    const users = [...seen]
      .filter((word) => word.startsWith('users/'))
      .map((key) => key.split('/')[1]!)
    expect(users.length).toBeGreaterThan(0)
    const words = [...seen, ...users].filter((word) => word.length > 3)
    expect(words.filter((word) => report.includes(word) && word !== 'image/jpeg')).toEqual([])
    expect(report).not.toMatch(/127\.0\.0\.1|wxfile|q-ak|local-secret/)
  })

  test.each([
    ['request:fail connect ECONNREFUSED 192.168.1.5:9000', 'request:fail connect ECONNREFUSED …'],
    ['connect ::1:3000, fe80::1%en0', 'connect …, …'],
    ['open wxfile://usr/phone-check-1.jpg', 'open …'],
    ['no host "a-1250000000.cos.ap-beijing.myqcloud.com"', 'no host "…"'],
    ['my.server is down', '… is down'],
    ['q-ak=AKIDexample0123456789', 'q-ak=…'],
    ['net::ERR_CONNECTION_REFUSED -102', 'net::ERR_CONNECTION_REFUSED -102'],
    ['wx.getStorageInfoSync is not a function', 'wx.getStorageInfoSync is not a function'],
  ])('%s', (text, expected) => {
    expect(redact(text, ['my.server'])).toBe(expected)
  })

  test('is a table whatever a cell has', () => {
    expect(
      markdownTable([
        ['a', 'b'],
        ['x|y', 'one\ntwo'],
      ]),
    ).toBe('| a | b |\n| --- | --- |\n| x\\|y | one<br>two |')
  })
})

test.each(['docs/device.md', 'docs/device.zh-CN.md'])('%s is the index of its probes', (file) => {
  const indexed = codeSpans(read(file))
  // A line of the index stands for the sizes that it names.
  const ofEmpty = (name: string) => name.replace(/ · 1 M?B$/, ' · 0 B')
  const missing = Object.keys(results(mount(PAGE))).filter(
    (name) => !indexed.includes(ofEmpty(name)),
  )
  expect(missing).toEqual([])
})

test('the setup page leads to it', async () => {
  const page = mount('setup/setup')
  expect(page.attr('.to-phone', 'url')).toBe(`/${PAGE}`)
  expect(page.text('.to-phone')).toContain('检查这台手机')
  await until(() => page.texts('.check .mark').every((mark) => mark !== '…'), 'the checks')
})
