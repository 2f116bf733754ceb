import { beforeEach, describe, expect, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import type { NodeWx } from '../helpers/node-wx'
import { control, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'
import { ended, panel, start } from './steps'

let request: NodeWx['request']

beforeEach(() => {
  request = wx.request
})

async function open(): Promise<Mounted> {
  const page = mount('setup/drill/drill')
  await until(() => page.has('transfer-panel'), 'the page')
  return page
}

const choose = (page: Mounted, group: string, name: string) =>
  page.tap(`${group} .chip`, page.texts(`${group} .chip`).indexOf(name))

const isAbout = (what: string, { url }: { url: string }) =>
  new RegExp(`/${what}(/\\d+)?$`).test(url)

const FILE = 'failure-drill.txt'

const unfinished = () =>
  wx.getStorageInfoSync().keys.filter((key) => key.startsWith('unfinished-upload:')).length

const isThere = (name: string) =>
  new Promise<boolean>((resolve) =>
    wx.getFileSystemManager().access({
      path: `${wx.env.USER_DATA_PATH}/${name}`,
      success: () => resolve(true),
      fail: () => resolve(false),
    }),
  )

/** What was sent to the drill's object. */
const sent = () => wx.calls.filter(({ option }) => String(option.url).includes(FILE))

/** The request that injects a fault is on its way until `arrive`; `lose` loses its response. */
function holdFault() {
  const held: WechatMiniprogram.RequestOption[] = []
  wx.request = (option) => {
    if (!isAbout('faults', option) || option.method !== 'POST') return request(option)
    held.push(option)
    return { abort() {} } as never
  }
  return {
    begun: () => until(() => held.length > 0, 'the request'),
    arrive: () => held.splice(0).forEach((option) => request(option)),
    lose: () =>
      held.splice(0).forEach(({ fail, success: _lost, ...option }) =>
        request({
          ...option,
          complete: () => fail?.({ errMsg: 'request:fail timeout', errno: 5 } as never),
        }),
      ),
  }
}

const isRemoved = () => until(async () => (await control.pending()).length === 0, 'no fault')

/** The control port does not answer such requests. */
function silence(method: string) {
  wx.request = (option) =>
    isAbout('faults', option) && option.method === method
      ? request({ ...option, url: 'http://127.0.0.1:1/' })
      : request(option)
}

describe('the failure drill', () => {
  test('names six faults and four ways, and says what the chosen fault does', async () => {
    const page = await open()
    expect(page.texts('.faults .chip')).toHaveLength(6)
    expect(page.texts('.ways .chip')).toEqual(['PUT', 'POST 表单', '分块', '下载'])
    await choose(page, '.faults', '没有权限')
    expect(page.text('.effect')).toContain('403')
  })

  test('strikes each transfer of the drill until another fault is chosen', async () => {
    const page = await open()
    await choose(page, '.faults', '没有权限')
    for (let run = 0; run < 2; run++) {
      await start(page)
      await ended(page)
      expect(page.text('failure-panel')).toContain('没有权限')
      expect(page.text('.note')).toContain('已解除')
      expect(await control.pending()).toEqual([])
    }
    await choose(page, '.faults', '服务繁忙')
    await start(page)
    await until(() => page.has('failure-panel'), 'the failure')
    expect(page.text('failure-panel')).toContain('COS 暂时不可用')
  })

  test('another way starts from the beginning', async () => {
    const page = await open()
    await choose(page, '.faults', '没有权限')
    await start(page)
    await ended(page)
    await choose(page, '.ways', '下载')
    expect([panel(page).phase, page.has('failure-panel')]).toEqual(['ready', false])
    expect(page.text('transfer-controls button')).toBe('下载')
  })

  test('sends nothing where the fault cannot be injected', async () => {
    const page = await open()
    silence('POST')
    await start(page)
    await ended(page)
    expect(page.text('failure-panel')).toContain('NETWORK')
    expect(page.text('.note')).toContain('故障未生效')
    expect(sent()).toEqual([])
  })

  test('sends nothing when it is canceled while the fault is on its way, and removes that', async () => {
    const page = await open()
    const fault = holdFault()
    await start(page)
    await fault.begun()
    await page.tap('transfer-controls .buttons button')
    await ended(page)
    expect(panel(page).phase).toBe('cancelled')
    fault.arrive()
    await until(() => page.text('.note').includes('已解除'), 'the end of the drill')
    expect([await control.pending(), sent()]).toEqual([[], []])
  })

  test('ends with a page that is left while the fault is on its way', async () => {
    const page = await open()
    const fault = holdFault()
    await start(page)
    await fault.begun()
    page.unmount()
    fault.arrive()
    await until(() => wx.calls.some(({ option }) => option.method === 'DELETE'), 'the removal')
    await isRemoved()
    expect(sent()).toEqual([])
  })

  test('leaves neither a file nor an unfinished upload behind', async () => {
    const page = await open()
    await choose(page, '.faults', '没有权限')
    await choose(page, '.ways', '分块')
    await start(page)
    await ended(page)
    expect([unfinished(), await isThere(FILE)]).toEqual([1, true])
    page.unmount()
    await until(() => unfinished() === 0, 'the upload to be discarded')
    await until(async () => !(await isThere(FILE)), 'the file to be removed')
  })

  test('removes a fault whose response was lost', async () => {
    const page = await open()
    const fault = holdFault()
    await start(page)
    await fault.begun()
    fault.lose()
    await ended(page)
    expect(page.text('.note')).toContain('故障未生效')
    await until(() => wx.calls.some(({ option }) => option.method === 'DELETE'), 'the removal')
    await isRemoved()
    expect(sent()).toEqual([])
  })

  test('removes what a former launch has left, and nothing that others ordered', async () => {
    await control.order({ kind: '403', share: 1, by: 'drill' })
    await control.order({ kind: '503', times: 100, match: { path: '/nobody/' } })
    const page = await open()
    expect(await control.pending()).toMatchObject([{ kind: '503' }])
    await choose(page, '.faults', '没有权限')
    await start(page)
    await ended(page)
    expect(page.text('.note')).toContain('已解除')
    expect(await control.pending()).toMatchObject([{ kind: '503', times: 100 }])
  })

  test('ends, too, if the fault is gone already', async () => {
    const page = await open()
    await choose(page, '.faults', '没有权限')
    wx.request = (option) => {
      if (option.method !== 'DELETE') return request(option)
      void control.clear().then(() => request(option))
      return { abort() {} } as never
    }
    await start(page)
    await ended(page)
    expect(page.text('.note')).toContain('已解除')
  })

  test('says so when a fault could not be removed', async () => {
    const page = await open()
    await choose(page, '.faults', '没有权限')
    silence('DELETE')
    await start(page)
    await ended(page)
    expect(page.text('.note')).toContain('故障未解除')
  })

  test('says that it needs the local COS', async () => {
    wx.request = (option) => {
      if (!isAbout('config', option)) return request(option)
      const { success } = option
      const withoutFaults = (data: object) => ({ ...data, localCloud: false, faultsUrl: undefined })
      return request({
        ...option,
        success: (result) => success?.({ ...result, data: withoutFaults(Object(result.data)) }),
      })
    }
    const page = mount('setup/drill/drill')
    await until(() => page.has('.unavailable'), 'the answer')
    expect(page.text('.unavailable')).toContain('需要本地 COS')
    expect(page.has('transfer-panel')).toBe(false)
  })

  test('says why it cannot start where the control port does not answer', async () => {
    silence('GET')
    const page = mount('setup/drill/drill')
    await until(() => page.has('failure-panel'), 'the failure')
    expect(page.text('failure-panel')).toContain('连接失败')
  })
})
