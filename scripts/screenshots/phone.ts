import type { Locator, Page } from 'playwright-core'
import type { FaultOrder } from '../../local-cloud/control/faults'
import { en } from '../../miniprogram/i18n/en'
import { en as presignEn } from '../../miniprogram/presign/i18n/en'
import { zhCN as presignZhCN } from '../../miniprogram/presign/i18n/zh-CN'
import { en as setupEn } from '../../miniprogram/setup/i18n/en'
import { zhCN as setupZhCN } from '../../miniprogram/setup/i18n/zh-CN'
import { zhCN } from '../../miniprogram/i18n/zh-CN'
import { controlOf } from '../../test/helpers/control'
import { addressOf, Phone, type PhoneFile } from '../../test/helpers/phone'
import type { Parts } from '../start/parts'

const TEXTS = {
  zh: { ...zhCN, ...presignZhCN, ...setupZhCN },
  en: { ...en, ...presignEn, ...setupEn },
}

/** States of pages by their names, and how a person gets there. */
export type States = Record<string, (phone: ScreenshotPhone) => Promise<void>>

/** How a phone looks. */
export interface Look {
  language: 'zh' | 'en'
  width: number
  height: number
}

interface Refusable {
  fail?: (error: { errMsg: string }) => void
  complete?: (error: { errMsg: string }) => void
}

/** A phone that is brought into a state, in the language of its look. */
export class ScreenshotPhone extends Phone {
  /** The texts on its screen. */
  readonly t: (typeof TEXTS)['zh']

  constructor(
    page: Page,
    folder: string,
    readonly stack: Parts,
    look: Look,
  ) {
    super(page, folder)
    this.t = TEXTS[look.language]
  }

  /** Opens a page by the last part of its path: `put-object`, or `download-object?key=a.png`. */
  async open(page: string): Promise<void> {
    await this.page.goto('about:blank')
    await this.page.goto(addressOf(this.stack.preview, page))
    await this.page.locator('wx-page').waitFor()
  }

  /** Orders a fault of the local cloud for all requests. */
  async order(fault: FaultOrder): Promise<void> {
    await controlOf(this.stack.control).order({ share: 1, ...fault })
  }

  /** Taps the first visible button whose label contains the text. */
  async tap(text: string): Promise<void> {
    await this.page.locator('wx-button:visible', { hasText: text }).first().tap()
  }

  /** Lets functions of wx fail with these messages, such as `chooseMedia:fail …`. */
  async refuse(errMsgs: Record<string, string>): Promise<void> {
    await this.page.evaluate((refusals) => {
      const { wx } = globalThis as unknown as { wx: Record<string, unknown> }
      for (const [name, errMsg] of Object.entries(refusals)) {
        wx[name] = (options: Refusable) => {
          options.fail?.({ errMsg })
          options.complete?.({ errMsg })
        }
      }
    }, errMsgs)
  }

  /** Waits until the data of the page on top, and of its transfer, meet the condition. */
  async until(condition: (data: Record<string, unknown>) => boolean): Promise<void> {
    await this.page.waitForFunction(`(() => {
      const page = getCurrentPages().at(-1)
      const transfer = page.selectComponent('#queue') ?? page.selectComponent('#panel')
      return (${condition.toString()})({ ...page.data, ...transfer?.data })
    })()`)
  }

  /** A text may have placeholders: it is looked for up to the first one. It may be there twice. */
  override async seen(text: string, timeout?: number): Promise<void> {
    const shown = this.text(text.replace(/\{\w+\}.*/s, ''))
    await shown.waitFor(timeout === undefined ? {} : { timeout })
  }

  /** Taps the button that begins the transfer. */
  async start(): Promise<void> {
    await this.page.locator('transfer-controls wx-button[type=primary]:visible').first().tap()
  }

  /** A picture as from a camera: hills in the evening. */
  async photo(): Promise<PhoneFile> {
    const page = await this.page.context().newPage()
    await page.setViewportSize({ width: 400, height: 300 })
    await page.setContent(PHOTO)
    const content = await page.screenshot()
    await page.close()
    return { name: 'IMG_2041.png', content }
  }

  /** The first visible element of a class, also inside of a component, whose styles are its own. */
  part(className: string) {
    return this.page
      .locator(`.${className}, [class*="--${className}"]`)
      .filter({ visible: true })
      .first()
  }

  /** Scrolls so that a part is in the middle, or at the top when it is tall. */
  async show(part: Locator): Promise<void> {
    const isTall = ((await part.boundingBox())?.height ?? 0) > this.page.viewportSize()!.height / 2
    const block = isTall ? ('start' as const) : ('center' as const)
    await part.evaluate((element, to) => element.scrollIntoView({ block: to }), block)
  }

  component(name: string) {
    return this.page.locator(name).filter({ visible: true }).first()
  }

  /** Types over what stands in the first input that is visible, or in the one at `index`. */
  async type(text: string, index = 0): Promise<void> {
    await this.page.locator('input:visible, textarea:visible').nth(index).fill(text)
  }
}

const PHOTO = `<style>
  body { margin: 0; height: 100vh; background: linear-gradient(#24386b, #e88d67 70%, #f6d186) }
  i { position: absolute; bottom: -160px; width: 420px; height: 300px; border-radius: 50%; background: #1f2b38 }
</style><i style="left: -120px"></i><i style="left: 160px; bottom: -190px; background: #2c3f4a"></i>`
