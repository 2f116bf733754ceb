import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../scripts/shared/launch-chromium'
import { DEADLINE } from './until'

export interface OpenOptions {
  /** Language of the browser. Default: zh-CN. */
  language?: string
  dark?: boolean
  /** Default: 390 x 844, a phone. */
  viewport?: { width: number; height: number }
}

export interface OpenPreview {
  page: Page
  /** Uncaught errors and console errors so far, but not HTTP statuses, which are the app's to show. */
  errors: string[]
  /** Console warnings so far. */
  warnings: string[]
  close(): Promise<void>
}

let browser: Promise<Browser> | undefined

/**
 * Opens the preview in a browser context of its own: nothing is stored from before. It has a touch
 * screen: use `locator.tap()`, because after a touch a click with the mouse is not a tap any more.
 * The browser is shared by the tests of a file; end it with `afterAll(closeBrowser)`.
 */
export async function openPreview(url: string, options: OpenOptions = {}): Promise<OpenPreview> {
  const { language = 'zh-CN', dark = false, viewport = { width: 390, height: 844 } } = options
  browser ??= launchChromium()
  const context = await (
    await browser
  ).newContext({
    viewport,
    locale: language,
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(DEADLINE)
  const errors: string[] = []
  const warnings: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
  page.on('console', (message) => {
    const isStatus = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isStatus) errors.push(message.text())
    if (message.type() === 'warning') warnings.push(message.text())
  })
  const response = await page.goto(url)
  if (response && !response.ok()) throw new Error(await response.text())
  await page
    .locator('wx-page')
    .waitFor()
    .catch(() => {
      throw new Error(`no page was drawn: ${errors.join('; ')}`)
    })
  return { page, errors, warnings, close: () => context.close() }
}

/** Ends the browser that `openPreview` has started. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}
