import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type * as Signing from '../../miniprogram/signing/index'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx, type NodeWxOptions } from '../helpers/node-wx'
import { npmStart } from '../helpers/npm-start'
import { until } from '../helpers/until'
import { uploads } from './steps'

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
afterEach(() => restore())

const mark = (page: Mounted, value: string) => page.trigger('radio-group', 'change', { value })

/** Types into the field of that name. */
const type = (page: Mounted, name: string, value: string) =>
  page.input(`input[data-name="${name}"]`, value)

const proposed = (page: Mounted) => until(() => page.data.fields[2].value, 'the proposal')

/** The modules of the page that was mounted last: a permanent key is in their memory only. */
const signing = () => require('../../miniprogram/signing/index') as typeof Signing

const DEMOS = ['put-object', 'post-object', 'multipart-upload']

describe('setup', () => {
  test('begins with temporary keys', () => {
    const page = mount('pages/setup/setup')
    expect(page.attr('radio[value="temporary-key"]', 'checked')).toBe(true)
    expect(page.text('.in-use')).toBe('正在使用：临时密钥')
    expect(page.has('.field')).toBe(false)
  })

  test.each(['temporary-key', 'server-signed'])('%s is used by each way', async (source) => {
    const page = mount('pages/setup/setup')
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
    expect(mount('pages/setup/setup').text('.in-use')).toContain(
      source === 'temporary-key' ? '临时密钥' : '服务端签名',
    )
  })

  test('takes a permanent key for the bucket of the server, with a warning', async () => {
    const page = mount('pages/setup/setup')
    await mark(page, 'permanent-key')
    expect(page.text('.in-use')).toBe('正在使用：临时密钥')
    expect(page.text('.warning')).toContain('只留在内存里')
    expect(page.attr('input[data-name="SecretKey"]', 'password')).toBe(true)
    await proposed(page)
    expect(page.attr('input[data-name="Bucket"]', 'value')).toBe('examplebucket-1250000000')

    await page.tap('button')
    expect(page.text('.problem')).toContain('SecretId、SecretKey')
    await type(page, 'SecretId', 'local-secret-id')
    await type(page, 'SecretKey', ' local-secret-key ')
    expect(page.text('.problem')).toBe('')
    await page.tap('button')
    expect(page.text('.in-use')).toBe('正在使用：永久密钥')

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
    await until(() => page.data.failure, 'the failure of the login')
    const [Protocol = '', Domain = ''] = stack.cloud.split('//')
    const place = { Bucket: 'examplebucket-1250000000', Region: 'ap-guangzhou', Domain, Protocol }
    const key = { SecretId: 'local-secret-id', SecretKey: 'local-secret-key', ...place }
    signing().chooseSource('permanent-key', key)
    await uploads(page, wx, 'a.txt', Buffer.from('text'))
    expect(page.data.uploadedKey).toBe('a.txt')
  })

  test('keeps what was typed before the server answers', async () => {
    const page = mount('pages/setup/setup')
    await mark(page, 'permanent-key')
    await type(page, 'Bucket', 'mine-1250000000')
    await until(() => page.data.fields[4].value, 'the proposal')
    await type(page, 'SecretId', 'id')
    await type(page, 'SecretKey', 'key')
    await page.tap('button')
    expect(page.instance.key.Bucket).toBe('mine-1250000000')
  })

  test('is usable without the server', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount('pages/setup/setup')
    await mark(page, 'permanent-key')
    for (const name of ['SecretId', 'SecretKey', 'Bucket', 'Region']) {
      await type(page, name, name === 'Region' ? 'ap-guangzhou' : 'a-1250000000')
    }
    await page.tap('button')
    expect(page.text('.in-use')).toBe('正在使用：永久密钥')
    const { url } = await signing().signRequest({ method: 'PUT', key: 'a.txt' })
    expect(url).toContain('https://a-1250000000.cos.ap-guangzhou.myqcloud.com/a.txt?')
  })

  test('offers no permanent key in a release', async () => {
    await restore()
    install({ envVersion: 'release' })
    const page = mount('pages/setup/setup')
    expect(page.attr('radio[value="permanent-key"]', 'disabled')).toBe(true)
    expect(page.text()).toContain('只在开发版和体验版里能用')
  })

  test('says why a choice could not be kept', async () => {
    wx.limitStorage(0)
    const page = mount('pages/setup/setup')
    await mark(page, 'server-signed')
    expect(page.text('failure-panel')).toContain('setStorageSync:fail')
    expect(page.text('.in-use')).toBe('正在使用：临时密钥')
  })

  test('speaks English to others', async () => {
    await restore()
    install({ language: 'en' })
    const page = mount('pages/setup/setup')
    await mark(page, 'permanent-key')
    expect(page.text()).toContain('In use: Temporary key')
    expect(page.text()).not.toMatch(/[\u4e00-\u9fff]/)
  })
})

describe('index', () => {
  test('shows the source in use, anew when it comes back', async () => {
    const page = mount('pages/index/index')
    await until(() => page.data.facts.length > 0, 'the state')
    expect(page.text('.state')).toContain('临时密钥')
    wx.setStorageSync('signing-source', 'server-signed')
    page.show()
    await until(() => page.text('.state').includes('服务端签名'), 'the new source')
  })

  test('asks no server where a permanent key signs', async () => {
    const page = mount('pages/index/index')
    await until(() => page.data.facts.length > 0, 'the state')
    const key = { SecretId: 'a', SecretKey: 'b', Bucket: 'a-1250000000', Region: 'ap-guangzhou' }
    signing().chooseSource('permanent-key', key)
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    page.show()
    await until(() => page.text('.state').includes('永久密钥'), 'the new source')
    expect(page.has('.failure')).toBe(false)
  })

  test('links to every demo and to setup', async () => {
    const page = mount('pages/index/index')
    expect(page.texts('.demo .demo-title')).toHaveLength(5)
    expect(page.text()).toContain('四种方式')
    await until(() => page.data.facts.length > 0, 'the state')
  })
})
