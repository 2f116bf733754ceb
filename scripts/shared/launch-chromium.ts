import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'

/** Packages of Linux distributions. The shell draws no windows: a page opens in half the time. */
const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser']
/** Where playwright looks itself; the last is its own download. */
const CHANNELS = ['chrome', 'msedge', 'chromium']
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-component-update',
  // A page opens in three quarters of the time: else V8 parses the whole script again for an Error.
  '--js-flags=--no-enable-lazy-source-positions',
]

const run = promisify(execFile)
const fetched = '@sparticuz/chromium@153.0.0'
const cache = path.join(__dirname, '../../node_modules/.cache')

/**
 * Starts a Chrome or Chromium: `CHROME_PATH`, else an installed one, else, on Linux x64, one that npm
 * downloads into node_modules/.cache (about 70 MB, once).
 * @throws Error with advice, where there is none
 */
export async function launchChromium(): Promise<Browser> {
  const launch = (which: { executablePath: string } | { channel: string }) =>
    chromium.launch({ ...which, args: ARGS })
  const executablePath = process.env.CHROME_PATH || onPath()
  if (executablePath) return launch({ executablePath })
  for (const channel of CHANNELS) {
    try {
      return await launch({ channel })
    } catch (error) {
      if (!/ is not found | doesn't exist /.test((error as Error).message)) throw error
    }
  }
  return launch({ executablePath: await fetchChromium() })
}

/** On the PATH of Linux, where playwright does not look. */
function onPath(): string | undefined {
  if (process.platform !== 'linux') return undefined
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const places = PROGRAMS.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return places.find((place) => existsSync(place))
}

async function fetchChromium(): Promise<string> {
  const folder = path.join(cache, 'chromium')
  const launcher = path.join(folder, 'launch')
  if (existsSync(launcher)) return launcher
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('only Linux x64')
    await unpack(work)
    // In one step: another process may do the same.
    await rename(work, folder)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    if (existsSync(launcher)) return launcher
    const reason = `${fetched} was no help: ${(error as Error).message}`
    const advice = 'Install Google Chrome or Chromium, or set CHROME_PATH to the program.'
    throw new Error(`No Chrome or Chromium was found. ${advice} (${reason})`, { cause: error })
  }
  return launcher
}

/** The package holds compressed archives: the program, and the NSS libraries that it needs. */
async function unpack(work: string): Promise<void> {
  await run('npm', ['install', '--prefix', work, '--no-save', '--ignore-scripts', fetched])
  const archives = path.join(work, 'node_modules/@sparticuz/chromium/bin')
  await decompress(path.join(archives, 'chromium.br'), path.join(work, 'chromium'))
  await decompress(path.join(archives, 'al2023.tar.br'), path.join(work, 'libraries.tar'))
  await run('tar', ['-xf', path.join(work, 'libraries.tar'), '-C', work])
  await rm(path.join(work, 'node_modules'), { recursive: true })
  await writeFile(path.join(work, 'launch'), launchScript)
  await chmod(path.join(work, 'launch'), 0o755)
  await chmod(path.join(work, 'chromium'), 0o755)
}

const launchScript = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib:$LD_LIBRARY_PATH" exec "$here/chromium" "$@"
`

function decompress(from: string, to: string): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to))
}
