import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { createPreview } from '../../preview/preview'
import { closeBrowser, openPreview, type OpenPreview } from '../helpers/browser'
import { until } from '../helpers/until'

const preview = createPreview({
  port: 0,
  source: path.join(__dirname, 'fixture'),
  storage: { 'server-url': 'http://127.0.0.1:1/</script>' },
})
let url: string
let opened: OpenPreview
let page: Page

/** Waits for a page by its title: the browser tells of going back and of the theme later. */
const titled = (title: string) =>
  until(async () => (await page.title()) === title, `the title ${title}`)

async function openDetail() {
  await page.getByText('open').tap()
  await page.locator('[is="pages/detail/detail"]').waitFor()
}

beforeAll(async () => {
  ;({ url } = await preview.start())
  opened = await openPreview(url)
  page = opened.page
})
afterAll(async () => {
  await closeBrowser()
  await preview.stop()
})
beforeEach(async () => {
  await page.goto('about:blank')
  await page.goto(url)
})
afterEach(() => {
  const errors = opened.errors.splice(0)
  if (errors.length > 0) throw new Error(errors.join('\n'))
})

const log = () => page.evaluate(() => getApp<{ log: string[] }>().log)
const css = (selector: string, property: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)
const textOf = (selector: string) => page.locator(selector).first().textContent()

describe('WXML', () => {
  test('wxs modules require each other and know the constructor of a value', async () => {
    expect(await textOf('.title')).toBe('[a+b]')
  })

  test('imported templates and included files render with their data', async () => {
    expect(await page.locator('.item').allTextContents()).toEqual(['0 a', '1 b'])
    expect(await textOf('.footer')).toBe('footer of a')
  })

  test('a hidden view is not seen', async () => {
    expect(await page.locator('.never').isVisible()).toBe(false)
    expect(await page.locator('.footer').isVisible()).toBe(true)
  })

  test('an input tells the page, and a model binding follows both ways', async () => {
    await page.locator('.name input').fill('typed')
    expect(await textOf('.echo')).toBe('typed')
    expect(await page.locator('.model input').inputValue()).toBe('typed')
    await page.locator('.model input').fill('modelled')
    expect(await textOf('.echo')).toBe('modelled')
    await page.locator('.name input').press('Enter')
    expect(await log()).toContain('confirm modelled')
  })

  test('a label chooses its radio, and a group has one choice', async () => {
    await page.getByText('choice a').tap()
    await page.getByText('choice b').tap()
    expect(await textOf('.choice')).toBe('b')
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(1)
  })

  test('a label turns its switch on and off', async () => {
    await page.getByText('lamp').tap()
    expect(await page.getByRole('switch').getAttribute('aria-checked')).toBe('true')
    await page.getByRole('switch').tap()
    expect(await page.getByRole('switch').getAttribute('aria-checked')).toBe('false')
  })

  test('aria attributes reach the document', async () => {
    expect(await page.getByRole('alert', { name: 'half' }).count()).toBe(1)
    expect(await page.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('30')
  })

  test('a tap has the data set of its element; a disabled button has no tap', async () => {
    await page.getByRole('button', { name: 'tap me' }).tap()
    await page.getByRole('button', { name: 'disabled' }).tap({ force: true })
    expect((await log()).filter((line) => line.startsWith('tap'))).toEqual(['tap 7'])
  })

  test('a component takes a slot, fires events and can be selected', async () => {
    expect(await textOf('card .title')).toBe('body')
    await page.getByText('card', { exact: true }).tap()
    expect(await log()).toContain('press card CARD')
  })
})

describe('WXSS', () => {
  test('750rpx is the width of the screen', async () => {
    expect(await css('.half', 'width')).toBe('195px')
  })

  test('app styles with their imports apply to pages, not inside an isolated component', async () => {
    expect(await css('.title', 'font-size')).toBe('20px')
    expect(await css('wx-view', 'color')).toBe('rgb(1, 2, 3)')
    expect(await css('card > wx-view', 'color')).toBe('rgb(255, 0, 0)')
    expect(await css('card > wx-view', 'font-size')).toBe('16px')
    expect(await css('card > .title', 'font-size')).toBe('20px')
  })

  test('page styles apply to their page only', async () => {
    await openDetail()
    expect(await css('[is="pages/detail/detail"] .half', 'width')).toBe('390px')
  })

  test('page styles win over app styles, also after another page was opened', async () => {
    expect(await css('.footer', 'font-size')).toBe('13px')
    await openDetail()
    await page.getByRole('button', { name: '返回' }).tap()
    expect(await css('.footer', 'font-size')).toBe('13px')
  })

  test('an id selects, and hover-class shows a press', async () => {
    expect(await css('.half', 'height')).toBe('10px')
    await page.locator('.half').dispatchEvent('pointerdown')
    expect(await css('.half', 'background-color')).toBe('rgb(0, 0, 255)')
  })

  test('a class does not widen a button, as in WeChat', async () => {
    expect(await css('wx-button', 'width')).toBe('184px')
  })
})

describe('pages', () => {
  const pageLog = async () => (await log()).filter((line) => /^(app|index|detail) /.test(line))
  const firstLines = [
    'app onLaunch pages/index/index {}',
    'app onShow',
    'index onLoad {}',
    'index onShow',
    'index onReady',
  ]

  test('navigating to a page and back runs lifecycles in the order of WeChat', async () => {
    await openDetail()
    await titled('Detail')
    expect(await textOf('[is="pages/detail/detail"] .title')).toBe('hello')
    await page.getByRole('button', { name: '返回' }).tap()
    await titled('Fixture')
    expect(await pageLog()).toEqual([
      ...firstLines,
      'index onHide',
      'detail onLoad {"key":"a%2Fb"}',
      'detail onShow',
      'detail onReady',
      'detail onUnload',
      'index onShow',
    ])
  })

  test('the back button of the browser or the phone goes back, the forward one launches', async () => {
    await openDetail()
    await page.waitForURL(/#\/pages\/detail\/detail/) // the browser learns of it a moment later
    await page.goBack()
    await titled('Fixture')
    await until(async () => (await pageLog()).at(-1) === 'index onShow', 'the first page')
    expect((await pageLog()).slice(-2)).toEqual(['detail onUnload', 'index onShow'])
    await page.goForward()
    await page.locator('[is="pages/detail/detail"]').waitFor()
    await titled('Detail')
    await page.goBack()
    await page.locator('[is="pages/index/index"]').waitFor()
  })

  test('a navigator opens its page', async () => {
    await page.getByRole('link', { name: 'navigator' }).tap()
    await until(
      async () => (await log()).includes('detail onLoad {"from":"navigator"}'),
      'the page',
    )
  })

  test('the address names the page to launch, with its query as it stands', async () => {
    await page.goto(`${url}#/pages/detail/detail?key=a%2Fb&empty=`)
    await page.locator('[is="pages/detail/detail"]').waitFor()
    expect((await log()).slice(0, 2)).toEqual([
      'app onLaunch pages/detail/detail {"key":"a%2Fb","empty":""}',
      'app onShow',
    ])
    expect(await log()).toContain('detail onLoad {"key":"a%2Fb","empty":""}')
    await page.getByRole('button', { name: '首页' }).tap()
    await titled('Fixture')
  })

  test('a component is attached before its page loads and ready before the page is', async () => {
    await page.waitForFunction(() => getApp<{ log: string[] }>().log.includes('index onReady'))
    const lines = await log()
    const order = ['card attached', 'index onLoad {}', 'card ready', 'index onReady']
    expect(lines.filter((line) => order.includes(line))).toEqual(order)
    await page.evaluate(() => wx.reLaunch({ url: '/pages/detail/detail' }))
    expect(await log()).toContain('card detached')
  })

  test('an error that a page throws is seen', async () => {
    await page.evaluate(() => wx.reLaunch({ url: '/pages/detail/detail?broken=1' }))
    const [error] = opened.errors.splice(0)
    expect(error).toContain('thrown in onLoad')
  })

  test('the title can be changed', async () => {
    await openDetail()
    await page.getByText('rename').tap()
    await titled('Renamed')
  })

  test('a page that does not exist is refused by name', async () => {
    const error = await page.evaluate(() =>
      wx.navigateTo({ url: '/pages/no/no' }).catch((reason: object) => reason),
    )
    expect(error).toEqual({ errMsg: 'navigateTo:fail page "pages/no/no" is not found' })
  })
})

describe('theme and language', () => {
  test('theme.json colors the navigation bar in light and dark', async () => {
    expect(await css('.mp-navigation-bar', 'background-color')).toBe('rgb(237, 237, 237)')
    await page.emulateMedia({ colorScheme: 'dark' })
    await until(
      async () => (await css('.mp-navigation-bar', 'background-color')) === 'rgb(31, 31, 31)',
      'the dark navigation bar',
    )
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('it says that it is a simulation, in the language of the browser', async () => {
    expect(await page.getByText('浏览器预览').isVisible()).toBe(true)
    const english = await openPreview(url, { language: 'en-US' })
    expect(await english.page.getByText('Browser preview').isVisible()).toBe(true)
    expect(await english.page.evaluate(() => wx.getAppBaseInfo().language)).toBe('en')
    await english.close()
  })

  test('on a wide window the phone is in the middle', async () => {
    await page.setViewportSize({ width: 1200, height: 900 })
    expect(await page.locator('.mp-phone').boundingBox()).toMatchObject({ x: 405, width: 390 })
    expect(await css('.half', 'width')).toBe('195px')
    await page.setViewportSize({ width: 390, height: 844 })
  })
})

describe('wx', () => {
  test('storage has the entries that the preview was given, and keeps others', async () => {
    expect(await page.evaluate(() => wx.getStorageSync('server-url'))).toBe(
      'http://127.0.0.1:1/</script>',
    )
    await page.evaluate(() => wx.setStorageSync('own', { kept: true }))
    await page.reload()
    expect(await page.evaluate(() => wx.getStorageSync('own'))).toEqual({ kept: true })
    await page.evaluate(() => wx.removeStorageSync('own'))
    expect(await page.evaluate(() => wx.getStorageSync('own'))).toBe('')
  })

  test('what is copied is on the clipboard, and WeChat says so', async () => {
    await page.evaluate(() => wx.setClipboardData({ data: 'copied text' }))
    expect(await page.getByText('内容已复制').isVisible()).toBe(true)
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('copied text')
  })

  test('an API that the preview lacks is undefined, with a warning that names it', async () => {
    const warning = page.waitForEvent('console')
    expect(await page.evaluate(() => typeof wx.vibrateShort)).toBe('undefined')
    expect((await warning).text()).toBe('wx.vibrateShort is not in the preview')
    expect(await page.evaluate(() => [wx.canIUse('vibrateShort'), wx.canIUse('request')])).toEqual([
      false,
      true,
    ])
  })
})
