import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { npmStart } from '../helpers/npm-start'
import { until } from '../helpers/until'
import { ended, pick, start } from './steps'

let stack: Awaited<ReturnType<typeof npmStart>>
let wx: NodeWx
let restore: () => Promise<void>
let request: NodeWx['request']

beforeAll(async () => {
  stack = await npmStart()
})
afterAll(() => stack.stop())

beforeEach(() => {
  ;({ wx, restore } = installNodeWx({ storage: { 'server-url': stack.server } }))
  request = wx.request
})
afterEach(() => restore())

const PAGE = 'pages/multipart-upload/multipart-upload'

async function open(): Promise<Mounted> {
  const page = mount(PAGE)
  await until(() => page.data.drill, 'the drill')
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

/** What the control server of the local cloud does not answer. */
function silence(method: string) {
  wx.request = (option) =>
    option.url.endsWith('/faults') && option.method === method
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
    expect(page.text('failure-drill .note')).toContain('已撤销')
    expect(page.text('transfer-panel')).not.toContain('✓')
    await start(page)
    await ended(page)
    expect(page.data.phase).toBe('done')
  })

  test('sends nothing where the fault cannot be ordered', async () => {
    const page = await open()
    await choose(page, '服务繁忙')
    silence('POST')
    await start(page)
    await until(() => page.data.phase === 'ready', 'the way back')
    expect(page.text('failure-drill .note')).toContain('没有安排上')
    expect(wx.calls.some(({ option }) => option.method === 'PUT')).toBe(false)
    await start(page)
    await ended(page)
    expect(page.data.phase).toBe('done')
  })

  test('says so when a fault could not be lifted', async () => {
    const page = await open()
    await choose(page, '没有权限')
    silence('DELETE')
    await start(page)
    await ended(page)
    expect(page.text('failure-drill .note')).toContain('没能撤销')
    const { url } = wx.calls.find(({ option }) => String(option.url).endsWith('/faults'))!.option
    await new Promise((resolve) => {
      request({ url: String(url), method: 'DELETE', complete: resolve })
    })
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
    await until(() => isAnswered && page.data.prefix, 'the answers')
    expect(page.data.drill).toBeNull()
    expect(page.has('failure-drill')).toBe(false)
  })
})
