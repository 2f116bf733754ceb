import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx } from '../helpers/node-wx'

let restore: () => Promise<void>

beforeEach(() => {
  ;({ restore } = installNodeWx())
})
afterEach(() => restore())

/** A field whose parent confirms when it is told to. */
function field(value = '') {
  const page = mount('components/text-field/text-field', { properties: { value } })
  const changes: string[] = []
  page.instance.triggerEvent = (event: string, detail: { value: string }) => {
    if (event === 'change') changes.push(detail.value)
  }
  return { page, changes, set: (next: string) => page.instance.setData({ value: next }) }
}

/** What the native field is told to show. */
const told = (page: Mounted) => page.attr('input', 'value')

test('typing is reported, and a late confirmation does not undo it', async () => {
  const { page, changes, set } = field('a')
  expect(told(page)).toBe('a')
  await page.input('input', 'ab')
  await page.input('input', 'abc')
  set('ab')
  expect(told(page)).toBe('a') // nothing that would replace abc
  set('abc')
  expect([told(page), changes]).toEqual(['a', ['ab', 'abc']])
})

test('any other value replaces the text, also one that was typed before', async () => {
  const { page, set } = field()
  await page.input('input', 'ab')
  set('ab')
  await page.input('input', 'abc')
  set('abc')
  set('ab')
  expect(told(page)).toBe('ab')
  await page.input('input', 'x')
  set('')
  expect(told(page)).toBe('')
})

test('a corrected value replaces what is typed', async () => {
  const { page, set } = field()
  await page.input('input', 'A')
  set('a')
  expect(told(page)).toBe('a')
})
