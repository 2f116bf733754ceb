/** `npm run screenshots`: every page in every state, in both languages and themes, on two phones. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { newStack } from '../test/helpers/stacks/new-stack'
import { tempDir } from '../test/helpers/temp-dir'
import { launchChromium } from './shared/launch-chromium'
import { contactSheet, type Picture } from './screenshots/contact-sheet'
import { ScreenshotPhone, type Look } from './screenshots/phone'
import { STATES } from './screenshots/states'

const HELP = `npm run screenshots -- [options] [state ...]

Takes pictures of the mini program in the preview: of all states, or of those whose name begins so.
Each state gets one sheet with all its looks.

  --out DIR   where to (default screenshots/, which git ignores)
  --readme    the picture strips of the READMEs instead, into docs/images/
  --list      names the states`

/** Two phones in two languages; of each, one picture in the light and one in the dark. */
const LOOKS: Look[] = [
  { width: 390, height: 844 },
  { width: 320, height: 568 },
].flatMap((size) => (['zh', 'en'] as const).map((language) => ({ ...size, language })))

const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** The states on the strips of the READMEs. */
const STRIP = [
  'index',
  'post-object-queue-transferring',
  'multipart-upload-transferring',
  'presign-inspector-comparison',
  'put-object-failed',
]

void main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string', default: 'screenshots' },
      readme: { type: 'boolean' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(HELP)
  if (values.list) return console.log(Object.keys(STATES).join('\n'))
  const states = Object.keys(STATES).filter(
    (name) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
  )
  if (states.length === 0) {
    console.error(`no state begins with ${positionals.join(' or ')} (see --list)`)
    process.exitCode = 1
    return
  }
  const browser = await launchChromium()
  try {
    if (values.readme) await takeStrips(browser)
    else await takeSheets(browser, states, values.out)
  } finally {
    await browser.close()
  }
}

async function takeSheets(browser: Browser, states: string[], out: string) {
  fs.mkdirSync(out, { recursive: true })
  for (const state of states) {
    const file = path.join(out, `${state}.png`)
    try {
      const taken = await Promise.allSettled(
        LOOKS.map((look) => takePictures(browser, state, look, THEMES)),
      )
      const pictures = taken.flatMap((look) => {
        if (look.status === 'rejected') throw look.reason
        return look.value
      })
      fs.writeFileSync(file, await contactSheet(browser, pictures, 4))
      console.log(file)
    } catch (error) {
      console.error((error as Error).message)
      process.exitCode = 1
    }
  }
}

async function takeStrips(browser: Browser) {
  for (const language of ['en', 'zh'] as const) {
    const pictures: Picture[] = []
    for (const name of STRIP) {
      const look = { language, width: 390, height: 844 }
      const [picture] = await takePictures(browser, name, look, ['light'])
      pictures.push({ ...picture!, caption: '', width: 260 })
    }
    const file = `docs/images/preview-${language}.png`
    fs.writeFileSync(file, await contactSheet(browser, pictures, STRIP.length, 1.5))
    console.log(file)
  }
}

/** Every state is reached on a phone and with a cloud of its own: nothing is left over from another. */
async function takePictures(
  browser: Browser,
  state: string,
  look: Look,
  themes: readonly Theme[],
): Promise<Picture[]> {
  const { language, width, height } = look
  const files = tempDir()
  const stack = await newStack()
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    locale: language === 'zh' ? 'zh-CN' : 'en-US',
    reducedMotion: 'reduce',
    hasTouch: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const pictures: Picture[] = []
  try {
    await STATES[state]!(new ScreenshotPhone(page, files.path, stack, look))
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme })
      await page.evaluate('new Promise(requestAnimationFrame)') // all of it is drawn
      const png = await page.screenshot({ animations: 'disabled' })
      pictures.push({ caption: `${language} ${theme} ${width}x${height}`, png, width })
    }
    return pictures
  } catch (error) {
    const where = `${state}, ${language} ${width}x${height}`
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error })
  } finally {
    await context.close()
    await stack.stop()
    files.remove()
  }
}
