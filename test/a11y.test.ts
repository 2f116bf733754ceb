import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { OpenOptions } from './helpers/browser'
import { ROUTES, type Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** Every page and the states of a transfer, as axe and a person with large letters see them. */

const AXE = join(__dirname, '../node_modules/axe-core/axe.min.js')

const phones = usePhones()
let phone: Phone

async function open(page: string, options?: OpenOptions) {
  phone = await phones.open(page, options)
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
  if (!(await phone.page.evaluate(() => 'axe' in globalThis)))
    await phone.page.addScriptTag({ path: AXE })
  const wrapped = await phone.page.addStyleTag({ content: WRAPPED_CODE })
  const found = await phone.page.evaluate(async (rules) => {
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
  return phone.page.locator('.mp-phone [placeholder]:not([placeholder=""])').evaluateAll((fields) =>
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
    await phone.page.emulateMedia({ colorScheme })
    expect(await violations(rules)).toEqual([])
    expect(await faintPlaceholders()).toEqual([])
  }
}

describe.each(['zh-CN', 'en-US'])('%s', (language) => {
  // One phone for all pages: axe is half a megabyte of script.
  beforeAll(() => open('index', { language }))

  test.each(ROUTES)('%s: no violation, nothing is cut in the largest letters', async (route) => {
    await phone.page.setViewportSize({ width: 390, height: 844 })
    await phone.page.evaluate((url) => wx.reLaunch({ url }), `/${route}`)
    await phone.page.locator(`[is="${route}"]`).waitFor()
    await phone.page.getByRole('heading').first().waitFor()
    await expectNoViolation()
    await phone.page.setViewportSize({ width: 320, height: 568 })
    const reduce = await phone.enlarge()
    expect(await cutTexts()).toEqual([])
    await reduce()
  })
})

describe('the states of a transfer', () => {
  const slow = { kind: 'slow', delay: 12_000, share: 1, match: { method: 'PUT' } } as const

  test('ready, under way, canceled, failed, done: no violation', async () => {
    await open('put-object')
    await phone.chooseOne('a.txt', 'a')
    await expectNoViolation()
    await phones.control.order(slow)
    await phone.page.clock.install()
    await phone.button('上传').tap()
    await phone.button('取消').waitFor()
    await phone.seen('B · 已用')
    await expectNoViolation()
    await phone.button('取消').tap()
    await phone.seen('已取消')
    await expectNoViolation()
    await phone.page.clock.fastForward(1000) // no double tap any more
    await phones.control.clear()
    await phones.control.order({ kind: '403', share: 1, match: { method: 'PUT' } })
    await phone.button('重试').tap()
    await phone.page.getByRole('alert').waitFor()
    await expectNoViolation()
    await phone.page.clock.fastForward(1000)
    await phones.control.clear()
    await phone.button('重试').tap()
    await phone.seen('上传完成')
    await expectNoViolation()
  })

  test('stalled, paused: no violation', async () => {
    await open('multipart-upload')
    await phone.chooseOne('a.bin', Buffer.alloc(2 * 1024 * 1024))
    await phones.control.order(slow)
    await phone.page.clock.install()
    await phone.button('上传').tap()
    await phone.page.getByText('0%', { exact: true }).waitFor()
    await phone.page.clock.runFor(120_000)
    await phone.seen('没有进度')
    await expectNoViolation()
    await phone.button('暂停').tap()
    await phone.seen('已暂停')
    await expectNoViolation()
  })
})

test('a violation is found', async () => {
  await open('index')
  await phone.page.evaluate(() => {
    const button = document.createElement('button')
    document.querySelector('wx-page')!.append(button)
  })
  expect(await violations()).toEqual([expect.stringContaining('button-name')])
})

test('the keyboard reaches what can be pressed, in order, and presses it', async () => {
  await open('index')
  const focused = () => phone.page.evaluate(() => document.activeElement?.textContent)
  await phone.page.keyboard.press('Tab')
  expect(await focused()).toContain('上传：PUT')
  await phone.page.keyboard.press('Tab')
  expect(await focused()).toContain('上传：POST 表单')
  await phone.page.keyboard.press('Enter')
  await phone.page.getByRole('heading', { name: 'POST 表单上传' }).waitFor()
})

/** Texts that do not fit in what holds them, but for those that can be scrolled. */
function cutTexts(): Promise<string[]> {
  return phone.page.evaluate(() => {
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
