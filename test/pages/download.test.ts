import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { npmStart } from '../helpers/npm-start'
import { until } from '../helpers/until'

let stack: Awaited<ReturnType<typeof npmStart>>
let wx: NodeWx
let restore: () => Promise<void>

beforeAll(async () => {
  stack = await npmStart()
})
afterAll(() => stack.stop())

beforeEach(() => {
  ;({ wx, restore } = installNodeWx({ storage: { 'server-url': stack.server } }))
})
afterEach(() => restore())

/** Uploads through the put-object page; the key as its query takes it. */
async function uploaded(name: string, bytes: Buffer): Promise<string> {
  const page = mount('pages/put-object/put-object')
  wx.nextChosen([{ name, bytes }])
  await page.tap('file-picker .choice', 1)
  await until(() => page.data.file, 'the file')
  await page.tap('transfer-panel button')
  await until(() => page.data.phase === 'done', 'the upload')
  const key: string = page.data.uploadedKey
  page.unmount()
  return encodeURIComponent(key)
}

async function download(query: Record<string, string>): Promise<Mounted> {
  const page = mount('pages/download-object/download-object', { query })
  await until(() => page.data.prefix, 'the prefix')
  await page.tap('transfer-panel button')
  await until(() => ['done', 'failed'].includes(page.data.phase), 'the end')
  return page
}

describe('download-object', () => {
  test('shows an image, and full screen on a tap', async () => {
    const page = await download({ key: await uploaded('a b.png', Buffer.from('PNG')) })
    expect(page.text('.done')).toContain('image/png')
    await page.tap('.image')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'previewImage',
      option: { urls: [page.attr('.image', 'src')] },
    })
  })

  test('shows the beginning of a text', async () => {
    const page = await download({ key: await uploaded('a.txt', Buffer.from('你好，COS')) })
    expect(page.text('.shown .code')).toBe('你好，COS')
  })

  test('opens a document with its type', async () => {
    const page = await download({ key: await uploaded('a.PDF', Buffer.from('%PDF')) })
    await page.tap('.shown .link')
    expect(wx.calls.at(-1)).toMatchObject({ api: 'openDocument', option: { fileType: 'pdf' } })
  })

  test.each(['docx', 'xlsx', 'pptx'])(
    'takes a .%s for a document, not for a text',
    async (type) => {
      const page = await download({ key: await uploaded(`a.${type}`, Buffer.from('PK')) })
      await page.tap('.shown .link')
      expect(wx.calls.at(-1)).toMatchObject({ api: 'openDocument', option: { fileType: type } })
    },
  )

  test('opens what was downloaded, whatever is typed meanwhile', async () => {
    const page = await download({ key: await uploaded('a.pdf', Buffer.from('%PDF')) })
    await page.input('key-field input', 'other')
    await page.tap('.shown .link')
    expect(wx.calls.at(-1)).toMatchObject({ api: 'openDocument', option: { fileType: 'pdf' } })
  })

  test('keeps what is typed before the login has answered', async () => {
    const page = mount('pages/download-object/download-object')
    await page.input('key-field input', 'typed.png')
    await until(() => page.data.prefix, 'the prefix')
    await page.tap('transfer-panel button')
    await until(() => page.data.failure, 'the answer')
    expect(page.text('signed-panel')).toContain('typed.png')
  })

  test('takes a query that is not encoded as it stands', () => {
    const page = mount('pages/download-object/download-object', { query: { key: '100%' } })
    expect(page.attr('key-field input', 'value')).toBe('100%')
  })

  test('says what WeChat cannot open', async () => {
    const page = await download({ key: await uploaded('a.zip', Buffer.from('PK')) })
    expect(page.text('.shown')).toContain('不能直接打开')
  })

  test('takes an empty object for what it is', async () => {
    const page = await download({ key: await uploaded('empty.txt', Buffer.alloc(0)) })
    expect(page.text('.done')).toContain('0 B')
  })

  test('shows why there is nothing, although wx calls it a success', async () => {
    const page = await download({ key: 'never' })
    expect(page.text('failure-panel')).toContain('没有这个对象')
    expect(page.text('failure-panel')).toContain('NoSuchKey')
    expect(page.text('failure-panel')).toContain('404')
  })

  test('refuses an illegal key with a sentence', async () => {
    const page = mount('pages/download-object/download-object')
    await page.input('key-field input', '../other')
    await page.tap('transfer-panel button')
    expect(page.text('.problem')).toContain('.. 这样的一段')
    expect(page.data.phase).toBe('ready')
  })
})

describe('index', () => {
  test('shows where the app stands', async () => {
    const page = mount('pages/index/index')
    await until(() => page.data.facts.length > 0, 'the state')
    expect(page.text('.state')).toContain('本地 COS')
    expect(page.text('.state')).toContain('examplebucket-1250000000')
    expect(page.text('.state')).toContain('准确')
  })

  test('says that the server is down, and tries again', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount('pages/index/index')
    await until(() => page.data.failure, 'the failure')
    expect(page.text('failure-panel')).toContain('连不上服务器')
    wx.setStorageSync('server-url', stack.server)
    await page.tap('.state .link')
    await until(() => page.data.facts.length > 0, 'the state')
    expect(page.has('.failure')).toBe(false)
  })

  test('speaks English to others', async () => {
    await restore()
    ;({ wx, restore } = installNodeWx({
      language: 'en',
      storage: { 'server-url': stack.server },
    }))
    const page = mount('pages/index/index')
    await until(() => page.data.facts.length > 0, 'the state')
    expect(page.text()).toContain('Local COS')
    expect(page.text()).not.toMatch(/[\u4e00-\u9fff]/)
  })
})
