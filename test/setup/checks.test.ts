import { describe, expect, jest, test } from '@jest/globals'
import { allowlists, isLoopback, serverAddress } from '../../miniprogram/setup/addresses'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'
import { stack, wx } from '../helpers/page-environment'
import {
  mark,
  signing,
  noticing,
  checked,
  checks,
  withServer,
  usePermanentKey,
  ADDRESS,
  useAddress,
} from './steps'

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

test('opens at the section of its query', async () => {
  const page = mount('setup/setup', { query: { section: 'domains' } })
  expect(wx.calls.find(({ api }) => api === 'pageScrollTo')?.option.selector).toBe('#domains')
  await checked(page)
})
