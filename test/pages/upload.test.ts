import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, jest, test } from '@jest/globals'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import type { ChosenFile, NodeWx } from '../helpers/node-wx'
import { stack, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'
import * as steps from './steps'
import { ended, panel, prefixOf, start, todays } from './steps'

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')

const pick = (page: Mounted, name = 'a b+c (1)&.png', bytes: Buffer = PNG) =>
  steps.pick(page, wx, name, bytes)

describe.each(['put-object', 'post-object'])('%s', (name) => {
  const open = async (query: Record<string, string> = {}) => {
    const page = mount(`pages/${name}/${name}`, { query })
    await until(() => prefixOf(page), 'the prefix')
    return page
  }

  test('uploads the chosen file and shows what it became', async () => {
    const page = await open()
    expect(page.attr('transfer-controls button', 'disabled')).toBe(true)
    await pick(page)
    expect(page.text('file-picker .name')).toBe('a b+c (1)&.png')
    expect(page.attr('key-field input', 'value')).toBe(todays('a b+c (1)&.png'))
    await page.input('key-field input', '照片/a b+c (1)&.png')
    await start(page)
    await ended(page)
    expect(page.text('.done')).toContain('上传完成')
    await page.tap('.done fold-out button')
    expect(page.text('.done')).toContain(`${prefixOf(page)}照片/a b+c (1)&.png`)
    expect(page.text('.done')).toMatch(/"[0-9a-f]{32}"/)
    expect(page.text('signed-panel')).toContain('有效至')

    expect(page.texts('transfer-controls .buttons button')).toEqual(['下载这个对象', '重新上传'])
    await page.tap('transfer-controls .buttons button', 0)
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'navigateTo',
      option: { url: expect.stringContaining(encodeURIComponent('照片/a b+c (1)&.png')) },
    })
  })

  test.each([
    ['', '请输入对象键'],
    ['/a', '不能以 /'],
    ['a/../b', '.. 路径段'],
    ['x'.repeat(851), '850 字节'],
    ['a\nb', '控制字符'],
  ])('refuses the key %.8j with a sentence and keeps the file', async (key, sentence) => {
    const page = await open()
    await pick(page)
    await page.input('key-field input', key)
    expect(page.text('.problem')).toContain(sentence)
    await start(page)
    expect(panel(page).phase).toBe('ready')
    expect(page.text('file-picker .name')).toBe('a b+c (1)&.png')
    expect(wx.calls.some(({ api }) => api === 'uploadFile')).toBe(false)
    await page.input('key-field input', 'right.png')
    expect(page.has('.problem')).toBe(false)
  })

  test('opens with the key of its query', async () => {
    const page = await open({ key: encodeURIComponent('照片/1.png') })
    expect(page.attr('key-field input', 'value')).toBe('照片/1.png')
    await pick(page, 'other.png')
    expect(page.attr('key-field input', 'value')).toBe('照片/1.png')
  })

  test('says that the server is down, keeps the file, and works on retry', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount(`pages/${name}/${name}`)
    await until(() => page.has('failure-panel .failure'), 'the failure')
    expect(page.text('failure-panel')).toContain('连不上服务器')
    await pick(page)
    await start(page)
    await ended(page)
    expect(page.text('failure-panel')).toContain('连不上服务器')
    expect(page.text('failure-panel')).toContain('npm start')
    expect(page.text('transfer-controls button')).toBe('重试')

    wx.setStorageSync('server-url', stack.server)
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(page.has('.failure')).toBe(false)
  })

  test('shows the reason when COS refuses', async () => {
    const page = await open()
    await pick(page, 'a.png')
    const { request, uploadFile } = wx
    const other = (url: string) => url.replace(/(q-signature=)\w+/, `$1${'0'.repeat(40)}`)
    wx.request = (option) => request({ ...option, url: other(option.url) })
    wx.uploadFile = (option) =>
      uploadFile({ ...option, formData: { ...option.formData, 'q-signature': '0'.repeat(40) } })
    await start(page)
    await ended(page)
    expect(page.text('failure-panel')).toContain('签名不匹配')
    expect(page.text('failure-panel')).toContain('SignatureDoesNotMatch')
    expect(page.text('failure-panel')).toContain('403')
    expect(page.text('failure-panel')).toMatch(/请求 ID\s*\S{10,}/)

    Object.assign(wx, { request, uploadFile })
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('done')
  })

  test('whose server gives a wrong time corrects that by the time of COS, unasked', async () => {
    const page = await open()
    await pick(page, 'a.png')
    const { request } = wx
    const anHourAgo = 3600
    wx.request = (option) =>
      request({
        ...option,
        success: (result) => {
          const data = result.data as Record<string, number>
          for (const time of ['startTime', 'serverTime']) if (data[time]) data[time] -= anHourAgo
          option.success?.(result)
        },
      })
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(page.has('.failure')).toBe(false)
  })

  test('can be canceled, and keeps the file', async () => {
    const page = await open()
    await pick(page, 'large.bin', Buffer.alloc(30 * 1024 * 1024))
    await start(page)
    await until(() => panel(page).phase === 'transferring', 'the transfer')
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    await page.tap('transfer-controls button')
    await ended(page)
    expect(panel(page).phase).toBe('cancelled')
    expect(page.text()).toContain('已取消')
    expect(page.text('file-picker .name')).toBe('large.bin')
    await start(page) // the second half of a double tap
    clock.mockRestore()
    expect(panel(page).phase).toBe('cancelled')
  })

  test('can be canceled while the server does not answer', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    wx.setStorageSync('server-url', `http://127.0.0.1:${port}`)
    try {
      const page = mount(`pages/${name}/${name}`)
      await pick(page)
      await start(page)
      expect(panel(page).phase).toBe('signing')
      await page.tap('transfer-controls button')
      await ended(page)
      expect(panel(page).phase).toBe('cancelled')
      expect(panel(page).signed).toBeNull()
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  })

  test('starts once, however often the button is tapped', async () => {
    const page = await open()
    await pick(page, 'a.png')
    const panelInstance = page.instance.selectComponent('#panel')
    panelInstance.start()
    panelInstance.start()
    await ended(page)
    const isUpload = ({ api, option }: NodeWx['calls'][number]) =>
      api === 'uploadFile' || option.method === 'PUT'
    expect(wx.calls.filter(isUpload)).toHaveLength(1)
  })

  test('takes a person who changes their mind for no failure', async () => {
    const page = await open()
    wx.nextChosen('cancel')
    await page.tap('file-picker .choice', 0)
    expect(page.attr('transfer-controls', 'phase')).toBe('empty')
    expect(page.has('.failure')).toBe(false)
  })

  test('explains a refused privacy agreement', async () => {
    const page = await open()
    wx.nextChosen({ reason: 'privacy permission is not authorized', errno: 103 })
    await page.tap('file-picker .choice', 0)
    await until(() => page.has('file-picker failure-panel'), 'the failure')
    expect(page.text('failure-panel')).toContain('未同意隐私保护指引')
  })
})

describe('the chosen file', () => {
  const photo = { name: 'tmp_1.JPG', bytes: PNG }
  const video = { name: 'tmp_2.mp4', bytes: Buffer.alloc(5000), type: 'video' as const }

  const fromAlbum = async (...chosen: ChosenFile[]) => {
    const page = mount('pages/put-object/put-object')
    await until(() => prefixOf(page), 'the prefix')
    wx.nextChosen(chosen)
    await page.tap('file-picker .choice', 0)
    await until(() => page.data.file, 'the file')
    return page
  }

  test('may come from the album or the camera, photo or video, and it is the original', async () => {
    await fromAlbum(photo)
    expect(wx.calls.find(({ api }) => api === 'chooseMedia')?.option).toMatchObject({
      count: 1,
      mediaType: ['image', 'video'],
      sourceType: ['album', 'camera'],
      sizeType: ['original'],
    })
  })

  test('is called after the time where it is a photo, and shown', async () => {
    const page = await fromAlbum(photo)
    expect(page.text('file-picker .name')).toMatch(/^照片-\d{6}\.jpg$/)
    expect(page.attr('file-thumb image', 'src')).toBe(page.data.file.path)
    expect(page.attr('key-field input', 'value')).toBe(todays(page.data.file.name))
  })

  test('shows a picture and the length of a video', async () => {
    const page = await fromAlbum({ ...video, duration: 65.4, thumb: PNG })
    expect(page.text('file-picker .name')).toMatch(/^视频-\d{6}\.mp4$/)
    expect(page.text('file-picker .about')).toContain('1:05 · 4.9 KB')
    expect(page.attr('file-thumb image', 'src')).toMatch(/\.jpg$/)
    expect(page.text('file-thumb')).toBe('▶')
  })

  test('shows its extension where there is no picture, or a broken one', async () => {
    const page = await fromAlbum(video)
    expect(page.has('file-thumb image')).toBe(false)
    expect(page.text('file-thumb .badge')).toBe('MP4')
    await page.tap('file-picker .link')
    wx.nextChosen([photo])
    await page.tap('file-picker .choice', 0)
    await until(() => page.data.file.kind === 'image', 'the photo')
    await page.trigger('file-thumb image', 'error', { errMsg: 'broken' })
    expect(page.text('file-thumb .badge')).toBe('JPG')
  })

  test.each([
    ['报告.pdf', 'PDF'],
    ['Makefile', '文件'],
    ['a.longextension', '文件'],
  ])('from a chat keeps its name: %s', async (name, badge) => {
    const page = mount('pages/put-object/put-object')
    await pick(page, name)
    expect(page.text('file-picker .name')).toBe(name)
    expect(page.text('file-thumb .badge')).toBe(badge)
    expect(page.attr('key-field input', 'value')).toBe(todays(name))
  })

  test('stays until another one is chosen, whose key is proposed again', async () => {
    const page = await fromAlbum(photo)
    const { name } = page.data.file
    await page.input('key-field input', '我的.jpg')
    await page.tap('file-picker .link')
    wx.nextChosen('cancel')
    await page.tap('file-picker .choice', 0)
    expect(page.text('file-picker .name')).toBe(name)
    expect(page.instance.selectComponent('#key').getName()).toBe('我的.jpg')

    wx.nextChosen([{ name: 'other.txt', bytes: PNG }])
    await page.tap('file-picker .choice', 1)
    await until(() => page.data.file.name === 'other.txt', 'the other file')
    expect(page.has('file-picker .choice')).toBe(false)
    expect(page.attr('key-field input', 'value')).toBe(todays('other.txt'))
  })

  test('whose name is long shows its start and its extension', async () => {
    const page = mount('pages/put-object/put-object')
    await pick(page, '2026年度第三季度产品发布会现场照片与采访记录汇总.docx')
    expect(page.text('file-picker .name')).toBe('2026年度第三季度产…采访记录汇总.docx')
  })

  test.each([
    ['..\\..\\a.txt', 'a.txt'],
    ['.', '文件'],
    ['...', '文件'],
    ['a\u0000b\n.txt', 'ab.txt'],
    ['\u202ecod.exe', 'cod.exe'],
    ['\ud83d.png', 'png'],
    [`${'长'.repeat(900)}.tar`, `${'长'.repeat(100)}.tar`],
  ])('whose name is %j proposes a key that is harmless', async (name, proposed) => {
    const page = mount('pages/put-object/put-object')
    await until(() => prefixOf(page), 'the prefix')
    const file = { path: 'wxfile://a', name, size: 1, kind: 'file', thumb: '', duration: 0 }
    page.instance.onPick({ detail: { files: [file] } })
    const key = page.instance.selectComponent('#key')
    expect(page.attr('key-field input', 'value')).toBe(todays(proposed))
    expect(key.validate()).toBe(todays(proposed))
  })
})

test('put-object hands a large file over to the multipart upload, as soon as it is chosen', async () => {
  const page = mount('pages/put-object/put-object')
  await pick(page, 'large 100%.bin', Buffer.alloc(50 * 1024 * 1024 + 1))
  await until(() => page.has('too-large'), 'the limit')
  expect(page.text('too-large')).toContain('超过 50 MB')
  expect(page.has('transfer-panel')).toBe(false)
  await page.tap('too-large .wide')
  const { option } = wx.calls.findLast(({ api }) => api === 'navigateTo')!
  const { url } = option as { url: string }
  const [route = '', query = ''] = url.slice(1).split('?')
  const next = mount(route, { query: { file: query.replace('file=', '') } })
  expect(next.text('file-picker .name')).toBe('large 100%.bin')
  expect(next.data.file).toEqual(page.data.file)

  await pick(page, 'small.bin')
  expect(page.has('transfer-panel')).toBe(true)
})

test('post-object says at once that a file exceeds the limit of the server', async () => {
  const page = mount('pages/post-object/post-object')
  await pick(page, 'large.bin', Buffer.alloc(100 * 1024 * 1024 + 1))
  await until(() => page.has('too-large'), 'the limit')
  expect(page.text('too-large')).toContain('超过 100 MB')
  expect(page.has('transfer-panel')).toBe(false)
  await pick(page, 'small.bin')
  expect(page.has('transfer-panel')).toBe(true)
})

describe('an object that exists', () => {
  const upload = async () => {
    const page = mount('pages/post-object/post-object')
    await until(() => prefixOf(page), 'the prefix')
    await pick(page, 'b.png')
    await page.input('key-field input', '已有.png')
    await start(page)
    await ended(page)
    return page
  }
  const questions = () => wx.calls.filter(({ api }) => api === 'showModal')

  test('is overwritten only after a question', async () => {
    await upload()
    const asked = questions().length
    expect(panel(await upload()).phase).toBe('done')
    expect(questions()).toHaveLength(asked + 1)
    expect(questions().at(-1)!.option.content).toContain('已有.png')

    wx.person.agrees = false
    expect(panel(await upload()).phase).toBe('cancelled')
    expect(wx.calls.filter(({ api }) => api === 'uploadFile')).toHaveLength(2)
  })

  test('that was uploaded before is not proposed for another file', async () => {
    const page = mount('pages/put-object/put-object')
    await until(() => prefixOf(page), 'the prefix')
    await steps.uploads(page, wx, 'c.png', PNG)
    await page.tap('file-picker .link')
    wx.nextChosen([{ name: 'c.png', bytes: PNG }])
    await page.tap('file-picker .choice', 1)
    await until(() => panel(page).phase === 'ready', 'the other file')
    expect(page.attr('key-field input', 'value')).toBe(todays('c-2.png'))
  })
})

test('leaving during an upload asks, and tells what has become of it', async () => {
  const page = mount('pages/put-object/put-object')
  await pick(page, 'large.bin', Buffer.alloc(30 * 1024 * 1024))
  await start(page)
  await until(() => panel(page).phase === 'transferring', 'the transfer')
  const alerts = () => wx.calls.filter(({ api }) => api.endsWith('AlertBeforeUnload'))
  expect(alerts().at(-1)).toMatchObject({ api: 'enableAlertBeforeUnload' })
  page.unmount()
  expect(wx.calls.at(-1)).toMatchObject({ api: 'showToast', option: { title: '传输已取消' } })
})

test('a file that cannot be read any more offers no retry', async () => {
  const page = mount('pages/put-object/put-object')
  await pick(page, 'gone.bin')
  wx.getFileSystemManager().unlink({ filePath: page.data.file.path })
  await start(page)
  await ended(page)
  expect(page.text('failure-panel')).toContain('无法读取文件')
  expect(page.texts('transfer-controls .buttons button')).toEqual([])
})

test('post-object says that a PUT URL never works with wx.uploadFile', () => {
  expect(mount('pages/post-object/post-object').text('.intro')).toMatch(/PUT URL 必然失败/)
})

test('post-object shows percent and bytes', async () => {
  const page = mount('pages/post-object/post-object')
  await until(() => prefixOf(page), 'the prefix')
  await pick(page, 'large.bin', Buffer.alloc(30 * 1024 * 1024))
  await start(page)
  await until(() => panel(page).percent > 0, 'progress')
  expect(page.text('transfer-controls')).toMatch(/\d+%.* \/ 30 MB/)
  await ended(page)
})
