/** `npm run screenshots`: every page in every state, in both languages and themes, on two phones. */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser } from 'playwright-core'
import { npmStart } from '../test/helpers/npm-start'
import { findChromium } from './find-chromium'
import { contactSheet, type Picture } from './screenshots/contact-sheet'
import { newContext, Phone, type Look, type Services } from './screenshots/phone'
import type { State } from './screenshots/state'
import { STATES } from './screenshots/states'

const HELP = `npm run screenshots -- [options] [state ...]

Takes pictures of the mini program in the preview: of all states, or of those whose name begins so.
Each state gets one sheet with all its looks.

  --out DIR   where to (default screenshots/, which git ignores)
  --readme    the picture strips of the READMEs instead, into docs/images/
  --list      names the states`

const LOOKS: Look[] = [
  { width: 390, height: 844 },
  { width: 320, height: 568 },
].flatMap((size) =>
  (['zh', 'en'] as const).flatMap((language) =>
    (['light', 'dark'] as const).map((theme) => ({ ...size, language, theme })),
  ),
)

/** The states on the strips of the READMEs. */
const STRIP = [
  'index',
  'post-object-done',
  'multipart-upload-transferring',
  'presign',
  'download-object-failed',
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
  if (values.list) return console.log(STATES.map(({ name }) => name).join('\n'))
  const states = STATES.filter(
    ({ name }) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
  )
  const services = await npmStart()
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: ['--no-sandbox'],
  })
  try {
    if (values.readme) await takeStrips(browser, services)
    else await takeSheets(browser, services, states, values.out)
  } finally {
    await browser.close()
    await services.stop()
  }
}

async function takeSheets(browser: Browser, services: Services, states: State[], out: string) {
  fs.mkdirSync(out, { recursive: true })
  for (const state of states) {
    const pictures: Picture[] = []
    for (const look of LOOKS) pictures.push(await takePicture(browser, services, state, look))
    const file = path.join(out, `${state.name}.png`)
    fs.writeFileSync(file, await contactSheet(browser, pictures, 4))
    console.log(file)
  }
}

async function takeStrips(browser: Browser, services: Services) {
  for (const language of ['en', 'zh'] as const) {
    const pictures: Picture[] = []
    for (const name of STRIP) {
      const state = STATES.find((one) => one.name === name)!
      const look: Look = { language, theme: 'light', width: 390, height: 844 }
      pictures.push({
        ...(await takePicture(browser, services, state, look)),
        caption: '',
        width: 260,
      })
    }
    const file = `docs/images/preview-${language}.png`
    fs.writeFileSync(file, await contactSheet(browser, pictures, STRIP.length))
    console.log(file)
  }
}

/** Every picture is taken on a phone of its own: nothing is left over from another. */
async function takePicture(browser: Browser, services: Services, state: State, look: Look) {
  const context = await newContext(browser, look)
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const phone = new Phone(page, services, look)
  const { language, theme, width, height } = look
  const caption = `${language} ${theme} ${width}x${height}`
  try {
    await state.act(phone)
    return { caption, png: await page.screenshot({ animations: 'disabled' }), width }
  } catch (error) {
    throw new Error(`${state.name}, ${caption}: ${(error as Error).message}`, { cause: error })
  } finally {
    await phone.mend()
    await context.close()
  }
}
