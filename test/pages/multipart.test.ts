import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import type { NodeWx } from '../helpers/node-wx'
import { wx } from '../helpers/page-environment'
import { until } from '../helpers/until'
import { ended, panel, pick, prefixOf, start, todays, uploads } from './steps'

let request: NodeWx['request']

beforeEach(() => {
  request = wx.request
})

const PAGE = 'pages/multipart-upload/multipart-upload'
const MB = 1024 * 1024
/** Ten parts. */
const FILE = randomBytes(10 * MB)
const NAME = '大文件 a+b.bin'
/** As it is proposed. */
const KEY = todays(NAME)

async function open(query: Record<string, string> = {}): Promise<Mounted> {
  const page = mount(PAGE, { query })
  await until(() => prefixOf(page), 'the prefix')
  return page
}

type Option = WechatMiniprogram.RequestOption
const partOf = ({ method, url }: Option) =>
  method === 'PUT' ? Number(/[?&]partNumber=(\d+)/.exec(url)?.[1]) : undefined

/** Numbers of the parts that have been sent, in order. */
function partsSent(): number[] {
  const parts = wx.calls.map(({ api, option }) =>
    api === 'request' ? partOf(option as unknown as Option) : undefined,
  )
  return parts.filter((part) => part !== undefined).toSorted((a, b) => a - b)
}

/** Parts above `last` do not leave the phone: their requests wait until they are aborted. */
function holdPartsAfter(last: number): Option[] {
  const held: Option[] = []
  wx.request = (option) => {
    if ((partOf(option) ?? 0) <= last) return request(option)
    held.push(option)
    const abort = () => {
      const result = { errMsg: 'request:fail abort', errno: 0 }
      option.fail?.(result as WechatMiniprogram.RequestFailCallbackErr)
      option.complete?.(result)
    }
    return { abort } as ReturnType<NodeWx['request']>
  }
  return held
}

let later = 0
const { now } = Date
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now() + later)
})

/** COS refuses what this makes of a request. */
const spoiled = (option: Option) => ({
  ...option,
  url: option.url.replace(/(q-signature=)\w+/, `$1${'0'.repeat(40)}`),
})

/** Everything reaches COS again. */
const heal = () => {
  wx.request = request
}

/** Taps a button, a second after whatever was tapped before it. */
const button = async (page: Mounted, text: string) => {
  later += 1000
  const index = page.texts('transfer-controls button').indexOf(text)
  if (index < 0) throw new Error(`no button ${text}: ${page.texts('transfer-controls button')}`)
  await page.tap('transfer-controls button', index)
}

/** What the buttons of the transfer say, without one that is about to go. */
const buttons = (page: Mounted) => {
  const leaving = page.texts('transfer-controls .leaving button').length
  const all = page.texts('transfer-controls .buttons button')
  return all.slice(0, all.length - leaving)
}

/** An upload of which COS has confirmed the first four parts; the others do not come through. */
async function fourParts(): Promise<Mounted> {
  return (await fourPartsAndHeld()).page
}

async function fourPartsAndHeld() {
  const page = await open()
  await pick(page, wx, NAME, FILE)
  const held = holdPartsAfter(4)
  await start(page)
  await until(() => panel(page).percent === 40 && held.length > 0, 'four parts')
  return { page, held }
}

/** The same, and then COS refuses the fifth. */
async function failedAfterFourParts(): Promise<Mounted> {
  const { page, held } = await fourPartsAndHeld()
  heal()
  request(spoiled(held[0]!))
  await ended(page)
  return page
}

/** What is left at COS of this file's upload. */
const unfinished = () =>
  wx.getStorageInfoSync().keys.filter((key) => key.startsWith('unfinished-upload:'))

describe('multipart-upload', () => {
  test('uploads the file part by part, and it comes down again byte for byte', async () => {
    const page = await open()
    expect(page.attr('transfer-controls button', 'disabled')).toBe(true)
    await uploads(page, wx, NAME, FILE)
    expect(partsSent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await page.tap('.done fold-out button')
    expect(page.text('.done')).toContain(prefixOf(page) + KEY)
    expect(page.text('.done')).toContain('10 MB')
    await page.tap('signed-panel fold-out button')
    expect(page.text('signed-panel')).toMatch(/partNumber=\d+/)
    expect(page.has('.unfinished')).toBe(false)

    const download = mount('pages/download-object/download-object', {
      query: { key: encodeURIComponent(page.data.key) },
    })
    await until(() => prefixOf(download), 'the prefix')
    await start(download)
    await ended(download)
    const { data } = await new Promise<{ data: string | ArrayBuffer }>((success, fail) => {
      wx.getFileSystemManager().readFile({ filePath: download.data.preview.path, success, fail })
    })
    expect(Buffer.from(data as ArrayBuffer).equals(FILE)).toBe(true)
  })

  test('pauses, says how far it is, and goes on without sending anything twice', async () => {
    const page = await fourParts()
    expect(buttons(page)).toEqual(['暂停', '取消'])
    await button(page, '暂停')
    expect(page.text('transfer-controls')).toContain('已暂停 · 4.0 MB / 10 MB')
    expect(buttons(page)).toEqual(['继续', '取消'])
    expect(page.attr('file-picker button', 'disabled')).toBe(true)
    expect(page.attr('key-field input', 'disabled')).toBe(true)

    heal()
    await button(page, '继续')
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(partsSent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test.each([[[]], [['暂停']]])('can be canceled after %j, and keeps the file', async (before) => {
    const page = await fourParts()
    for (const text of before) await button(page, text)
    heal()
    await button(page, '取消')
    await ended(page)
    expect(panel(page).phase).toBe('cancelled')
    expect(page.text()).toContain('已取消')
    expect(page.text('file-picker .name')).toBe(NAME)
    expect(page.has('.unfinished')).toBe(false)
    const isAbort = ({ option }: NodeWx['calls'][number]) => option.method === 'DELETE'
    await until(() => wx.calls.some(isAbort), 'the abort')
    await until(() => unfinished().length === 0, 'an empty storage')
  })

  test('shows why it failed, and goes on from what is confirmed', async () => {
    const page = await failedAfterFourParts()
    expect(page.text('failure-panel')).toContain('签名不匹配')
    expect(buttons(page)).toEqual(['重试', '放弃'])
    expect(page.text('.unfinished')).toContain(KEY)

    await button(page, '重试')
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(page.has('.failure')).toBe(false)
    expect(page.has('.unfinished')).toBe(false)
    expect(partsSent().filter((part) => part <= 4)).toEqual([1, 2, 3, 4])
  })

  test('that COS does not give up says so, and stays', async () => {
    const page = await failedAfterFourParts()
    const { request } = wx
    wx.request = (option) => {
      const isAbort = option.method === 'DELETE'
      return request(isAbort ? { ...option, url: option.url.replace(/q-ak=/, 'q-ak=x') } : option)
    }
    await button(page, '放弃')
    await until(() => page.has('.unfinished .failure'), 'the refusal')
    expect(panel(page).phase).toBe('failed')
    expect(page.text('.unfinished')).toContain(KEY)
  })

  test('can be given up after a failure', async () => {
    const page = await failedAfterFourParts()
    await button(page, '放弃')
    await until(() => panel(page).phase === 'cancelled', 'the abort')
    expect(page.has('.failure')).toBe(false)
    expect(page.has('.unfinished')).toBe(false)
    await until(() => unfinished().length === 0, 'the end of the entry')
    expect(buttons(page)).toEqual(['重试'])
  })

  test('has nothing to give up where nothing was begun', async () => {
    const page = await open()
    await pick(page, wx, NAME, FILE)
    wx.request = (option) => request(spoiled(option))
    await start(page)
    await ended(page)
    expect(panel(page).phase).toBe('failed')
    expect(buttons(page)).toEqual(['重试'])
  })

  test('left in the middle, it goes on when the same file is chosen again', async () => {
    const first = await fourParts()
    first.unmount()
    const held = wx.calls.length
    heal()

    const page = await open()
    expect(wx.calls.slice(held).some(({ option }) => option.method === 'DELETE')).toBe(false)
    expect(page.text('.unfinished')).toContain(KEY)
    expect(page.text('.unfinished')).toContain('10 MB')
    expect(page.text('.unfinished')).toContain('重新选择同一个文件')
    await page.tap('.upload-actions button', 0)
    expect(page.attr('key-field input', 'value')).toBe(KEY)
    await uploads(page, wx, 'another name.bin', FILE)
    await page.tap('.done fold-out button')
    expect(page.text('.done')).toContain(prefixOf(page) + KEY)
    expect(partsSent()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(page.has('.unfinished')).toBe(false)
  })

  test('left while the server has not answered, it begins nothing', async () => {
    const answers: (() => void)[] = []
    wx.request = (option) => {
      answers.push(() => void request(option))
      return { abort: () => {} } as ReturnType<NodeWx['request']>
    }
    const page = mount(PAGE)
    await pick(page, wx, NAME, FILE)
    await start(page)
    page.unmount()
    heal()
    for (const answer of answers) answer()
    await open()
    expect(wx.calls.some(({ option }) => /[?&]uploads/.test(String(option.url)))).toBe(false)
  })

  test('an unfinished upload can be discarded', async () => {
    ;(await fourParts()).unmount()
    heal()
    const page = await open()
    wx.person.agrees = false
    await page.tap('.upload-actions button', 1)
    expect(unfinished()).toHaveLength(1)
    wx.person.agrees = true
    await page.tap('.upload-actions button', 1)
    await until(() => !page.has('.unfinished'), 'the end of the list')
    expect(unfinished()).toEqual([])
  })

  test('shows why an unfinished upload was not discarded, and keeps it', async () => {
    ;(await fourParts()).unmount()
    wx.request = (option) => request(spoiled(option))
    const page = await open()
    await page.tap('.upload-actions button', 1)
    await until(() => page.has('.unfinished .failure'), 'the failure')
    expect(page.text('.unfinished failure-panel')).toContain('签名不匹配')
    expect(page.text('.unfinished')).toContain(NAME)

    heal()
    await page.tap('.upload-actions button', 1)
    await until(() => !page.has('.unfinished'), 'the end of the list')
  })

  test('proposes the key of the unfinished upload, whatever the file of that size is called', async () => {
    ;(await fourParts()).unmount()
    heal()
    const page = await open()
    await uploads(page, wx, '照片-143205.jpg', FILE)
    await page.tap('.done fold-out button')
    expect(page.text('.done')).toContain(prefixOf(page) + KEY)
    expect(page.has('.unfinished')).toBe(false)
    await pick(page, wx, 'other.bin', FILE)
    expect(page.attr('key-field input', 'value')).toBe(todays('other.bin'))
  })

  test.each([
    ['of another size', 2 * MB],
    ['of the same size', 10 * MB],
  ])(
    'another file %s under the same key: a notice says so before the upload',
    async (_name, size) => {
      ;(await fourParts()).unmount()
      heal()
      const page = await open()
      await page.input('key-field input', KEY)
      await pick(page, wx, 'other.bin', FILE)
      await until(() => page.data.file, 'the file')
      expect(page.has('.other-file')).toBe(false)
      await pick(page, wx, NAME, randomBytes(size))
      await page.input('key-field input', KEY)
      await until(() => page.has('.other-file'), 'the note')
      expect(page.text('.other-file')).toContain('另一个文件的未完成上传')
      await start(page)
      await ended(page)
      expect(panel(page).phase).toBe('done')
      expect(page.text('.unfinished')).toContain('10 MB')
    },
  )

  test('says that it retries, and how often, while the network is unstable', async () => {
    const page = await open()
    await pick(page, wx, NAME, FILE)
    wx.request = (option) =>
      partOf(option) === 1 ? request({ ...option, url: 'http://127.0.0.1:1/' }) : request(option)
    await start(page)
    await until(() => panel(page).phase === 'stalled', 'the retry')
    expect(page.text('transfer-controls')).toMatch(/请求失败，正在重试（\d\/5）/)
    expect(page.text('transfer-controls')).not.toContain('/s')
    heal()
    await until(() => panel(page).phase !== 'stalled', 'the end of the retry')
    await ended(page)
    expect(panel(page).phase).toBe('done')
  })

  test('says that it cannot be resumed after a restart where the storage is full', async () => {
    wx.limitStorage(0)
    const { page } = await fourPartsAndHeld()
    expect(page.text('.not-kept')).toContain('无法记录这次上传')
    await button(page, '暂停')
    heal()
    await button(page, '继续')
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(page.has('.not-kept')).toBe(false)
  })

  test('does without a storage that cannot be listed', async () => {
    const page = await open()
    wx.getStorageInfoSync = () => {
      throw Object.assign(new Error(), { errMsg: 'getStorageInfoSync:fail internal error' })
    }
    await uploads(page, wx, NAME, randomBytes(2 * MB))
    expect(panel(page).phase).toBe('done')
  })

  test('is given up after a failure, though it could not be recorded', async () => {
    wx.limitStorage(0)
    const page = await failedAfterFourParts()
    await button(page, '放弃')
    await until(() => panel(page).phase === 'cancelled', 'the abort')
    expect(wx.calls.some(({ option }) => option.method === 'DELETE')).toBe(true)
    expect(page.text()).toContain('重试将从头开始')
    expect(buttons(page)).toEqual(['重试'])
  })

  test('resumes while the app runs, though it could not be recorded', async () => {
    wx.limitStorage(0)
    const page = await failedAfterFourParts()
    expect(buttons(page)).toEqual(['重试', '放弃'])
    await button(page, '重试')
    await ended(page)
    expect(panel(page).phase).toBe('done')
    expect(partsSent().filter((part) => part <= 4)).toEqual([1, 2, 3, 4])
  })

  test('left where it could not be resumed, it leaves nothing at COS', async () => {
    wx.limitStorage(0)
    const page = await fourParts()
    heal()
    page.unmount()
    await until(() => wx.calls.some(({ option }) => option.method === 'DELETE'), 'the abort')
  })

  test('starts once, however often the button is tapped', async () => {
    const page = await open()
    await pick(page, wx, NAME, FILE)
    const panelInstance = page.instance.selectComponent('#panel')
    panelInstance.start()
    panelInstance.start()
    await ended(page)
    expect(partsSent()).toHaveLength(10)
  })

  test('refuses an illegal key with a sentence', async () => {
    const page = await open()
    await pick(page, wx, NAME, FILE)
    await page.input('key-field input', 'a/../b')
    await start(page)
    expect(page.text('.problem')).toContain('.. 路径段')
    expect(panel(page).phase).toBe('ready')
  })
})
