import { describe, expect, test } from '@jest/globals'
import { until } from '../helpers/until'
import { wx } from '../helpers/page-environment'
import { FIVE, files, isOver, name, openWith, phases, rows, sent, tapRow } from './queue-steps'
import { pickAll, prefixOf, start, todays } from './steps'

describe('the keys of a queue', () => {
  test('are proposed one for each, and never twice', async () => {
    const page = await openWith('a.txt', 'a.txt', '照片 (1).JPG', '..', 'x/../y\\z\u0007.png')
    expect(rows(page).map(({ name }) => name)).toEqual([
      todays('a.txt'),
      todays('a-2.txt'),
      todays('照片 (1).JPG'),
      todays('文件'),
      todays('x-..-y-z.png'),
    ])
    expect(rows(page).map(({ problem }) => problem)).toEqual(Array(5).fill(''))
  })

  test('are named where two are the same, before anything is sent', async () => {
    const page = await openWith('a.txt', 'b.txt', 'c.txt')
    await name(page, 2, todays('a.txt'))
    expect(page.text('upload-row .problem')).toContain('与第 1 个文件的对象键相同')
    await start(page)
    expect(page.text('.go .problem')).toContain('有 1 个对象键需要修改')
    expect(phases(page)).toEqual(Array(3).fill('ready'))
    expect(sent()).toEqual([])

    await name(page, 2, 'c.txt')
    expect(page.has('.problem')).toBe(false)
    await start(page)
    await isOver(page)
    expect(phases(page)).toEqual(Array(3).fill('done'))
    expect(sent()).toContain(`${prefixOf(page)}c.txt`)
  })

  test.each([
    ['', '请输入对象键'],
    ['a/../b', '.. 路径段'],
  ])('are refused with a sentence: %j', async (key, sentence) => {
    const page = await openWith('a.txt', 'b.txt')
    await name(page, 0, key)
    expect(page.text('upload-row .problem')).toContain(sentence)
    await start(page)
    expect(sent()).toEqual([])
  })

  test('stay as they are from the start on', async () => {
    const page = await openWith(...FIVE)
    await start(page)
    expect(page.attr('upload-row input', 'disabled')).toBe(true)
    await isOver(page)
    expect(page.attr('upload-row input', 'disabled')).toBe(true)
  })

  test('that is being typed keeps its place until the typing has ended', async () => {
    const page = await openWith('a.txt', 'b.txt', 'c.txt', 'd.txt')
    await start(page)
    await page.trigger('upload-row input', 'focus', {}, 3)
    await until(() => phases(page).filter((phase) => phase === 'done').length === 3, 'the others')
    expect(phases(page)[3]).toBe('waiting')
    await name(page, 3, '打完了.txt')
    await page.trigger('upload-row input', 'blur', {}, 3)
    await isOver(page)
    expect(sent()).toContain(`${prefixOf(page)}打完了.txt`)
  })

  test('keep what was typed when a row above is removed, and when files are added', async () => {
    const page = await openWith('a.txt', 'b.txt', 'c.txt')
    await name(page, 1, '打的.txt')
    await tapRow(page, 0, '移除')
    await pickAll(page, wx, files('d.txt'))
    await start(page)
    await isOver(page)
    expect(sent().map((key) => key.slice(prefixOf(page).length))).toEqual([
      todays('c.txt'),
      todays('d.txt'),
      '打的.txt',
    ])
  })
})
