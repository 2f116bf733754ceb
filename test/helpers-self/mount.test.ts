/** @jest-environment jsdom */
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mount as mountFile, type MountOptions } from '../helpers/mount'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'

const root = path.join(__dirname, 'fixture')
const mount = (options: MountOptions = {}) => mountFile('pages/demo/demo', { root, ...options })

let wx: NodeWx
let restore: () => Promise<void>

beforeEach(() => {
  ;({ wx, restore } = installNodeWx())
})
afterEach(() => restore())

test('a page gets its query, the app, and a place among the pages', () => {
  const page = mount({ query: { id: '7' }, app: { greeting: 'Hello' } })
  expect(page.text('.title')).toBe('Hello 7')
  expect(page.data.key).toBe('a.txt')
  expect(getCurrentPages()[0]).toMatchObject({ route: 'pages/demo/demo', options: { id: '7' } })
  page.unmount()
  expect(getCurrentPages()).toEqual([])
})

test('the simulator leaves the global wx alone', () => {
  mount()
  expect((globalThis as { wx?: unknown }).wx).toBe(wx)
})

test('from choosing a file to the result, through two levels of components', async () => {
  const page = mount()
  await page.input('#key', 'b.txt')
  expect(page.attr('#key', 'value')).toBe('b.txt')
  wx.nextChosen([{ name: 'photo.png', bytes: 'x' }])
  await page.tap('file-picker inner-button button')
  await until(() => page.has('.result'), 'the result')
  expect(page.text('.result')).toBe('picked photo.png as b.txt')
  expect(page.text('file-picker .title')).toBe('picker photo.png')
  expect(page.text('.slotted')).toBe('slot of b.txt')
  expect(page.text()).toContain('picked photo.png')
  expect(page.html()).toContain('picked photo.png')
})

test('selectors', async () => {
  const page = mount()
  expect(page.texts('.title')).toEqual(['', 'picker'])
  expect(page.texts('view.row')).toEqual(['row x', 'row y'])
  expect(page.text('[data-index="1"]')).toBe('row y')
  expect(page.texts('button.row')).toEqual([])
  expect(page.texts('file-picker inner-button .press')).toEqual(['Choose'])
  expect(page.texts('inner-button file-picker .press')).toEqual([])
  expect(page.attr('file-picker', 'label')).toBe('Choose')
  await page.tap('.row', 1)
  expect(page.data.row).toBe('1')
  expect(() => page.text('.nowhere')).toThrow('nothing matches .nowhere')
  expect(() => page.has('view > text')).toThrow('selector: cannot read ">"')
})

test('what is disabled cannot be used', async () => {
  const page = mount()
  page.instance.setData({ busy: true })
  await expect(page.input('#key', 'c')).rejects.toThrow('#key is disabled')
  await expect(page.tap('#off')).rejects.toThrow('#off is disabled')
})

describe('errors fail the test', () => {
  test('in a handler', async () => {
    const page = mount()
    await expect(page.tap('#fail')).rejects.toThrow('broken on tap')
  })

  test('in a lifecycle', () => {
    expect(() => mount({ query: { broken: '1' } })).toThrow('broken on load')
  })
})

test('trigger fires what does not bubble, with its detail', async () => {
  const page = mount()
  await page.trigger('file-picker', 'pick', { name: 'c.png' })
  expect(page.text('.result')).toBe('picked c.png as a.txt')
})

test('a component, with properties', () => {
  const component = mountFile('components/file-picker/file-picker', {
    root,
    properties: { label: 'Pick' },
  })
  expect(component.text('inner-button')).toBe('Pick')
})

test('a page made by Component() has page lifecycles', () => {
  const page = mountFile('pages/component-page/component-page', { root, query: { id: '1' } })
  page.hide()
  page.show()
  const seen: string[] = page.instance.seen
  page.unmount()
  expect(seen).toEqual([
    'attached',
    'onLoad 1',
    'show',
    'ready',
    'hide',
    'show',
    'onUnload',
    'detached',
  ])
})
