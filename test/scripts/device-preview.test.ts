import { generateKeyPairSync } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { endProcess } from '../helpers/end-process'
import { tempDir, type TempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

const ROOT = join(__dirname, '../..')
const APPID = 'wx0123456789abcdef'
const KEY = generateKeyPairSync('rsa', {
  modulusLength: 1024,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
}).privateKey

/** Stands in for npm, and the tool that npm fetches: it notes what it is given, and ends as it is told. */
const NPM = `
const fs = require('node:fs')
const args = process.argv.slice(2)
const keyFile = args.find((arg) => arg.startsWith('--private-key-path=')).replace(/^.*?=/, '')
const { mode } = fs.statSync(keyFile)
const key = fs.readFileSync(keyFile, 'utf8')
fs.writeFileSync('NOTES.part', JSON.stringify({ args, keyFile, mode, key, env: process.env }))
fs.renameSync('NOTES.part', 'NOTES')
if (process.env.END === 'never') setInterval(() => {}, 1000)
else process.exitCode = Number(process.env.END)
`

interface Notes {
  args: string[]
  keyFile: string
  mode: number
  key: string
  env: Record<string, string>
}

let dir: TempDir
let child: ChildProcess | undefined

beforeEach(() => {
  dir = tempDir()
  mkdirSync(join(dir.path, 'tmp'))
  writeFileSync(join(dir.path, 'npm.js'), NPM.replaceAll(/NOTES(\.part)?/g, escaped))
})
afterEach(async () => {
  if (child) await endProcess(child, 'SIGKILL')
  dir.remove()
})

/** The name of a file, for a script in single quotes. */
function escaped(name: string): string {
  return join(dir.path, name).replaceAll('\\', '\\\\')
}

/** Runs the script as npm does. Temporary files go into a folder that the tests can look into. */
function start(env: Record<string, string>) {
  const tmp = join(dir.path, 'tmp')
  const { PATH = '', SystemRoot = '' } = process.env
  child = spawn(process.execPath, ['--require', 'tsx/cjs', 'scripts/device-preview.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH,
      SystemRoot,
      TMPDIR: tmp,
      TEMP: tmp,
      npm_execpath: join(dir.path, 'npm.js'),
      INIT_CWD: dir.path,
      END: '0',
      ...env,
    },
  })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  return once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }))
}

function notes(): Notes {
  return JSON.parse(readFileSync(join(dir.path, 'NOTES'), 'utf8')) as Notes
}

/** The folders of key files that are left. tsx keeps a cache of its own there. */
function left(): string[] {
  return readdirSync(join(dir.path, 'tmp')).filter((name) => name.startsWith('device-preview-'))
}

describe('npm run device:preview', () => {
  test('runs the pinned tool, with a file of the key that only this user can read', async () => {
    expect(await start({ WX_APPID: APPID, WX_PRIVATE_KEY: KEY })).toEqual({ code: 0, stderr: '' })
    const { args, keyFile, mode, key, env } = notes()
    expect(args.slice(0, 5)).toEqual(['exec', '--yes', '--', 'miniprogram-ci@2.1.42', 'preview'])
    expect(args).toEqual(
      expect.arrayContaining([
        `--appid=${APPID}`,
        '--qrcode-format=terminal',
        `--project-path=${ROOT}`,
      ]),
    )

    expect(key).toBe(KEY)
    expect(mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600)
    expect(env).not.toHaveProperty('WX_PRIVATE_KEY')
    expect(JSON.stringify(args)).not.toContain('PRIVATE KEY')
    expect(existsSync(keyFile)).toBe(false)
    expect(left()).toEqual([])
  })

  test('removes the key when the tool fails', async () => {
    const { code, stderr } = await start({ WX_APPID: APPID, WX_PRIVATE_KEY: KEY, END: '3' })
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^device:preview: miniprogram-ci@2\.1\.42 failed\. Often the IP allow.*\n$/,
    )
    expect(notes().key).toBe(KEY)
    expect(left()).toEqual([])
  })

  // Windows has no signals to send. There Ctrl-C is an event of the console.
  const withSignals = process.platform === 'win32' ? test.skip : test
  withSignals.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'removes the key, and ends the tool, at %s',
    async (signal) => {
      const ended = start({ WX_APPID: APPID, WX_PRIVATE_KEY: KEY, END: 'never' })
      await until(() => existsSync(join(dir.path, 'NOTES')), 'the tool')
      expect(left()).toHaveLength(1)
      child?.kill(signal)
      expect(await ended).toEqual({ code: 1, stderr: '' })
      expect(left()).toEqual([])
    },
  )

  test('takes a file of the key, from where npm was called, and leaves it there', async () => {
    const file = join(dir.path, 'my.key')
    writeFileSync(file, KEY)
    const { code } = await start({ WX_APPID: APPID, WX_PRIVATE_KEY_PATH: 'my.key' })
    expect(code).toBe(0)
    expect(notes().keyFile).toBe(file)
    expect(readFileSync(file, 'utf8')).toBe(KEY)
  })

  test.each([
    [{}, /^device:preview: not configured\. Set WX_APPID, and WX_PRIVATE_KEY /],
    [{ WX_APPID: APPID }, /^device:preview: not configured/],
    [{ WX_PRIVATE_KEY: KEY }, /^device:preview: not configured/],
    [{ WX_APPID: 'touristappid', WX_PRIVATE_KEY: KEY }, /WX_APPID is not the AppID/],
    [{ WX_APPID: APPID, WX_PRIVATE_KEY: 'secret' }, /WX_PRIVATE_KEY does not hold a private key/],
    [{ WX_APPID: APPID, WX_PRIVATE_KEY: KEY.replaceAll('\n', ' ') }, /with its line breaks/],
    [{ WX_APPID: APPID, WX_PRIVATE_KEY_PATH: 'none' }, /cannot read .*none \(ENOENT\)/],
    [{ WX_APPID: APPID, WX_PRIVATE_KEY: KEY, npm_execpath: '' }, /run it with npm/],
  ])('says in one line what is missing: %#', async (env, message) => {
    const { code, stderr } = await start(env)
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain('secret')
    expect(stderr).not.toContain(KEY.split('\n')[1])
    expect(existsSync(join(dir.path, 'NOTES'))).toBe(false)
    expect(left()).toEqual([])
  })
})
