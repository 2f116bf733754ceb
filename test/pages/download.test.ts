import { describe, expect, test } from '@jest/globals'
import { signRequest, userPrefix } from '../../miniprogram/signing/index'
import { contentTypeOf } from '../../miniprogram/transfer/content-type'
import { putObject } from '../../miniprogram/transfer/put-object'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import type { NodeWx } from '../helpers/node-wx'
import { changeWx, stack, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'
import { ended, panel, prefixOf } from './steps'

/** Uploads as the same user; gives the key as the query of the page takes it. */
async function uploaded(name: string, bytes: Buffer): Promise<string> {
  const key = (await userPrefix()) + name
  const filePath = wx.addTempFile(bytes, name)
  await putObject({ key, filePath, contentType: contentTypeOf(name), signRequest })
  return encodeURIComponent(key)
}

async function download(query: Record<string, string>): Promise<Mounted> {
  const page = mount('pages/download-object/download-object', { query })
  await until(() => prefixOf(page), 'the prefix')
  await page.tap('transfer-controls button')
  await until(() => ['done', 'failed'].includes(panel(page).phase), 'the end')
  return page
}

describe('download-object', () => {
  test('shows an image, and full screen on a tap', async () => {
    const page = await download({ key: await uploaded('a b.png', Buffer.from('PNG')) })
    await page.tap('.done fold-out button')
    expect(page.text('.done')).toContain('image/png')
    await page.tap('.image')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'previewImage',
      option: { urls: [page.attr('.image', 'src')] },
    })
  })

  test('shows a text', async () => {
    const page = await download({ key: await uploaded('a.txt', Buffer.from('你好，COS')) })
    expect(page.text('.shown .code')).toBe('你好，COS')
    expect(page.text('.shown')).not.toContain('前')
  })

  test.each([
    ['three bytes', 'a', '你'],
    ['three bytes, one before', 'ab', '你'],
    ['four bytes', 'abc', '😀'],
    ['one byte', '', 'x'],
  ])('cuts no character of a long text in two: %s', async (_name, before, character) => {
    const text = before + character.repeat(3000)
    const page = await download({ key: await uploaded('long.txt', Buffer.from(text)) })
    const shown = page.text('.shown .code')
    expect(text.startsWith(shown)).toBe(true)
    expect(Buffer.byteLength(shown)).toBeGreaterThan(2048 - 4)
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(2048)
    expect(page.text('.shown')).toContain('前 2.0 KB')
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
    await until(() => prefixOf(page), 'the prefix')
    await page.tap('transfer-controls button')
    await until(() => panel(page).failure, 'the answer')
    await page.tap('signed-panel fold-out button')
    expect(page.text('signed-panel')).toContain('typed.png')
  })

  test('takes a query that is not encoded as it stands', () => {
    const page = mount('pages/download-object/download-object', { query: { key: '100%' } })
    expect(page.attr('key-field input', 'value')).toBe('100%')
  })

  test('says what it cannot show, and offers nothing for it', async () => {
    const page = await download({ key: await uploaded('a.zip', Buffer.from('PK')) })
    expect(page.text('.shown')).toContain('暂不支持预览此类文件')
    expect(page.has('.shown button')).toBe(false)
  })

  test('shows no image where there is none, and does not offer to save it', async () => {
    const page = await download({ key: await uploaded('a.png', Buffer.from('no PNG')) })
    await page.trigger('.image', 'error')
    expect(page.text('.shown')).toContain('暂不支持预览此类文件')
    expect(page.has('save-to-album')).toBe(false)
  })

  test('says why a document does not open', async () => {
    const page = await download({ key: await uploaded('a.pdf', Buffer.from('%PDF')) })
    wx.openDocument = (({ fail }: WechatMiniprogram.OpenDocumentOption) =>
      fail?.({ errMsg: 'openDocument:fail filetype not supported' })) as NodeWx['openDocument']
    await page.tap('.shown .link')
    expect(page.text('.not-opened')).toContain('无法打开文件')
    expect(page.text('.not-opened')).toContain('filetype not supported')
  })

  test('takes an empty object for what it is', async () => {
    const page = await download({ key: await uploaded('empty.txt', Buffer.alloc(0)) })
    expect(page.text('.done')).toContain('0 B')
    expect(page.text('.shown')).toBe('文件为空')
    expect(page.has('.shown .code')).toBe(false)
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
    await page.tap('transfer-controls button')
    expect(page.text('.problem')).toContain('.. 路径段')
    expect(panel(page).phase).toBe('ready')
  })
})

describe('recent uploads', () => {
  const chips = (page: Mounted) => page.texts('.chip')

  async function opened(): Promise<Mounted> {
    const page = mount('pages/download-object/download-object')
    await until(() => prefixOf(page), 'the prefix')
    return page
  }

  const keep = (keys: unknown) => wx.setStorageSync('recent-uploads', keys)

  test('are chips that fill in the key', async () => {
    const prefix = await userPrefix()
    keep([`${prefix}照片/b.png`, `${prefix}a.txt`])
    const page = await opened()
    await until(() => page.has('.chip'), 'the chips')
    expect(chips(page)).toEqual(['照片/b.png', 'a.txt'])
    await page.tap('.chip', 1)
    expect(page.attr('key-field input', 'value')).toBe('a.txt')
  })

  test('of another user are not shown', async () => {
    keep(['users/somebody/a.png', `${await userPrefix()}mine.png`])
    const page = await opened()
    await until(() => page.has('.chip'), 'the chips')
    expect(chips(page)).toEqual(['mine.png'])
  })

  test.each([['words'], [{ a: 1 }], [[1, null, { key: 'a' }]]])(
    'that are damaged (%j) are no list',
    async (damaged) => {
      keep(damaged)
      const page = await opened()
      expect(page.has('.recent')).toBe(false)
      expect(page.has('.failure')).toBe(false)
    },
  )

  test('keep the ends of a long key', async () => {
    keep([`${await userPrefix()}${'很长的文件夹/'.repeat(20)}2026-11-23 合影.jpeg`])
    const page = await opened()
    await until(() => page.has('.chip'), 'the chips')
    expect(chips(page)[0]).toBe('很长的文件夹/…-23 合影.jpeg')
  })

  test('lose what is gone at COS, and keep what failed for another reason', async () => {
    const prefix = await userPrefix()
    keep([`${prefix}gone.png`, `${prefix}kept.png`])
    const page = await opened()
    await until(() => page.has('.chip'), 'the chips')
    await page.tap('.chip')
    await page.tap('transfer-controls button')
    await until(() => chips(page).length === 1, 'one chip less')
    expect(chips(page)).toEqual(['kept.png'])
    expect(page.text('failure-panel')).toContain('没有这个对象')
  })

  test('can be forgotten, but not those of another user', async () => {
    keep(['users/somebody/a.png', `${await userPrefix()}mine.png`])
    const page = await opened()
    await until(() => page.has('.chip'), 'the chips')
    await page.tap('.recent .link')
    await until(() => !page.has('.recent'), 'the end of the list')
    expect(wx.getStorageSync('recent-uploads')).toEqual(['users/somebody/a.png'])
  })

  test('show what was uploaded meanwhile, when one comes back', async () => {
    const prefix = await userPrefix()
    const page = await opened()
    page.hide()
    keep([`${prefix}new.png`])
    page.show()
    await until(() => page.has('.chip'), 'the chips')
    expect(chips(page)).toEqual(['new.png'])
  })
})

describe('saving to the album', () => {
  const image = async () => download({ key: await uploaded('a.png', Buffer.from('PNG')) })
  const expectTold = (page: Mounted, text: string) =>
    until(() => page.text('.told').includes(text), `"${text}", not "${page.text('.told')}"`)
  const save = (page: Mounted) => page.tap('save-to-album button')

  test('tells that WeChat will ask, and then that it is saved', async () => {
    const page = await image()
    await expectTold(page, '会询问是否允许')
    await save(page)
    await expectTold(page, '已保存到相册')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'saveImageToPhotosAlbum',
      option: { filePath: page.attr('.image', 'src') },
    })
  })

  test('knows a permission from before', async () => {
    wx.album.allowed = true
    await expectTold(await image(), '已允许')
  })

  test('saves a video as one', async () => {
    const page = await download({ key: await uploaded('a.mp4', Buffer.from('MP4')) })
    expect(page.text('.shown')).toContain('不播放视频')
    await save(page)
    await expectTold(page, '已保存到相册')
    expect(wx.calls.at(-1)?.api).toBe('saveVideoToPhotosAlbum')
  })

  test('denied, then allowed in the settings, is saved', async () => {
    wx.album.allowed = false
    const page = await image()
    await expectTold(page, '没有相册写入权限')
    wx.album.allowed = true
    await page.tap('save-to-album button')
    expect(wx.calls.map(({ api }) => api)).toContain('openSetting')
    await expectTold(page, '已允许')
    await save(page)
    await expectTold(page, '已保存到相册')
  })

  test('denied, and left so in the settings, stays denied', async () => {
    wx.album.allowed = false
    const page = await image()
    await expectTold(page, '没有相册写入权限')
    await page.tap('save-to-album button')
    await expectTold(page, '没有相册写入权限')
    expect(page.text('save-to-album button')).toContain('去设置')
  })

  test('notices the permission when one comes back by another way', async () => {
    wx.album.allowed = false
    const page = await image()
    await expectTold(page, '没有相册写入权限')
    page.hide()
    wx.album.allowed = true
    page.show()
    await expectTold(page, '已允许')
  })

  test('says what it has saved, also after one comes back', async () => {
    const page = await image()
    await save(page)
    await expectTold(page, '已保存到相册')
    page.hide()
    page.show()
    await expectTold(page, '已保存到相册')
  })

  test('says what it has saved, also when the permission is told after that', async () => {
    const { getSetting } = wx
    let answer = () => {}
    wx.getSetting = ((option: WechatMiniprogram.GetSettingOption) => {
      answer = () => getSetting(option as never)
    }) as NodeWx['getSetting']
    const page = await image()
    await save(page)
    await expectTold(page, '已保存到相册')
    let isTold = false
    wx.getSetting = getSetting
    answer()
    getSetting({ complete: () => (isTold = true) } as never)
    await until(() => isTold, 'the answer')
    expect(page.text('.told')).toContain('已保存到相册')
  })

  test.each([
    ['auth deny', '没有相册写入权限'],
    ['auth denied', '没有相册写入权限'],
    ['authorize no response', '没有相册写入权限'],
    ['system permission denied', '手机系统设置'],
    ['cancel', '已取消'],
    ['api scope is not declared in the privacy agreement', '相册（仅写入）权限'],
    ['privacy permission is not authorized', '同意隐私保护指引'],
    ['invalid file type', '无法识别该格式'],
    ['no space left', 'no space left'],
  ])('says what "%s" means', async (reason, sentence) => {
    wx.album.refusal = { reason }
    const page = await image()
    await save(page)
    await expectTold(page, sentence)
  })
})

describe('a URL from elsewhere', () => {
  /** A presigned URL of an object, as another app would hand it over. */
  async function presigned(name: string, bytes: Buffer): Promise<string> {
    const page = await download({ key: await uploaded(name, bytes) })
    const { url }: { url: string } = page.instance.selectComponent('#panel').data.signed
    page.unmount()
    return url
  }

  async function openUrl(url: string): Promise<Mounted> {
    const page = mount('pages/download-object/download-object', {
      query: { url: encodeURIComponent(url) },
    })
    await page.tap('transfer-controls button')
    await until(() => ['done', 'failed'].includes(panel(page).phase), 'the end')
    return page
  }

  test('is downloaded as it is, without a login', async () => {
    const url = await presigned('文 档.pdf', Buffer.from('%PDF'))
    wx.calls.splice(0)
    const page = await openUrl(url)
    expect(panel(page).failure).toBeNull()
    expect(page.text('.given')).toBe(url)
    const sent = wx.calls.filter(({ api }) => ['login', 'request', 'downloadFile'].includes(api))
    expect(sent.map(({ api, option }) => [api, option.url])).toEqual([['downloadFile', url]])
    await page.tap('.shown .link')
    expect(wx.calls.at(-1)).toMatchObject({ api: 'openDocument', option: { fileType: 'pdf' } })
  })

  test('is downloaded once, however often the button is tapped', async () => {
    const url = await presigned('a.txt', Buffer.from('a'))
    wx.calls.splice(0)
    const page = mount('pages/download-object/download-object', {
      query: { url: encodeURIComponent(url) },
    })
    const panelInstance = page.instance.selectComponent('#panel')
    panelInstance.start()
    panelInstance.start()
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(wx.calls.filter(({ api }) => api === 'downloadFile')).toHaveLength(1)
  })

  test('that COS refuses for its time is not promised a new signature', async () => {
    const url = await presigned('a.txt', Buffer.from('a'))
    const page = await openUrl(url.replace(/(q-signature=)\w{4}/, '$10000'))
    expect(page.text('failure-panel')).toContain('签名不匹配')
    const unsigned = await openUrl(url.replace(/q-ak=[^&]*/, 'q-ak=AKIDunknown'))
    expect(unsigned.text('failure-panel')).toContain('重新签名后再打开')
  })

  test.each(['javascript:alert(1)', 'wxfile://tmp/a', 'example.com/a', 'https://a b', '100%'])(
    'is refused in words when it is none: %s',
    async (url) => {
      const page = mount('pages/download-object/download-object', { query: { url } })
      expect(page.text('.problem')).toContain('http://')
      expect(page.has('transfer-panel')).toBe(false)
      expect(wx.calls.map(({ api }) => api)).not.toContain('downloadFile')
    },
  )
})

describe('index', () => {
  test('shows where the app stands', async () => {
    const page = mount('pages/index/index')
    await until(() => page.text('.state').includes('examplebucket'), 'the state')
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
    await page.tap('.state .links .link')
    await until(() => page.text('.state').includes('examplebucket'), 'the state')
    expect(page.has('.failure')).toBe(false)
  })

  test('speaks English to others', async () => {
    await changeWx({ language: 'en' })
    const page = mount('pages/index/index')
    await until(() => page.text('.state').includes('examplebucket'), 'the state')
    expect(page.text()).toContain('Local COS')
    expect(page.text()).not.toMatch(/[\u4e00-\u9fff]/)
  })
})
