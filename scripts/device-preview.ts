/**
 * `npm run device:preview`: builds the mini program with WeChat's own tool, and prints the QR code that
 * opens it on a phone. The tool is large, so npm fetches it only here.
 * https://developers.weixin.qq.com/miniprogram/dev/devtools/ci.html
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { MINIPROGRAM_CI as TOOL } from './shared/npm'

const ROOT = path.join(__dirname, '..')

main().catch((error: Error) => {
  console.error(`device:preview: ${error.message}`)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { WX_PRIVATE_KEY, ...env } = process.env
  const { WX_APPID, WX_PRIVATE_KEY_PATH, npm_execpath: npm } = env
  if (!WX_APPID || !(WX_PRIVATE_KEY || WX_PRIVATE_KEY_PATH)) {
    throw new Error(
      'not configured. Set WX_APPID, and WX_PRIVATE_KEY (the text of the upload key) or WX_PRIVATE_KEY_PATH (its file): mp.weixin.qq.com, Development settings, Code upload',
    )
  }
  if (!/^wx[0-9a-z]+$/.test(WX_APPID)) {
    throw new Error('WX_APPID is not the AppID of a mini program, such as wx0123456789abcdef')
  }
  if (!npm) throw new Error('run it with npm: npm run device:preview')
  let child: ChildProcess | undefined
  let stoppedBy: NodeJS.Signals | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child?.kill((stoppedBy = signal)))
  }
  const keyFile = WX_PRIVATE_KEY
    ? temporaryKeyFile(WX_PRIVATE_KEY)
    : ownKeyFile(WX_PRIVATE_KEY_PATH!)

  // npx is a script of the shell, and on Windows another one: this is what it runs. What npm fetches,
  // and the scripts in there, does not get to see the text of the key.
  const args = [npm, 'exec', '--yes', '--', TOOL, ...previewArguments(WX_APPID, keyFile)]
  child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (stoppedBy) process.exitCode = 1
  else if (code !== 0) {
    throw new Error(
      `${TOOL} failed. Often the IP allowlist of the upload key does not have this computer, or the key is of another AppID: mp.weixin.qq.com, Development settings, Code upload`,
    )
  }
}

function previewArguments(appId: string, keyFile: string): string[] {
  return [
    'preview',
    `--project-path=${ROOT}`,
    '--project-ignores=node_modules/**/*',
    `--appid=${appId}`,
    `--private-key-path=${keyFile}`,
    '--use-project-config=true',
    '--qrcode-format=terminal',
    '--upload-version=0.0.1', // wanted, although a preview has none
  ]
}

/** Relative to where npm was called, as it runs scripts in the folder of the project. */
function ownKeyFile(relative: string): string {
  const file = path.resolve(process.env.INIT_CWD ?? '.', relative)
  let key: string
  try {
    key = fs.readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`WX_PRIVATE_KEY_PATH: cannot read ${file} (${code})`, { cause: error })
  }
  checkKey(key, 'WX_PRIVATE_KEY_PATH')
  return file
}

/** The tool takes no text. Only this user can read the file, and it goes with this process. */
function temporaryKeyFile(key: string): string {
  checkKey(key, 'WX_PRIVATE_KEY')
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'device-preview-'))
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'private.key')
  fs.writeFileSync(file, key, { mode: 0o600 })
  return file
}

function checkKey(key: string, variable: string): void {
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n/.test(key.trimStart())) return
  throw new Error(`${variable} does not hold a private key in PEM format, with its line breaks`)
}
