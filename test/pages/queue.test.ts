import { describe, expect, test } from '@jest/globals'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { until } from '../helpers/until'
import { control, stack, wx } from '../helpers/page-environment'
import {
  FIVE,
  PAGE,
  aSecondLater,
  files,
  isOver,
  name,
  open,
  openWith,
  phases,
  rows,
  sent,
  tapRow,
  type Row,
} from './queue-steps'
import { panel, pick, pickAll, prefixOf, start, todays } from './steps'

const MB = 1024 * 1024

const queueOf = (page: Mounted) => page.instance.selectComponent('#queue')

/** An event of a row, such as one that comes late. */
const eventOf = ({ id }: Row) => ({ currentTarget: { dataset: { id } } })

/** Milliseconds: the local cloud notes the end of a request a moment after its answer has left. */
const NOTING = 50

/** The bytes of an object, as another page would get them. */
async function stored(key: string): Promise<Buffer> {
  const page = mount('pages/download-object/download-object', {
    query: { key: encodeURIComponent(key) },
  })
  await until(() => prefixOf(page), 'the prefix')
  await start(page)
  await until(() => panel(page).phase === 'done', 'the object')
  const { data } = await new Promise<{ data: string | ArrayBuffer }>((success, fail) => {
    wx.getFileSystemManager().readFile({ filePath: page.data.preview.path, success, fail })
  })
  return Buffer.from(data as ArrayBuffer)
}

describe('several files', () => {
  test('are uploaded, each under its key, and stay what they are', async () => {
    const page = await open()
    const chosen = files(...FIVE)
    await pickAll(page, wx, chosen)
    expect(page.text('.summary')).toMatch(/^5 个文件 · 4\.9 KB$/)
    expect(page.text('transfer-controls button')).toBe('全部上传（5）')
    await name(page, 1, '改过的 键.txt')
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('done'))
    expect(page.text('.summary')).toBe('完成 5 / 5')
    expect(page.text('transfer-controls button')).toBe('清空并重新选择')
    expect(page.texts('upload-row .status')[0]).toBe('✓ 已上传 · 1000 B')

    const prefix = prefixOf(page)
    const keys = FIVE.map((file, index) => (index === 1 ? '改过的 键.txt' : todays(file)))
    expect(sent()).toEqual(keys.map((key) => prefix + key).toSorted())
    expect(wx.getStorageSync('recent-uploads')).toHaveLength(5)
    for (const [index, key] of keys.entries()) {
      expect((await stored(prefix + key)).equals(chosen[index]!.bytes)).toBe(true)
    }
  })

  test('run three at a time, in their order, as the local cloud sees it', async () => {
    const page = await openWith(...FIVE, '6.txt', '7.txt')
    const [latest] = await control.list()
    const begun: string[] = []
    const { onRowStart } = page.instance
    page.instance.onRowStart = function (event: { detail: { name: string } }) {
      begun.push(event.detail.name.slice(-5))
      return onRowStart.call(this, event)
    }
    await control.order({ kind: 'slow', delay: 500, times: 7, match: { method: 'POST' } })
    await start(page)
    expect(phases(page)).toEqual([...Array(3).fill('signing'), ...Array(4).fill('waiting')])
    expect(page.texts('upload-row .status')[3]).toBe('排队中 · 1000 B')
    await isOver(page)
    const isForm = ({ id, carrier }: RequestRecord) => id > (latest?.id ?? 0) && carrier === 'form'
    const forms = async () => (await control.list()).filter(isForm)
    await until(async () => (await forms()).length >= 7, 'a record of each file')
    const seen = await forms()
    expect(seen).toHaveLength(7)
    const atOnce = seen.map(
      ({ time: at }) =>
        seen.filter(({ time, milliseconds }) => time <= at && at < time + milliseconds - NOTING)
          .length,
    )
    expect(Math.max(...atOnce)).toBe(3)
    expect(begun).toEqual([...FIVE, '6.txt', '7.txt'])
  })

  test('of which one is refused in the middle: the others go on, and it can be tried again', async () => {
    const page = await openWith(...FIVE)
    const { uploadFile } = wx
    wx.uploadFile = (option) => {
      const isThird = String(option.formData?.key).endsWith('3.txt')
      const formData = { ...option.formData, 'q-signature': '0'.repeat(40) }
      return uploadFile(isThird ? { ...option, formData } : option)
    }
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(['done', 'done', 'failed', 'done', 'done'])
    expect(page.text('.summary')).toBe('完成 4 / 5 · 失败 1')
    expect(page.texts('upload-row .status')[2]).toBe('! 签名不匹配')
    expect(page.has('upload-row failure-panel')).toBe(false)
    await tapRow(page, 2, '原因')
    expect(page.text('upload-row failure-panel')).toContain('SignatureDoesNotMatch')
    expect(page.text('upload-row failure-panel')).toContain('COS 算出的签名不同')
    await tapRow(page, 2, '收起')
    expect(page.has('upload-row failure-panel')).toBe(false)

    wx.uploadFile = uploadFile
    const before = wx.calls.length
    await tapRow(page, 2, '重试')
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('done'))
    const again = wx.calls.slice(before).filter(({ api }) => api === 'uploadFile')
    expect(again.map(({ option }) => option.formData)).toMatchObject([
      { key: prefixOf(page) + todays('3.txt') },
    ])
  })

  test.each([
    ['403', '没有权限'],
    ['503', 'COS 暂时不可用'],
    ['drop-during', '连接失败'],
  ] as const)('say why one failed: %s', async (kind, title) => {
    const page = await openWith('a.txt', 'b.txt', 'c.txt', 'd.txt')
    await control.order({ kind, match: { method: 'POST' } })
    await start(page)
    await isOver(page)
    expect(phases(page).toSorted()).toEqual(['done', 'done', 'done', 'failed'])
    expect(page.texts('upload-row .status')).toContain(`! ${title}`)
    expect(page.text('transfer-controls button')).toBe('上传其余（1）')
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(4).fill('done'))
  })

  test('fail together, and arrive when they are sent again', async () => {
    const page = await openWith(...FIVE)
    await control.order({ kind: '403', share: 1, match: { method: 'POST' } })
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('failed'))
    await control.clear()
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('done'))
  })

  test('of which one is over the limit of the server: it is not sent, the others are', async () => {
    const page = await openWith('a.txt', 'b.txt')
    const size = 101 * MB
    const path = wx.addTempFile(
      { size, fill: (_at: number, length: number) => new Uint8Array(length) },
      'big.zip',
    )
    const big = { path, size, name: 'big.zip', kind: 'file', thumb: '', duration: 0 }
    page.instance.onPick({ detail: { files: [big] } })
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(['done', 'done', 'failed'])
    expect(page.texts('upload-row .status')[2]).toBe('! 文件太大')
    await tapRow(page, 2, '原因')
    expect(page.text('upload-row failure-panel')).toContain('超过了上限 100 MB')
    expect(sent()).toHaveLength(2)
    await page.tap('upload-row .reason .remove')
    expect(phases(page)).toEqual(['done', 'done'])
    expect(page.text('transfer-controls button')).toBe('清空并重新选择')
    await start(page)
    expect(page.has('upload-row')).toBe(false)
    expect(page.text('file-picker')).toContain('请先选择文件')
  })

  test('all fail without the server, and all arrive once it is there', async () => {
    const page = await openWith('a.txt', 'b.txt')
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const { request } = wx
    wx.request = (option) =>
      request({ ...option, url: option.url.replace(stack.server, 'http://127.0.0.1:1') })
    await start(page)
    await isOver(page)
    expect(page.text('.summary')).toBe('完成 0 / 2 · 失败 2')
    expect(page.texts('upload-row .status')).toEqual(['! 连不上服务器', '! 连不上服务器'])
    wx.request = request
    wx.setStorageSync('server-url', stack.server)
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(['done', 'done'])
  })
})

describe('a queue', () => {
  test('begins with a second file, and keeps the key of the first', async () => {
    const page = await open()
    await pick(page, wx, 'a.txt', Buffer.from('a'))
    expect(page.has('upload-row')).toBe(false)
    expect(page.text('transfer-controls button')).toBe('上传')
    await page.input('key-field input', '自己起的.txt')
    await pickAll(page, wx, files('b.txt'))
    await start(page)
    await isOver(page)
    expect(sent().map((key) => key.slice(prefixOf(page).length))).toEqual([
      todays('b.txt'),
      '自己起的.txt',
    ])
  })

  test('takes the key of the query for its first file', async () => {
    const page = await open({ key: encodeURIComponent('照片/1.png') })
    await pickAll(page, wx, files('a.png', 'b.png'))
    expect(rows(page).map(({ name }) => name)).toEqual(['照片/1.png', todays('b.png')])
  })

  test('takes the key of the query as a whole, also before the login has answered', async () => {
    const prefix = prefixOf(await open())
    const { request } = wx
    const held: (() => unknown)[] = []
    wx.request = (option) => {
      held.push(() => request(option))
      return { abort() {} } as never
    }
    const page = mount(PAGE, { query: { key: encodeURIComponent(`${prefix}照片/1.png`) } })
    await pickAll(page, wx, files('a.png', 'b.png'))
    wx.request = request
    held.forEach((go) => go())
    await until(() => prefixOf(page), 'the prefix')
    expect(rows(page).map(({ name }) => name)).toEqual(['照片/1.png', todays('b.png')])
    await start(page)
    await isOver(page)
    expect(sent()).toContain(`${prefix}照片/1.png`)
  })

  test('takes the key of the query as a whole where the login has failed at first', async () => {
    const prefix = prefixOf(await open())
    const { request } = wx
    let pending = 0
    wx.request = (option) => {
      const complete = () => void pending--
      pending++
      return request({
        ...option,
        url: option.url.replace(stack.server, 'http://127.0.0.1:1'),
        complete,
      })
    }
    const page = mount(PAGE, { query: { key: encodeURIComponent(`${prefix}照片/1.png`) } })
    await until(() => page.has('failure-panel .failure'), 'the failure')
    await pickAll(page, wx, files('a.png', 'b.png'))
    await until(() => pending === 0, 'the second failure')
    wx.request = request
    await start(page)
    await isOver(page)
    expect(sent()).toContain(`${prefix}照片/1.png`)
  })

  test('sends a row once, however often it is retried', async () => {
    const page = await openWith('1.txt', '2.txt')
    await control.order({ kind: '403', times: 2, match: { method: 'POST' } })
    await start(page)
    await isOver(page)
    expect(sent()).toHaveLength(2)
    const event = eventOf(rows(page)[0]!)
    queueOf(page).onRetry(event)
    queueOf(page).onRetry(event)
    await isOver(page)
    queueOf(page).onRetry(event)
    expect([phases(page), sent().length]).toEqual([['done', 'failed'], 3])
  })

  test('keeps a row that has begun before its removal came', async () => {
    const page = await openWith(...FIVE)
    await start(page)
    queueOf(page).onRemove(eventOf(rows(page)[0]!))
    expect(phases(page)).toEqual([...Array(3).fill('signing'), ...Array(2).fill('waiting')])
    await isOver(page)
    expect(sent()).toHaveLength(5)
  })

  test('takes more files while it runs', async () => {
    const page = await openWith(...FIVE)
    await control.order({ kind: 'slow', delay: 200, times: 3, match: { method: 'POST' } })
    await start(page)
    await pickAll(page, wx, files('6.txt'))
    expect(phases(page)[5]).toBe('waiting')
    await isOver(page)
    expect(phases(page)).toEqual(Array(6).fill('done'))
  })

  test('loses a row that waits, and goes on with the others', async () => {
    const page = await openWith(...FIVE)
    await start(page)
    await tapRow(page, 4, '移除')
    await isOver(page)
    expect(phases(page)).toEqual(Array(4).fill('done'))
    expect(sent()).toHaveLength(4)
  })

  test('shows percent, bytes and speed of each, and can lose one of those that run', async () => {
    const page = await open()
    const large = ['a.bin', 'b.bin'].map((file) => ({ name: file, bytes: Buffer.alloc(30 * MB) }))
    await pickAll(page, wx, large)
    await control.order({ kind: 'slow', rate: 8 * MB, times: 2, match: { method: 'POST' } })
    await start(page)
    await until(() => rows(page)[0]!.percent > 0, 'progress')
    expect(page.texts('upload-row .status')[0]).toMatch(/^\d+% .* \/ 30 MB/)
    expect(page.html()).toContain(`width: ${rows(page)[0]!.percent}%`)
    await tapRow(page, 0, '取消')
    await until(() => phases(page)[0] === 'cancelled', 'the end of it')
    expect(phases(page)[1]).toBe('transferring')
    expect(page.texts('upload-row .status')[0]).toBe('已取消')
    await control.clear()
    await page.tap('transfer-controls button')
    await isOver(page)
    expect(phases(page)).toEqual(['cancelled', 'cancelled'])
  })

  test('is canceled as a whole, and the rest of it goes on when it is started again', async () => {
    const page = await openWith(...FIVE)
    await control.order({ kind: 'slow', delay: 60_000, times: 3, match: { method: 'POST' } })
    await start(page)
    await until(() => phases(page).filter((phase) => phase === 'transferring').length === 3, '3')
    await page.tap('transfer-controls button')
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('cancelled'))
    expect(sent()).toHaveLength(3)
    await control.clear()
    aSecondLater()
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(5).fill('done'))
  })

  test('ends with the page that is left', async () => {
    const page = await openWith(...FIVE)
    await control.order({ kind: 'slow', delay: 60_000, times: 3, match: { method: 'POST' } })
    const ends: string[] = []
    const { uploadFile } = wx
    wx.uploadFile = (option) =>
      uploadFile({ ...option, fail: (error) => (ends.push(error.errMsg), option.fail?.(error)) })
    await start(page)
    await until(() => sent().length === 3, 'the first three')
    page.unmount()
    await until(() => ends.length === 3, 'their end')
    expect(ends).toEqual(Array(3).fill('uploadFile:fail abort'))
    expect(sent()).toHaveLength(3)
  })

  test('sends nothing once the page is left, whatever is still told of its rows', async () => {
    const page = await openWith(...FIVE.slice(0, 4))
    await start(page)
    const queueInstance = queueOf(page)
    queueInstance.onFocus(eventOf(rows(page)[3]!))
    await until(() => phases(page).join() === 'done,done,done,waiting', 'the first three')
    page.unmount()
    queueInstance.onBlur()
    expect(queueInstance.data.rows[3].phase).toBe('waiting')
  })

  test('starts once, however often the button is tapped', async () => {
    const page = await openWith(...FIVE)
    const queueInstance = queueOf(page)
    queueInstance.start()
    queueInstance.start()
    await until(() => phases(page).every((phase) => phase === 'done'), 'the end')
    expect(sent()).toHaveLength(5)
  })

  test('sends little to the screen: each report touches the fields of one row', async () => {
    const page = await open()
    await pickAll(page, wx, [
      { name: 'a.bin', bytes: Buffer.alloc(30 * MB) },
      { name: 'b.bin', bytes: Buffer.alloc(10) },
    ])
    const sizes: number[] = []
    const queueInstance = queueOf(page)
    const { setData } = queueInstance
    queueInstance.setData = function (data: object) {
      if ('rows[0].percent' in data) sizes.push(JSON.stringify(data).length)
      return setData.call(this, data)
    }
    await start(page)
    await isOver(page)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThan(300)
  })

  test('leads to the download of a row', async () => {
    const page = await openWith('a b.txt', 'c.txt')
    await start(page)
    await isOver(page)
    await tapRow(page, 0, '下载')
    expect(wx.calls.at(-1)).toMatchObject({
      api: 'navigateTo',
      option: { url: expect.stringContaining(encodeURIComponent(todays('a b.txt'))) },
    })
  })
})
