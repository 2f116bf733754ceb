import { type RequestListener } from 'node:http'
import { describe, expect, test } from '@jest/globals'
import { config } from '../../miniprogram/config'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'
import { changeWx, stack, wx } from '../helpers/page-environment'
import {
  signing,
  noticing,
  checks,
  withServer,
  usePermanentKey,
  ADDRESS,
  useAddress,
} from './steps'

/** A server that is asked for its configuration, and answers when it is told to. */
function lateServer() {
  let answer: (() => void) | undefined
  const listener: RequestListener = (_request, response) => {
    const config = { bucket: 'late-1250000000', host: 'h', serverTime: 1, protocol: 'http:' }
    answer = () => void response.end(JSON.stringify(config))
  }
  return { listener, asked: () => until(() => answer, 'the question'), answer: () => answer?.() }
}

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
    await changeWx({ envVersion: 'release' })
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
