import { describe, expect, test } from '@jest/globals'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'
import { uploads } from '../pages/steps'
import { changeWx, stack, wx } from '../helpers/page-environment'
import { mark, signing, checked, checks } from './steps'

/** Types into the field of that name. */
const type = (page: Mounted, name: string, value: string) =>
  page.input(`input[data-name="${name}"]`, value)

const proposed = (page: Mounted) => until(() => page.data.defaults.Bucket, 'the proposal')

const DEMOS = ['put-object', 'post-object', 'multipart-upload']

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
    await checked(page)
    page.unmount()
    const before = wx.calls.length // the checks ask, too
    for (const demo of DEMOS) {
      const upload = mount(`pages/${demo}/${demo}`)
      await uploads(upload, wx, `${demo}.txt`, Buffer.from(source))
      upload.unmount()
    }
    const requests = wx.calls.slice(before).filter(({ api }) => api === 'request')
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
    await changeWx({ envVersion: 'release' })
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
    await changeWx({ language: 'en' })
    const page = mount('setup/setup')
    await mark(page, 'permanent-key')
    expect(page.text()).toContain('Temporary key')
    expect(page.text().replace('简体中文', '')).not.toMatch(/[\u4e00-\u9fff]/)
  })
})
