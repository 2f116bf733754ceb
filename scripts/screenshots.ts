/** `npm run screenshots`: every page in every state, in both languages and themes, on two phones. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { newStack } from '../test/helpers/stacks/new-stack'
import { tempDir } from '../test/helpers/temp-dir'
import { launchChromium } from './shared/launch-chromium'
import { contactSheet, type Picture } from './screenshots/contact-sheet'
import { newContext, reset, ScreenshotPhone, type Look, type Services } from './screenshots/phone'
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
  // Each look has a cloud of its own: what one stores or orders, another does not meet.
  const stacks: Awaited<ReturnType<typeof newStack>>[] = []
  try {
    for (const _ of LOOKS) stacks.push(await newStack())
    if (values.readme) await takeStrips(browser, stacks)
    else await takeSheets(browser, stacks, states, values.out)
  } finally {
    await browser.close()
    await Promise.all(stacks.map((stack) => stack.stop()))
  }
}

async function takeSheets(browser: Browser, stacks: Services[], states: string[], out: string) {
  fs.mkdirSync(out, { recursive: true })
  for (const state of states) {
    const file = path.join(out, `${state}.png`)
    try {
      const rows = await takeAll(browser, stacks, state, LOOKS, THEMES)
      fs.writeFileSync(file, await contactSheet(browser, rows.flat(), 4))
      console.log(file)
    } catch (error) {
      console.error((error as Error).message)
      process.exitCode = 1
    }
  }
}

async function takeStrips(browser: Browser, stacks: Services[]) {
  for (const language of ['en', 'zh'] as const) {
    const pictures: Picture[] = []
    for (const name of STRIP) {
      const looks: Look[] = [{ language, width: 390, height: 844 }]
      const [[picture] = []] = await takeAll(browser, stacks, name, looks, ['light'])
      pictures.push({ ...picture!, caption: '', width: 260 })
    }
    const file = `docs/images/preview-${language}.png`
    fs.writeFileSync(file, await contactSheet(browser, pictures, STRIP.length, 1.5))
    console.log(file)
  }
}

/** All looks at once. */
async function takeAll(
  browser: Browser,
  stacks: Services[],
  state: string,
  looks: Look[],
  themes: readonly Theme[],
): Promise<Picture[][]> {
  await Promise.all(stacks.map(reset))
  const taken = await Promise.allSettled(
    looks.map((look, index) => takePictures(browser, stacks[index]!, state, look, themes)),
  )
  return taken.map((look) => {
    if (look.status === 'rejected') throw look.reason
    return look.value
  })
}

/** Every state is reached on a phone of its own: nothing is left over from another. */
async function takePictures(
  browser: Browser,
  services: Services,
  state: string,
  look: Look,
  themes: readonly Theme[],
): Promise<Picture[]> {
  const files = tempDir()
  const context = await newContext(browser, look)
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const { language, width, height } = look
  const pictures: Picture[] = []
  try {
    await STATES[state]!(new ScreenshotPhone(page, files.path, services, look))
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
    files.remove()
  }
}
