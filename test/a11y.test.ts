import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenOptions, type OpenPreview } from './helpers/browser'
import { controlOf, type Control } from './helpers/control'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'

/** Every page and the states of a transfer, as axe and a person with large letters see them. */

const AXE = join(__dirname, '../node_modules/axe-core/axe.min.js')
const app = JSON.parse(readFileSync(join(__dirname, '../miniprogram/app.json'), 'utf8')) as {
  pages: string[]
  subPackages: { root: string; pages: string[] }[]
}
const pages = [
  ...app.pages,
  ...app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`)),
]

/** WeChat's own: 23.8 px where the standard is 16 px. */
const LARGE_LETTERS = 'html { font-size: 23.8px !important }'

const files = tempDir()
let stack: Stack
let control: Control
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await startStack()
  control = controlOf(stack.control)
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
  files.remove()
})

async function open(route: string, options: OpenOptions = {}) {
  preview = await openPreview(`${stack.preview}/#/${route}`, options)
  page = preview.page
  await page.getByRole('heading').first().waitFor()
}

interface Violation {
  id: string
  /** Of a rule that could not be tried. */
  error?: { message: string }
  nodes: { html: string; any: { message: string }[] }[]
}

/** axe gives up the whole rule on contrast where a text is wider than what it scrolls in. */
const WRAPPED_CODE = 'wx-scroll-view wx-text { display: block; white-space: pre-wrap !important }'

/** What axe has against the phone: a line for each element, and for each rule that it could not try. */
async function violations(rules: object = {}): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: AXE })
  const wrapped = await page.addStyleTag({ content: WRAPPED_CODE })
  const found = await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          scope: string,
          options: object,
        ): Promise<{ violations: Violation[]; incomplete: Violation[] }>
      }
    }
    const { violations, incomplete } = await axe.run('.mp-phone', {
      resultTypes: ['violations', 'incomplete'],
      ...rules,
    })
    return [...violations, ...incomplete.filter(({ error }) => error)]
  }, rules)
  await wrapped.evaluate((style) => (style as HTMLStyleElement).remove())
  return found.flatMap(({ id, error, nodes }) =>
    nodes.map(
      ({ html, any }) =>
        `${id}: ${html.slice(0, 200)} (${error?.message ?? any[0]?.message ?? ''})`,
    ),
  )
}

/** Placeholders that are not in the color of hints, which can be read: axe does not look at them. */
async function faintPlaceholders(): Promise<string[]> {
  return page.locator('.mp-phone [placeholder]:not([placeholder=""])').evaluateAll((fields) =>
    fields.flatMap((field) => {
      const probe = document.createElement('span')
      probe.style.color = 'var(--fg-hint)'
      field.before(probe)
      const hint = getComputedStyle(probe).color
      probe.remove()
      const { color } = getComputedStyle(field, '::placeholder')
      return color === hint ? [] : [`${(field as HTMLInputElement).placeholder}: ${color}`]
    }),
  )
}

/** In dark mode, only the colors differ. */
async function expectNoViolation() {
  for (const [colorScheme, rules] of [
    ['light', {}],
    ['dark', { runOnly: ['color-contrast'] }],
  ] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await violations(rules)).toEqual([])
    expect(await faintPlaceholders()).toEqual([])
  }
}

describe.each(['zh-CN', 'en-US'])('%s', (language) => {
  // One phone for all pages: axe is half a megabyte of script.
  beforeAll(() => open('pages/index/index', { language }))
  afterAll(() => preview.close())

  test.each(pages)('%s: no violation, nothing is cut in the largest letters', async (route) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate((url) => wx.reLaunch({ url }), `/${route}`)
    await page.locator(`[is="${route}"]`).waitFor()
    await page.getByRole('heading').first().waitFor()
    await expectNoViolation()
    await page.setViewportSize({ width: 320, height: 568 })
    const letters = await page.addStyleTag({ content: LARGE_LETTERS })
    expect(await cutTexts()).toEqual([])
    await letters.evaluate((style) => (style as HTMLStyleElement).remove())
  })
})

describe('the states of a transfer', () => {
  const button = (name: string) => page.getByRole('button', { name })

  const slow = { kind: 'slow', delay: 12_000, share: 1, match: { method: 'PUT' } } as const
  afterEach(async () => {
    await control.clear()
    await preview.close()
  })

  test('ready, under way, canceled, failed, done: no violation', async () => {
    await open('pages/put-object/put-object')
    await choose('a.txt', Buffer.from('a'))
    await expectNoViolation()
    await control.order(slow)
    await page.clock.install()
    await button('上传').tap()
    await button('取消').waitFor()
    await page.getByText('B · 已用').waitFor()
    await expectNoViolation()
    await button('取消').tap()
    await page.getByText('已取消').waitFor()
    await expectNoViolation()
    await page.clock.fastForward(1000) // no double tap any more
    await control.clear()
    await control.order({ kind: '403', share: 1, match: { method: 'PUT' } })
    await button('重试').tap()
    await page.getByRole('alert').waitFor()
    await expectNoViolation()
    await page.clock.fastForward(1000)
    await control.clear()
    await button('重试').tap()
    await page.getByText('上传完成').waitFor()
    await expectNoViolation()
  })

  test('stalled, paused: no violation', async () => {
    await open('pages/multipart-upload/multipart-upload')
    await choose('a.bin', Buffer.alloc(2 * 1024 * 1024))
    await control.order(slow)
    await page.clock.install()
    await button('上传').tap()
    await page.getByText('0%', { exact: true }).waitFor()
    await page.clock.runFor(120_000)
    await page.getByText('没有进度').waitFor()
    await expectNoViolation()
    await button('暂停').tap()
    await page.getByText('已暂停').waitFor()
    await expectNoViolation()
  })
})

async function choose(name: string, bytes: Buffer) {
  const path = join(files.path, name)
  writeFileSync(path, bytes)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: '从聊天记录选择' }).tap()
  await (await chooser).setFiles(path)
  await page.getByRole('button', { name: '更换' }).waitFor()
}

test('a violation is found', async () => {
  await open('pages/index/index')
  await page.evaluate(() => {
    const button = document.createElement('button')
    document.querySelector('wx-page')!.append(button)
  })
  expect(await violations()).toEqual([expect.stringContaining('button-name')])
  await preview.close()
})

test('the keyboard reaches what can be pressed, in order, and presses it', async () => {
  await open('pages/index/index')
  const focused = () => page.evaluate(() => document.activeElement?.textContent)
  await page.keyboard.press('Tab')
  expect(await focused()).toContain('上传：PUT')
  await page.keyboard.press('Tab')
  expect(await focused()).toContain('上传：POST 表单')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'POST 表单上传' }).waitFor()
  await preview.close()
})

/** Texts that do not fit in what holds them, but for those that can be scrolled. */
function cutTexts(): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.querySelector('.mp-page:not([hidden])')!
    const wide = root.scrollWidth > root.clientWidth ? ['the page overflows sideways'] : []
    const all = [...root.querySelectorAll<HTMLElement>('wx-view, wx-text, wx-button, wx-input')]
    const cut = all.filter((element) => {
      const scrolls = element.closest('wx-scroll-view, wx-input')
      const isTooHigh = element.scrollHeight > element.clientHeight + 1
      const isShort = getComputedStyle(element).display !== 'inline' && element.clientHeight > 0
      const text = element.textContent.trim()
      return !scrolls && text !== '' && isShort && isTooHigh
    })
    const inputs = [...root.querySelectorAll<HTMLElement>('wx-input')].filter((input) => {
      const letters = parseFloat(getComputedStyle(input).fontSize)
      return input.clientHeight > 0 && input.clientHeight < 1.3 * letters
    })
    return [...wide, ...[...cut, ...inputs].map((element) => element.outerHTML.slice(0, 160))]
  })
}
