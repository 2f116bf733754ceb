import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'

const run = promisify(execFile)
const fetched = '@sparticuz/chromium@153.0.0'
const cache = path.join(__dirname, '../node_modules/.cache')

const advice = `No Chrome or Chromium was found. Install Google Chrome (https://www.google.com/chrome/) or the \
package "chromium" of your system, or set CHROME_PATH to the program.`

/**
 * The path of a Chrome or Chromium to run: `CHROME_PATH`, else an installed one (on Windows also Edge), else, on Linux
 * x64, one that npm downloads into node_modules/.cache (about 70 MB, once).
 * @throws Error with the code `NO_BROWSER` and advice in its message
 */
export async function findChromium(): Promise<string> {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH) {
    if (existsSync(CHROME_PATH)) return CHROME_PATH
    throw noBrowser(`CHROME_PATH is ${CHROME_PATH}, which does not exist.`)
  }
  const installed = installedBrowsers().find((candidate) => existsSync(candidate))
  if (installed) return installed
  if (process.platform !== 'linux' || process.arch !== 'x64') throw noBrowser(advice)
  try {
    return await fetchChromium()
  } catch (error) {
    throw noBrowser(`${advice} Downloading ${fetched} failed: ${(error as Error).message}`)
  }
}

function noBrowser(message: string): Error {
  return Object.assign(new Error(message), { code: 'NO_BROWSER' })
}

function installedBrowsers(): string[] {
  const { PATH = '', LOCALAPPDATA, PROGRAMFILES } = process.env
  switch (process.platform) {
    case 'darwin':
      return ['Google Chrome', 'Chromium'].map(
        (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
      )
    case 'win32':
      return [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          path.join(folder, 'Google/Chrome/Application/chrome.exe'),
          path.join(folder, 'Microsoft/Edge/Application/msedge.exe'),
        ])
    default:
      return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap(
        (name) => PATH.split(path.delimiter).map((folder) => path.join(folder, name)),
      )
  }
}

/** The package holds compressed archives: the program, and the NSS libraries that it needs. */
async function fetchChromium(): Promise<string> {
  const folder = path.join(cache, 'chromium')
  const launcher = path.join(folder, 'launch')
  if (existsSync(launcher)) return launcher

  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(`${folder}-`)
  try {
    await run('npm', ['install', '--prefix', work, '--no-save', '--ignore-scripts', fetched])
    const archives = path.join(work, 'node_modules/@sparticuz/chromium/bin')
    await decompress(path.join(archives, 'chromium.br'), path.join(work, 'chromium'))
    await decompress(path.join(archives, 'al2023.tar.br'), path.join(work, 'libraries.tar'))
    await run('tar', ['-xf', path.join(work, 'libraries.tar'), '-C', work])
    await rm(path.join(work, 'libraries.tar'))
    await rm(path.join(work, 'node_modules'), { recursive: true })
    await writeFile(path.join(work, 'launch'), launchScript)
    await chmod(path.join(work, 'launch'), 0o755)
    await chmod(path.join(work, 'chromium'), 0o755)
    // In one step: another process may do the same.
    await rename(work, folder)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    if (!existsSync(launcher)) throw error
  }
  return launcher
}

const launchScript = `#!/bin/sh
here=$(dirname "$0")
LD_LIBRARY_PATH="$here/lib:$LD_LIBRARY_PATH" exec "$here/chromium" "$@"
`

function decompress(from: string, to: string): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to))
}
