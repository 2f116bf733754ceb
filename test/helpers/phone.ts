import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import app from '../../miniprogram/app.json'

/** Paths of all pages, such as `pages/index/index`. */
export const ROUTES = [
  ...app.pages,
  ...app.subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`)),
]

export const ONE_GREEN_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgO5jwHwAEeAJQp5FqPgAAAABJRU5ErkJggg==',
  'base64',
)

export interface PhoneFile {
  name: string
  content: Uint8Array | string
}

/** A phone in Chromium that shows the mini program, and what a person does with it. */
export class Phone {
  /** @param folder Where its files lie. */
  constructor(
    readonly page: Page,
    private readonly folder: string,
  ) {}

  /** The visible buttons with this name. */
  button(name: string | RegExp) {
    return this.page.getByRole('button', { name, exact: true })
  }

  /** The first visible element with a text, or with a part of one. */
  text(text: string | RegExp) {
    return this.page.getByText(text).filter({ visible: true }).first()
  }

  /** Waits until a text, or a part of one, is on the page, and fails where it is there twice. */
  async seen(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).filter({ visible: true }).waitFor()
  }

  /** Taps a button of a page that lets a person choose files, and chooses these. */
  async choose(files: PhoneFile[], button = '从聊天记录选择'): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser')
    await this.button(button).tap()
    const paths = files.map(({ name, content }) => {
      const path = join(this.folder, name)
      writeFileSync(path, content)
      return path
    })
    await (await chooser).setFiles(paths)
  }

  /** Chooses one file, and waits until the page has it. */
  async chooseOne(name: string, content: Uint8Array | string): Promise<void> {
    await this.choose([{ name, content }])
    await this.button('更换').waitFor()
  }

  /** SHA-256, in hex, of the file that the download page has got. */
  async sha256OfDownload(): Promise<string> {
    return this.page.evaluate(async () => {
      const { preview } = getCurrentPages().at(-1)!.data as { preview: { path: string } }
      const { data } = await new Promise<{ data: ArrayBuffer | string }>((success, fail) => {
        wx.getFileSystemManager().readFile({ filePath: preview.path, success, fail })
      })
      const hash = await crypto.subtle.digest('SHA-256', data as ArrayBuffer)
      return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
    })
  }

  /** WeChat's largest letters: 23.8 px where the standard is 16 px. Undo with the function it gives. */
  async enlarge(): Promise<() => Promise<void>> {
    const style = await this.page.addStyleTag({ content: 'html { font-size: 23.8px !important }' })
    return () => style.evaluate((element) => (element as unknown as { remove(): void }).remove())
  }
}

/** Address of a page by the last part of its path: `put-object`, or `download-object?key=a.png`. */
export function addressOf(preview: string, page: string): string {
  const [name = '', query] = page.split('?')
  const route = ROUTES.find((one) => one.endsWith(`/${name}`))
  if (!route) throw new TypeError(`page must be one of ${ROUTES.join(', ')}, not ${name}`)
  return `${preview}/#/${route}${query === undefined ? '' : `?${query}`}`
}
