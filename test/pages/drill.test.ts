import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { npmStart } from '../helpers/npm-start'
import { until } from '../helpers/until'
import { controlOf } from './control'
import { ended, panel, pick, prefixOf, start } from './steps'

let stack: Awaited<ReturnType<typeof npmStart>>
let control: ReturnType<typeof controlOf>
let wx: NodeWx
let restore: () => Promise<void>
let request: NodeWx['request']

beforeAll(async () => {
  stack = await npmStart()
  control = controlOf(stack.control)
})
afterAll(() => stack.stop())

beforeEach(() => {
  ;({ wx, restore } = installNodeWx({ storage: { 'server-url': stack.server } }))
  request = wx.request
})
afterEach(async () => {
  await control.clear()
  await restore()
})

const PAGE = 'pages/multipart-upload/multipart-upload'

async function open(): Promise<Mounted> {
  const page = mount(PAGE)
  await until(() => page.has('failure-drill button'), 'the drill')
  await pick(page, wx, 'a.txt', Buffer.from('a'))
  return page
}

/** Unfolds the faults, and taps one. */
async function choose(page: Mounted, name: string) {
  if (!page.has('.fault')) await page.tap('failure-drill .link')
  await page.tap(
    '.fault',
    page.texts('.fault').findIndex((text) => text.endsWith(name)),
  )
}

const isAbout = (what: string, { url }: { url: string }) =>
  new RegExp(`/${what}(/\\d+)?$`).test(url)

const sent = () => wx.calls.filter(({ option }) => option.method === 'PUT')

/** The order of a fault is on its way until `arrive` is called; `lose` lets its answer be lost. */
function holdOrder() {
  const held: WechatMiniprogram.RequestOption[] = []
  wx.request = (option) => {
    if (!isAbout('faults', option) || option.method !== 'POST') return request(option)
    held.push(option)
    return { abort() {} } as never
  }
  return {
    begun: () => until(() => held.length > 0, 'the order'),
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

const isLifted = () => until(async () => (await control.pending()).length === 0, 'no order')

/** What the control server of the local cloud does not answer. */
function silence(method: string) {
  wx.request = (option) =>
    isAbout('faults', option) && option.method === method
      ? request({ ...option, url: 'http://127.0.0.1:1/' })
      : request(option)
}

describe('the failure drill', () => {
  test('is folded away, names six faults, and says which one was chosen', async () => {
    const page = await open()
    expect(page.has('.fault')).toBe(false)
    await choose(page, '没有权限')
    expect(page.texts('.fault')).toHaveLength(6)
    expect(page.text('failure-drill .note')).toContain('403')
    expect(page.texts('.fault').filter((text) => text.startsWith('✓'))).toEqual(['✓ 没有权限'])
    await choose(page, '没有权限')
    expect(page.text('failure-drill .note')).toBe('')
  })

  test('orders the fault for one transfer only', async () => {
    const page = await open()
    await choose(page, '没有权限')
    await start(page)
    await ended(page)
    expect(page.text('failure-panel')).toContain('没有权限')
    expect(page.text('failure-drill .note')).toContain('已解除')
    expect(page.text('transfer-controls')).not.toContain('✓')
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('done')
  })

  test('sends nothing where the fault cannot be ordered', async () => {
    const page = await open()
    await choose(page, '服务繁忙')
    silence('POST')
    await start(page)
    await until(() => panel(page).phase === 'ready', 'the way back')
    expect(page.text('failure-drill .note')).toContain('故障未生效')
    expect(sent()).toEqual([])
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('done')
  })

  test('sends nothing when it is cancelled while the fault is ordered, and lifts that', async () => {
    const page = await open()
    await choose(page, '没有权限')
    const order = holdOrder()
    await start(page)
    await order.begun()
    await page.tap('transfer-controls .buttons button', 1)
    await ended(page)
    expect(panel(page).phase).toBe('cancelled')
    order.arrive()
    await until(() => page.text('failure-drill .note').includes('已解除'), 'the end of the drill')
    expect([await control.pending(), sent()]).toEqual([[], []])
  })

  test('ends with a page that is left while the fault is ordered', async () => {
    const page = await open()
    await choose(page, '没有权限')
    const order = holdOrder()
    await start(page)
    await order.begun()
    page.unmount()
    order.arrive()
    await until(() => wx.calls.some(({ option }) => option.method === 'DELETE'), 'the lifting')
    await isLifted()
    expect(sent()).toEqual([])
  })

  test('lifts an order whose answer was lost', async () => {
    const page = await open()
    await choose(page, '没有权限')
    const order = holdOrder()
    await start(page)
    await order.begun()
    order.lose()
    await until(() => panel(page).phase === 'ready', 'the way back')
    expect(page.text('failure-drill .note')).toContain('故障未生效')
    await until(() => wx.calls.some(({ option }) => option.method === 'DELETE'), 'the lifting')
    await isLifted()
    expect(sent()).toEqual([])
  })

  test('lifts what a former launch has left, and nothing that others ordered', async () => {
    await control.order({ kind: '403', share: 1, by: 'drill' })
    await control.order({ kind: '503', times: 100, match: { path: '/nobody/' } })
    const page = await open()
    expect(await control.pending()).toMatchObject([{ kind: '503' }])
    await choose(page, '没有权限')
    await start(page)
    await ended(page)
    expect(page.text('failure-drill .note')).toContain('已解除')
    expect(await control.pending()).toMatchObject([{ kind: '503', times: 100 }])
  })

  test('is over, too, where the fault has struck as often as it should', async () => {
    const page = await open()
    await choose(page, '没有权限')
    wx.request = (option) => {
      if (option.method !== 'DELETE') return request(option)
      void control.clear().then(() => request(option)) // as after its last strike
      return { abort() {} } as never
    }
    await start(page)
    await ended(page)
    expect(page.text('failure-drill .note')).toContain('已解除')
  })

  test('says so when a fault could not be lifted', async () => {
    const page = await open()
    await choose(page, '没有权限')
    silence('DELETE')
    await start(page)
    await ended(page)
    expect(page.text('failure-drill .note')).toContain('故障未解除')
  })

  test.each([
    ['real COS', { localCloud: false, faultsUrl: undefined }],
    ['a local cloud that cannot be reached from here', { faultsUrl: 'http://127.0.0.1:1/faults' }],
  ])('is not offered on %s', async (_where, config) => {
    let isAnswered = false
    wx.request = (option) => {
      const { url, success, complete } = option
      if (!url.endsWith('/config') && !url.endsWith('/faults')) return request(option)
      return request({
        ...option,
        success: (result) => success?.({ ...result, data: { ...Object(result.data), ...config } }),
        complete(result) {
          complete?.(result)
          isAnswered = url.endsWith('/faults') || !config.faultsUrl
        },
      })
    }
    const page = mount(PAGE)
    await until(() => isAnswered && prefixOf(page), 'the answers')
    expect(page.has('failure-drill button')).toBe(false)
  })
})
