import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import { config } from '../../miniprogram/config'
import { allowlists, isLoopback, serverAddress } from '../../miniprogram/setup/addresses'
import type * as Signing from '../../miniprogram/signing/index'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx, type NodeWxOptions } from '../helpers/node-wx'
import { npmStart } from '../helpers/npm-start'
import { until } from '../helpers/until'
import { uploads } from '../pages/steps'

let stack: Awaited<ReturnType<typeof npmStart>>
let wx: NodeWx
let restore: () => Promise<void>

beforeAll(async () => {
  stack = await npmStart()
})
afterAll(() => stack.stop())

function install(options: NodeWxOptions = {}) {
  ;({ wx, restore } = installNodeWx({ storage: { 'server-url': stack.server }, ...options }))
}
beforeEach(() => install())
afterEach(() => {
  jest.restoreAllMocks()
  return restore()
})

const mark = (page: Mounted, value: string) => page.trigger('radio-group', 'change', { value })

/** Types into the field of that name. */
const type = (page: Mounted, name: string, value: string) =>
  page.input(`input[data-name="${name}"]`, value)

const proposed = (page: Mounted) => until(() => page.data.defaults.Bucket, 'the proposal')

/** The modules of the page that was mounted last: a permanent key is in their memory only. */
const signing = () => require('../../miniprogram/signing/index') as typeof Signing

/** Gives how to let the delay of a spinner pass. */
function noticing() {
  const { setTimeout, clearTimeout } = globalThis
  const held = new Map<unknown, () => void>()
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms?: number) => {
    if (ms !== 300) return setTimeout(callback, ms)
    const id = {}
    held.set(id, callback)
    return id
  }) as never)
  jest.spyOn(globalThis, 'clearTimeout').mockImplementation((id) => {
    if (!held.delete(id)) clearTimeout(id)
  })
  return () => {
    held.forEach((show) => show())
    held.clear()
  }
}

const DEMOS = ['put-object', 'post-object', 'multipart-upload']

/** Waits for the end of the checks, and gives what each says: mark, then text. */
async function checked(page: Mounted): Promise<Record<string, string>> {
  await until(
    () => !page.data.checking && page.texts('.check .mark').every((mark) => mark !== '…'),
    'the checks',
  )
  const [marks, names, texts] = ['mark', 'name', 'result'].map((part) =>
    page.texts(`.check .${part}`),
  ) as [string[], string[], string[]]
  return Object.fromEntries(names.map((name, i) => [name, `${marks[i]} ${texts[i]}`]))
}

async function checks(options?: NodeWxOptions): Promise<[Mounted, Record<string, string>]> {
  if (options) {
    await restore()
    install(options)
  }
  const page = mount('setup/setup')
  return [page, await checked(page)]
}

/** Runs a server of another kind while `use` runs. */
async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** A server that is asked for its configuration, and answers when it is told to. */
function lateServer() {
  let answer: (() => void) | undefined
  const listener: RequestListener = (_request, response) => {
    const config = { bucket: 'late-1250000000', host: 'h', serverTime: 1, protocol: 'http:' }
    answer = () => void response.end(JSON.stringify(config))
  }
  return { listener, asked: () => until(() => answer, 'the question'), answer: () => answer?.() }
}

const remarks = (page: Mounted) => page.texts('.remark').join(' ')

/** Changes what wx.request answers to requests whose URL fits. */
function answering(pattern: RegExp, change: (data: Record<string, never>) => object) {
  const { request } = wx
  wx.request = (option) =>
    request({
      ...option,
      success: (result) =>
        option.success?.(
          pattern.test(option.url)
            ? { ...result, ...change(result.data as Record<string, never>) }
            : result,
        ),
    })
}

const usePermanentKey = (key: object = {}) => {
  const [Protocol = '', Domain = ''] = stack.cloud.split('//')
  signing().chooseSource('permanent-key', {
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-guangzhou',
    Domain,
    Protocol,
    ...key,
  })
}

describe('the checks', () => {
  test('are all fine with a fresh npm start', async () => {
    const [page, results] = await checks()
    expect(results).toEqual({
      基础库: '✓ 3.8.0',
      服务器: `✓ ${stack.server.replace('http://', '')}`,
      密钥服务: '✓ 可下发临时密钥',
      COS: '✓ 签名有效，存储桶可访问',
      手机时钟: '✓ 准确',
      隐私声明: '✓ 已声明，使用时征求同意',
      签名来源: '✓ 临时密钥',
    })
    expect(page.text('.foot')).toContain('未发现问题')
    expect(page.has('.remark')).toBe(false)
  })

  test('say their state to a screen reader, too', async () => {
    const page = mount('setup/setup')
    expect(page.texts('.check .mark')).toContain('…')
    expect(page.text('.foot')).toContain('正在检查')
    await checked(page)
    expect(page.attr('.check .mark', 'ariaLabel')).toBe('正常')
  })

  test('take a request that really goes to the bucket, with a new key each time', async () => {
    const [page] = await checks()
    const paths = () =>
      wx.calls.filter(({ api }) => api === 'request').map(({ option }) => String(option.url))
    expect(paths().filter((url) => url.startsWith(stack.cloud))).toHaveLength(1)
    await page.tap('#checks-form button')
    await until(() => paths().filter((url) => url.startsWith(stack.cloud)).length === 2, 'COS')
    await checked(page)
    expect(paths().filter((url) => url.endsWith('/credentials'))).toHaveLength(2)
  })

  test('name a server that is down, with its address, and pass again once it is up', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}`
    const [page, results] = await checks({ storage: { 'server-url': closed } })
    expect(results).toMatchObject({
      服务器: '✗ 连不上服务器',
      密钥服务: '– 服务器恢复后检查',
      COS: '– 服务器恢复后检查',
      手机时钟: '– 服务器恢复后检查',
    })
    expect(page.text('.foot')).toContain('1 项未通过')
    expect(remarks(page)).toContain('npm start')
    expect(remarks(page)).toContain(closed)

    wx.setStorageSync('server-url', stack.server)
    await page.tap('#checks-form button')
    await until(() => page.text('.foot').includes('未发现问题'), 'the new results')
    expect(page.has('.remark')).toBe(false)
  })

  test.each([
    [500, '{"error":{"code":"INTERNAL","message":"Something went wrong"}}', '服务器拒绝了请求'],
    [200, '<html>Log in</html>', '服务器拒绝了请求'],
    [200, '{"hello":"world"}', '服务器拒绝了请求'],
  ])('name a server that answers %d %s', async (status, body, title) => {
    await withServer(
      (_request, response) => void response.writeHead(status).end(body),
      async (url) => {
        const [page, results] = await checks({ storage: { 'server-url': url } })
        expect(results.服务器).toBe(`✗ ${title}`)
        expect(remarks(page)).toContain(`HTTP 状态${status}`)
      },
    )
  })

  test("quote the server's words when STS fails", async () => {
    const error = { code: 'STS_FAILED', message: 'STS refused: AuthFailure.SecretIdNotFound' }
    answering(/\/credentials$/, () => ({ statusCode: 502, data: { error } }))
    const [page, results] = await checks()
    expect(results).toMatchObject({
      密钥服务: '✗ 服务器拒绝了请求',
      COS: '– 密钥服务恢复后检查',
      手机时钟: '✓ 准确',
    })
    expect(remarks(page)).toContain(error.message)
  })

  test('say why COS refuses', async () => {
    const { request } = wx
    wx.request = (option) =>
      request({ ...option, url: option.url.replace(/(q-signature=)\w+/, `$1${'0'.repeat(40)}`) })
    const [page, results] = await checks()
    expect(results.COS).toBe('✗ 签名不匹配')
    expect(results.手机时钟).toBe('✓ 准确')
    expect(remarks(page)).toMatch(/SignatureDoesNotMatch.*请求 ID\S{10,}/)
  })

  test('name a bucket that cannot be reached, or that the allowlist lacks', async () => {
    const { request } = wx
    const fail = (errMsg: string, errno: number) => {
      wx.request = (option) => {
        if (!option.url.startsWith(stack.cloud)) return request(option)
        setTimeout(() => option.fail?.({ errMsg, errno } as never))
        return { abort() {} } as never
      }
    }
    fail('request:fail errcode:-105 cronet_error_code:-105', 600001)
    const [page, results] = await checks()
    expect(results).toMatchObject({ COS: '✗ 连接失败', 手机时钟: '✓ 准确' })
    fail('request:fail url not in domain list', 600002)
    await page.tap('#checks-form button')
    await until(() => page.text('#checks-form').includes('域名未登记'), 'the new results')
    expect(remarks(page)).toContain(`「request 合法域名」里填入 ${stack.cloud}`)
  })

  test.each([
    [30, /^✓ 快 (29|30|31) 秒$/, ''],
    [185, /^! 快 3 分 [456] 秒$/, '签名使用服务器时间'],
    [-8 * 3600, /^! 慢 8 小时 0 分$/, '签名使用服务器时间'],
  ])('say what a phone clock that is off by %d s means', async (offset, text, fix) => {
    const { now } = Date
    const ahead = jest.spyOn(Date, 'now').mockImplementation(() => now() + offset * 1000)
    try {
      const [page, results] = await checks()
      expect(results.手机时钟).toMatch(text)
      expect(results.COS).toBe('✓ 签名有效，存储桶可访问')
      expect(remarks(page)).toContain(fix)
    } finally {
      ahead.mockRestore()
    }
  })

  test.each([
    [150, /^! 服务器比 COS 快 2 分 (29|30|31) 秒$/],
    [-3600, /^✗ 服务器比 COS 慢 1 小时 0 分$/],
  ])('name a server whose clock is off by %d s', async (offset, text) => {
    answering(/\/config$/, (data) => ({
      data: { ...data, serverTime: Number(data.serverTime) + offset },
    }))
    const [page, results] = await checks()
    expect(results.手机时钟).toMatch(text)
    expect(remarks(page)).toContain('NTP')
  })

  test.each([
    ['2.26.1', '✗ 2.26.1，版本过低', '要求基础库 2.27.0 或更高版本'],
    ['2.27.0', '! 2.27.0，可用，缺少部分接口', 'wx.getPrivacySetting'],
    ['2.33.0', '! 2.33.0，可用，缺少部分接口', 'wx.restartMiniProgram'],
    ['3.1.1', '! 3.1.1，可用，缺少部分接口', '无法校验上传和下载的内容'],
    ['3.1.2', '✓ 3.1.2', ''],
    ['2.100.0', '! 2.100.0，可用，缺少部分接口', 'wx.restartMiniProgram'],
  ])('name what base library %s lacks', async (SDKVersion, text, fix) => {
    const info = wx.getAppBaseInfo()
    wx.getAppBaseInfo = () => ({ ...info, SDKVersion })
    const [page, results] = await checks()
    expect(results.基础库).toBe(text)
    expect(remarks(page)).toContain(fix)
  })

  test.each([
    [
      'has been agreed to, or is not declared',
      { needAuthorization: false },
      '已授权或未声明（无法区分）',
    ],
    ['cannot be asked for', undefined, '基础库 3.8.0 无法查询'],
    ['fails', 'getPrivacySetting:fail busy', '查询失败：getPrivacySetting:fail busy'],
  ])('say what to declare where the privacy setting %s', async (_case, answer, text) => {
    const asked: Partial<NodeWx> = {
      getPrivacySetting: ({ success, fail }) =>
        typeof answer === 'string'
          ? fail?.({ errMsg: answer })
          : success?.({ ...answer, privacyContractName: '', errMsg: '' } as never),
    }
    Object.assign(wx, answer ? asked : { getPrivacySetting: undefined })
    const [page, results] = await checks()
    expect(results.隐私声明).toBe(`– ${text}`)
    expect(page.text('#domains-form')).toContain('选中的照片或视频信息')
    expect(page.text('.foot')).toContain('未发现问题')
  })

  test('need no server for a permanent key, and warn of it', async () => {
    const [page] = await checks()
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    usePermanentKey()
    await page.instance.onCheck()
    expect(await checked(page)).toMatchObject({
      服务器: '– 无需服务器',
      密钥服务: '✓ 已填写永久密钥，本地签名',
      COS: '✓ 签名有效，存储桶可访问',
      手机时钟: '✓ 准确',
      签名来源: '! 永久密钥',
    })
    expect(page.text('.foot')).toContain('1 项需注意')
    expect(remarks(page)).toContain('发布前请换回')
  })

  test('find a permanent key that is wrong', async () => {
    const [page] = await checks()
    usePermanentKey({ SecretId: 'unknown' })
    await page.instance.onCheck()
    expect((await checked(page)).COS).toBe('✗ COS 不认识这个 SecretId')
  })

  test('of a former run are not shown', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}`
    await withServer(
      () => {}, // never answers
      async (silent) => {
        wx.setStorageSync('server-url', silent)
        const page = mount('setup/setup')
        await until(() => page.data.checking, 'the notice that it takes time')
        expect(page.texts('.check .mark')).toEqual(['✓', '…', '…', '…', '…', '✓', '✓'])
        wx.setStorageSync('server-url', stack.server)
        await page.instance.onCheck()
        expect((await checked(page)).COS).toBe('✓ 签名有效，存储桶可访问')
        wx.setStorageSync('server-url', closed)
        await page.tap('#checks-form button')
        await until(() => page.text('#checks-form').includes('连不上'), 'the new results')
      },
    )
  })
})

test('checks that are run twice at once end, however long the first run takes', async () => {
  const [page] = await checks()
  const notice = noticing()
  const { request } = wx
  let goOn = () => {}
  wx.request = (option) => {
    goOn = () => void request(option)
    return { abort() {} } as never
  }
  const first = page.instance.onCheck() as Promise<void>
  wx.request = request
  await page.instance.onCheck()
  notice()
  goOn()
  await first
  expect(page.texts('.check .mark')).toEqual(Array(7).fill('✓'))
  expect(page.text('.foot')).toContain('未发现问题')
})

const ADDRESS = '.address'
const useAddress = (page: Mounted) => page.tap('#server-form .wide')

describe('the server address', () => {
  test('is shown, and where it comes from', async () => {
    const [page] = await checks()
    expect(page.text('#server-form')).toContain(`${stack.server}保存在本机`)
    await page.tap('#server-form .links .link', 1)
    expect(page.text('#server-form')).toContain(`${config.serverUrl}来自 config.ts`)
    expect(wx.getStorageSync('server-url')).toBe('')
  })

  test('is kept once the new server has answered, and its bucket with it', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}`
    const [page] = await checks({ storage: { 'server-url': closed } })
    expect(page.text('#domains-form')).toContain('尚无法确定 COS 域名')
    await page.input(`${ADDRESS} input`, ` ${stack.server}/ `)
    await useAddress(page)
    await until(() => page.data.serverUrl === stack.server, 'the new address')
    expect(page.text('#server-form .status')).toContain('已改用')
    expect(page.attr(ADDRESS, 'value')).toBe('')
    await until(() => page.text('.foot').includes('未发现问题'), 'the checks')
    expect(page.text('#domains-form')).not.toContain('尚无法确定')
    expect(wx.getStorageSync('server-url')).toBe(stack.server)
  })

  test.each([
    ['192.168.1.5:3000', '请填写'],
    ['', '请填写'],
    ['http://a.example.com/?x', '请填写'],
    ['http://user@a.example.com', '请填写'],
  ])('refuses %j', async (address, sentence) => {
    const [page] = await checks()
    await page.input(`${ADDRESS} input`, address)
    await useAddress(page)
    expect(page.text('#server-form .status')).toContain(sentence)
    expect(page.data.serverUrl).toBe(stack.server)
  })

  test.each([
    [200, '<html>Log in</html>', '这不是本项目的服务器'],
    [200, '{"bucket":"a"}', '这不是本项目的服务器'],
    [404, 'Not Found', '这不是本项目的服务器'],
    [429, '{"error":{"code":"TOO_MANY","message":"Slow down"}}', '服务器拒绝了请求'],
    [0, '', '连不上服务器'],
  ])('that answers %d %s is refused, and nothing is lost', async (status, body, title) => {
    await withServer(
      (request, response) =>
        void (status ? response.writeHead(status).end(body) : request.destroy()),
      async (url) => {
        const [page] = await checks()
        await page.input(`${ADDRESS} input`, url)
        await useAddress(page)
        await until(() => page.data.notices.server?.failure, 'the failure')
        expect(page.text('#server-form failure-panel')).toContain(title)
        expect(page.text('#server-form .status')).toContain('仍使用原地址')
        expect(page.data.serverUrl).toBe(stack.server)
        expect(wx.getStorageSync('server-url')).toBe(stack.server)
        await page.input(`${ADDRESS} input`, `${url}/x`)
        expect(page.has('#server-form failure-panel')).toBe(false)
      },
    )
  })

  test('is scanned from a QR code', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}`
    const [page] = await checks({ storage: { 'server-url': closed } })
    const scan = (outcome: object) => {
      wx.scanCode = (option) => {
        if ('result' in outcome) option.success?.(outcome as never)
        else option.fail?.(outcome as never)
        return undefined as never
      }
      return page.tap('#server-form .links .link')
    }
    await scan({ errMsg: 'scanCode:fail cancel' })
    expect(page.has('#server-form failure-panel')).toBe(false)
    await scan({ errMsg: 'scanCode:fail no camera' })
    expect(page.text('#server-form failure-panel')).toContain('no camera')
    await scan({ result: 'weixin://hello' })
    expect(page.attr(ADDRESS, 'value')).toBe('weixin://hello')
    expect(page.text('#server-form .status')).toContain('请填写')
    await scan({ result: stack.server })
    await until(() => page.data.serverUrl === stack.server, 'the new address')
  })

  test('is not chosen by a page that was left meanwhile', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}`
    const [page] = await checks({ storage: { 'server-url': closed } })
    await page.input(`${ADDRESS} input`, stack.server)
    const using = page.instance.onUseAddress() as Promise<void>
    page.unmount()
    await using
    expect(wx.getStorageSync('server-url')).toBe(closed)
  })

  const backToConfig = (page: Mounted) => page.tap('#server-form .links .link', 1)
  const reset = async (page: Mounted) => {
    await page.tap('#reset-form button')
    await page.tap('#reset-form button', 1)
  }
  const useAnother = async (page: Mounted) => {
    await page.input(`${ADDRESS} input`, `${stack.server}/`)
    await useAddress(page)
    await until(() => page.data.notices.server.tone === 'good', 'the other address')
  }

  test.each([
    ['back to config.ts', backToConfig, ''],
    ['a reset', reset, ''],
    ['another address', useAnother, () => stack.server],
  ])('that answers late does not undo %s', async (_choice, choose, kept) => {
    const [page] = await checks()
    const late = lateServer()
    await withServer(late.listener, async (url) => {
      const notice = noticing()
      await page.input(`${ADDRESS} input`, url)
      const using = page.instance.onUseAddress() as Promise<void>
      await late.asked()
      await choose(page)
      const said = page.text('#server-form')
      notice()
      late.answer()
      await using
      expect(page.text('#server-form')).toBe(said)
    })
    expect(wx.getStorageSync('server-url')).toBe(typeof kept === 'string' ? kept : kept())
  })

  test('that is being typed is not undone by the answer of the former one', async () => {
    const [page] = await checks()
    const late = lateServer()
    await withServer(late.listener, async (url) => {
      await page.input(`${ADDRESS} input`, url)
      const using = page.instance.onUseAddress() as Promise<void>
      await late.asked()
      await page.input(`${ADDRESS} input`, `${stack.server}/`)
      late.answer()
      await using
      expect([page.data.serverUrl, page.text('#server-form .status')]).toEqual([stack.server, ''])
    })
    await useAddress(page)
    await until(() => page.data.notices.server.tone === 'good', 'the newest address')
  })

  test('says so when it cannot be kept', async () => {
    const [page] = await checks()
    wx.limitStorage(0)
    await page.input(`${ADDRESS} input`, stack.server)
    await useAddress(page)
    await until(() => page.data.notices.server?.failure, 'the failure')
    expect(page.text('#server-form failure-panel')).toContain('设置保存失败')
  })

  test('is that of config.ts in a release', async () => {
    await restore()
    install({ envVersion: 'release' })
    const page = mount('setup/setup')
    expect(page.text('#server-form')).toContain('正式版只使用 config.ts')
    expect(page.has(ADDRESS)).toBe(false)
  })

  test('of this very device gets a hint on a phone', async () => {
    wx.getDeviceInfo = () => ({ platform: 'ios' }) as never
    const [page] = await checks()
    expect(page.text('#server-form')).toContain('127.0.0.1 和 localhost 指向手机本身')
  })
})

describe('the allowlists', () => {
  test('are one line where all addresses are local', async () => {
    const [page] = await checks()
    expect(page.has('.allowlist')).toBe(false)
    expect(page.text('#domains .topic-value')).toBe('本地地址无需登记')
    expect(page.text('#domains-form')).toContain('打开调试')
  })

  test('name what the console does not take beside what it takes', async () => {
    const [page] = await checks()
    usePermanentKey({ Domain: '', Protocol: 'https:' })
    signing().chooseSource('temporary-key')
    page.instance.cos = 'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com'
    page.instance.showDomains()
    const [first] = page.texts('.allowlist')
    expect(first).toContain(`request 合法域名${stack.server}✗ 不可登记https://examplebucket`)
    expect(page.text('#domains .topic-value')).toBe('')
  })

  test('are copied as the console wants them', async () => {
    const [page] = await checks()
    const COS = 'https://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com'
    wx.setStorageSync('server-url', 'https://api.example.com/cos')
    const { request } = wx
    wx.request = (option) =>
      request({ ...option, url: option.url.replace('https://api.example.com/cos', stack.server) })
    answering(/\/config$/, (data) => ({
      data: { ...data, protocol: 'https:', host: COS.slice(8) },
    }))
    answering(/\/credentials$/, (data) => ({
      data: { ...data, protocol: 'https:', host: COS.slice(8) },
    }))
    const own = wx.request
    wx.request = (option) => own({ ...option, url: option.url.replace(COS, stack.cloud) })
    page.instance.showServer()
    await page.instance.onCheck()
    await page.tap('.allowlist copy-button button')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'setClipboardData',
      option: { data: `https://api.example.com;${COS}` },
    })
    expect(page.texts('.allowlist copy-button')).toHaveLength(3)
    expect(page.text('#domains-form')).not.toContain('不可登记')
  })

  test('hold no server where a permanent key signs', async () => {
    const [page] = await checks()
    usePermanentKey({ Domain: '', Protocol: 'https:', Bucket: 'mine-1250000000' })
    page.instance.showServer()
    wx.request = ({ fail }) => {
      setTimeout(() => fail?.({ errMsg: 'request:fail', errno: 600001 } as never))
      return { abort() {} } as never
    }
    await page.instance.onCheck()
    const [first = ''] = page.texts('.allowlist')
    expect(first).toBe('request 合法域名https://mine-1250000000.cos.ap-guangzhou.myqcloud.com复制')
  })

  test.each([
    ['https://a.example.com:8443/b', true],
    ['https://例子.example.com', false],
    ['https://a.xn--fiqs8s', true],
    ['http://a.example.com', false],
    ['https://192.168.1.5', false],
    ['https://localhost', false],
    ['https://[::1]:3000', false],
    ['https://mac.local', false],
  ])('%s can be entered: %s', (address, taken) => {
    expect(allowlists(address, undefined)[0]?.entries[0]?.isAccepted).toBe(taken)
  })

  test.each([
    ['http://127.0.0.1:3000', true],
    ['http://localhost', true],
    ['http://[::1]:3000', true],
    ['http://127.0.0.1.example.com', false],
    ['http://192.168.1.5:3000', false],
  ])('%s is the device itself: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected)
  })

  test('addresses are taken with a path, and without a trailing slash', () => {
    expect(serverAddress(' https://a.example.com:8443/cos/ ')).toBe(
      'https://a.example.com:8443/cos',
    )
    expect(serverAddress('http://[fe80::1]:3000')).toBe('http://[fe80::1]:3000')
    expect(serverAddress('ftp://a.example.com')).toBeUndefined()
  })
})

describe('the signing source', () => {
  test('begins with temporary keys', () => {
    const page = mount('setup/setup')
    expect(page.attr('radio[value="temporary-key"]', 'checked')).toBe(true)
    expect(page.text('#source .topic-value')).toBe('临时密钥')
    expect(page.has('.field')).toBe(false)
  })

  test.each(['temporary-key', 'server-signed'])('%s is used by each way', async (source) => {
    const page = mount('setup/setup')
    await mark(page, source === 'server-signed' ? 'temporary-key' : 'server-signed')
    await mark(page, source)
    page.unmount()
    for (const demo of DEMOS) {
      const upload = mount(`pages/${demo}/${demo}`)
      await uploads(upload, wx, `${demo}.txt`, Buffer.from(source))
      upload.unmount()
    }
    const requests = wx.calls.filter(({ api }) => api === 'request')
    const asked = new Set(requests.map(({ option }) => new URL(String(option.url)).pathname))
    expect(asked.has('/credentials')).toBe(source === 'temporary-key')
    expect(asked.has('/presign')).toBe(source === 'server-signed')
    expect(asked.has('/post-form')).toBe(source === 'server-signed')
    expect(mount('setup/setup').text('#source .topic-value')).toContain(
      source === 'temporary-key' ? '临时密钥' : '服务端签名',
    )
  })

  test('takes a permanent key for the bucket of the server, with a warning', async () => {
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    expect(page.text('#source .topic-value')).toBe('临时密钥')
    expect(page.text('.caution')).toContain('只保存在内存中')
    expect(page.attr('input[data-name="SecretKey"]', 'password')).toBe(true)
    await proposed(page)
    expect(page.attr('input[data-name="Bucket"]', 'value')).toBe('examplebucket-1250000000')

    await page.tap('.key button')
    expect(page.text('.key .problem')).toContain('SecretId、SecretKey')
    await type(page, 'SecretId', 'local-secret-id')
    await type(page, 'SecretKey', ' local-secret-key ')
    expect(page.has('.key .problem')).toBe(false)
    await page.tap('.key button')
    expect(page.text('#source .topic-value')).toBe('永久密钥')
    expect(page.text('.key .status')).toContain('已启用')

    const { url } = await signing().signRequest({ method: 'PUT', key: 'a.txt' })
    expect(url.startsWith(stack.cloud)).toBe(true)
    expect(url).toContain('q-ak=local-secret-id')
    const { statusCode } = await new Promise<{ statusCode: number }>((success, fail) => {
      wx.request({ url, method: 'PUT', data: 'text', success, fail })
    })
    expect(statusCode).toBe(200)
    expect(JSON.stringify(wx.getStorageInfoSync())).not.toContain('local-secret')
    expect(JSON.stringify(page.data)).not.toContain('local-secret-key')
  })

  test.each(DEMOS)('a permanent key signs %s, with no server and no prefix', async (demo) => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount(`pages/${demo}/${demo}`)
    await until(() => page.has('.failure'), 'the failure of the login')
    const [Protocol = '', Domain = ''] = stack.cloud.split('//')
    const place = { Bucket: 'examplebucket-1250000000', Region: 'ap-guangzhou', Domain, Protocol }
    const key = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key', ...place }
    signing().chooseSource('permanent-key', key)
    await uploads(page, wx, 'a.txt', Buffer.from('text'))
    await page.tap('.done fold-out button')
    expect(page.text('.done .fact-value')).toMatch(/a\.txt$/)
    expect(page.text('.done .fact-value')).not.toContain('users/')
  })

  test.each([
    ['SecretId', 'AKID 1234', 'SecretId 只能包含'],
    ['SecretId', '密钥', 'SecretId 只能包含'],
    ['SecretKey', 'with space', 'SecretKey 不正确'],
    ['SecretKey', 'AKIDAKIDAKID', 'SecretKey 不正确'],
    ['SecretKey', 'local-secret-id', 'SecretKey 不正确'],
    ['Bucket', 'examplebucket', 'BucketName-APPID'],
    ['Bucket', 'examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com', 'BucketName-APPID'],
    ['Region', 'Guangzhou', 'Region 填写地域简称'],
    ['Region', '广州', 'Region 填写地域简称'],
    ['Domain', 'cdn.example.com/a', 'Domain 填写域名'],
  ])('refuses the %s %j of a permanent key in the form', async (name, value, sentence) => {
    const [page] = await checks()
    await mark(page, 'permanent-key')
    await proposed(page)
    const key = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key', [name]: value }
    for (const [field, typed] of Object.entries(key)) await type(page, field, typed)
    const asked = wx.calls.length
    await page.tap('.key button')
    expect(page.text('.key .problem')).toContain(sentence)
    expect(page.has('#source-form failure-panel')).toBe(false)
    expect(page.text('#source .topic-value')).toBe('临时密钥')
    expect(signing().signingSource()).toBe('temporary-key')
    expect(wx.calls.slice(asked)).toEqual([])
    await type(page, name, 'x')
    expect(page.has('.key .problem')).toBe(false)
  })

  test('forgets a permanent key whose fields are taken off the screen', async () => {
    const page = mount('setup/setup')
    await proposed(page)
    await mark(page, 'permanent-key')
    await type(page, 'SecretId', 'id')
    await type(page, 'SecretKey', 'key')
    await type(page, 'Bucket', 'mine-1250000000')
    await mark(page, 'temporary-key')
    await mark(page, 'permanent-key')
    await page.tap('.key button')
    expect(page.text('.key .problem')).toContain('SecretId、SecretKey')
    expect(page.text('#source .topic-value')).toBe('临时密钥')
    await type(page, 'SecretId', 'id')
    await type(page, 'SecretKey', 'key')
    await page.tap('.key button')
    expect(await signing().signingKey({ method: 'GET' })).toMatchObject({
      Bucket: page.attr('input[data-name="Bucket"]', 'value'),
    })
    await checked(page)
  })

  test('keeps what was typed before the server answers', async () => {
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    await type(page, 'Bucket', 'mine-1250000000')
    await until(() => page.data.defaults.Domain, 'the proposal')
    await type(page, 'SecretId', 'id')
    await type(page, 'SecretKey', 'key')
    await page.tap('.key button')
    expect(page.instance.key.Bucket).toBe('mine-1250000000')
  })

  test('proposes the bucket of a permanent key that is in use', async () => {
    const Domain = new URL(stack.cloud).host
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    for (const [name, value] of Object.entries({ SecretId: 'id', SecretKey: 'key', Domain })) {
      await type(page, name, value)
    }
    await proposed(page)
    await page.tap('.key button')
    await checked(page)

    page.instance.onUnload()
    page.instance.setData({ defaults: {} })
    page.instance.server = {}
    page.instance.onLoad()
    await proposed(page)
    expect(page.data.defaults).toMatchObject({ Bucket: 'examplebucket-1250000000', Domain })
    await type(page, 'SecretId', 'id')
    await type(page, 'SecretKey', 'key')
    await page.tap('.key button')
    expect(await signing().signingKey({ method: 'GET' })).toMatchObject({
      Protocol: 'http:',
      Bucket: 'examplebucket-1250000000',
    })
    await checked(page)
  })

  test('is usable without the server', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    const key = { SecretId: 'id', SecretKey: 'key', Bucket: 'a-1250000000', Region: 'ap-guangzhou' }
    for (const [name, value] of Object.entries(key)) await type(page, name, value)
    await page.tap('.key button')
    expect(page.text('#source .topic-value')).toBe('永久密钥')
    const { url } = await signing().signRequest({ method: 'PUT', key: 'a.txt' })
    expect(url).toContain('https://a-1250000000.cos.ap-guangzhou.myqcloud.com/a.txt?')
  })

  test('offers no permanent key in a release', async () => {
    await restore()
    install({ envVersion: 'release' })
    const page = mount('setup/setup')
    expect(page.attr('radio[value="permanent-key"]', 'disabled')).toBe(true)
    expect(page.text()).toContain('仅开发版和体验版可用')
  })

  test('says why a choice could not be kept', async () => {
    wx.limitStorage(0)
    const page = mount('setup/setup')
    await mark(page, 'server-signed')
    expect(page.text('#source-form failure-panel')).toContain('设置保存失败')
    expect(page.text('#source-form failure-panel')).toContain('setStorageSync:fail')
    expect(page.text('#source .topic-value')).toBe('临时密钥')
    expect(page.attr('radio[value="temporary-key"]', 'checked')).toBe(true)
    expect(page.attr('radio[value="server-signed"]', 'checked')).toBe(false)
  })

  test('speaks English to others', async () => {
    await restore()
    install({ language: 'en' })
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    expect(page.text()).toContain('Temporary key')
    expect(page.text().replace('简体中文', '')).not.toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('the language', () => {
  const choose = (page: Mounted, value: string) =>
    page.trigger('#language-form radio-group', 'change', { value })

  test.each([
    ['en', 'en'],
    ['zh-CN', 'zh-CN'],
    ['wechat', ''],
  ])('%s is kept, and shows after a restart', async (value, stored) => {
    wx.setStorageSync('language', 'en')
    const page = mount('setup/setup')
    expect(page.text('#language-form')).toContain('Follow WeChat简体中文English')
    await choose(page, value)
    expect(wx.getStorageSync('language')).toBe(stored)
    expect(wx.calls.find(({ api }) => api === 'restartMiniProgram')).toMatchObject({
      option: { path: '/setup/setup?section=language' },
    })
  })

  test('shows at the next launch where there is no restart', async () => {
    Object.assign(wx, { restartMiniProgram: undefined })
    const page = mount('setup/setup')
    await choose(page, 'en')
    expect(page.text('#language-form')).toContain('下次启动小程序时生效')
    const next = mount('setup/setup')
    expect(next.text('#language-form')).toContain('Takes effect the next time')
    expect(wx.calls.findLast(({ api }) => api === 'setNavigationBarTitle')?.option.title).toBe(
      'Setup',
    )
  })

  test('shows at the next launch where the restart fails', async () => {
    wx.restartMiniProgram = ({ fail }) =>
      fail?.({ errMsg: 'restartMiniProgram:fail can only be invoked by user TAP gesture' })
    const [page] = await checks()
    await choose(page, 'en')
    expect(page.text('#language-form')).toContain('下次启动小程序时生效')
  })

  test('says so when it cannot be kept', async () => {
    const page = mount('setup/setup')
    wx.limitStorage(0)
    await choose(page, 'en')
    expect(page.text('#language-form')).toContain('设置保存失败')
  })
})

test('what an action said goes with the next action', async () => {
  const [page] = await checks()
  await page.input(`${ADDRESS} input`, 'no address')
  await useAddress(page)
  expect(page.has('#server-form .problem')).toBe(true)
  await mark(page, 'server-signed')
  expect(page.has('#server-form .problem')).toBe(false)
  await useAddress(page)
  await page.tap('#checks-form button')
  expect(page.has('#server-form .problem')).toBe(false)
  await checked(page)
})

test('topics are folded until they are tapped', async () => {
  const [page] = await checks()
  expect(page.texts('.topic')).toHaveLength(5)
  expect(page.attr('#language-form', 'hidden')).toBe(true)
  await page.tap('#language .fold')
  expect(page.attr('#language-form', 'hidden')).toBe(false)
})

describe('a reset', () => {
  test('asks first, then forgets all that was chosen, but no unfinished upload', async () => {
    wx.setStorageSync('signing-source', 'server-signed')
    wx.setStorageSync('unfinished-upload:a', { digest: 'b' })
    const [page] = await checks()
    usePermanentKey()
    await page.tap('#reset-form button')
    expect(wx.getStorageSync('server-url')).toBe(stack.server)
    await page.tap('#reset-form button') // cancel
    expect(page.texts('#reset-form button')).toEqual(['重置'])
    await page.tap('#reset-form button')
    await page.tap('#reset-form button', 1)
    expect(wx.getStorageInfoSync().keys).toEqual(['unfinished-upload:a'])
    expect(signing().signingSource()).toBe('temporary-key')
    expect(page.attr('radio[value="temporary-key"]', 'checked')).toBe(true)
    expect(wx.calls.findLast(({ api }) => api === 'restartMiniProgram')).toBeDefined()
  })

  test('says what is left to do where there is no restart', async () => {
    Object.assign(wx, { restartMiniProgram: undefined })
    const [page] = await checks()
    await page.tap('#reset-form button')
    await page.tap('#reset-form button', 1)
    expect(page.text('#reset-form')).toContain('语言在下次启动小程序时生效')
    expect(page.text('#server-form')).toContain('来自 config.ts')
  })
})

test('opens at the section of its query', async () => {
  const page = mount('setup/setup', { query: { section: 'domains' } })
  expect(wx.calls.find(({ api }) => api === 'pageScrollTo')?.option.selector).toBe('#domains')
  await checked(page)
})
