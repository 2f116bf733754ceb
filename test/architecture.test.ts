import { describe, expect, test } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../scripts/list-files'

/**
 * Which part of the project may import which. A part may import itself; scripts/ and test/ may
 * import anything, and nothing imports them.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'miniprogram/cos': [],
  'miniprogram/transfer': ['miniprogram/cos'],
  'miniprogram/signing': ['miniprogram/cos', 'miniprogram/config.ts'],
  'miniprogram/i18n': [],
  'miniprogram/components': ['miniprogram/i18n'],
  'miniprogram/pages': [
    'miniprogram/components',
    'miniprogram/i18n',
    'miniprogram/transfer',
    'miniprogram/signing',
    'miniprogram/cos',
    'miniprogram/config.ts',
  ],
  'miniprogram/app.ts': ['miniprogram/i18n', 'miniprogram/signing', 'miniprogram/config.ts'],
  'miniprogram/config.ts': [],
  typings: ['miniprogram/cos', 'miniprogram/i18n', 'miniprogram/signing', 'miniprogram/config.ts'],
  server: ['miniprogram/cos'],
  'local-cloud': [],
  preview: [],
}

/**
 * What a phone may lack, and what would tie the signer to one runtime. The time is its caller's to
 * give: `Date.now` stands in one place, as the default of a Clock.
 */
const FORBIDDEN_IN_COS = /\bwx\.|\bTextEncoder\b|\bBigInt\b|\bBuffer\b|\bnew Date\(\)|\bDate\.now\(/

const ROOT = path.join(__dirname, '..')
const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm

/** `miniprogram/pages/a/a.ts` -> `miniprogram/pages`; `server/app.ts` -> `server`. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'miniprogram' ? `${first}/${second}` : first
}

/** Why a file may not import a specifier, or undefined when it may. */
function violation(file: string, specifier: string): string | undefined {
  const from = partOf(file)
  if (!specifier.startsWith('.')) {
    const mayUsePackages = !from.startsWith('miniprogram/') && from !== 'typings'
    return mayUsePackages && !specifier.startsWith('/') ? undefined : 'only relative paths here'
  }
  const target = path.posix.join(path.posix.dirname(file), specifier)
  const to = target === 'miniprogram/config' ? 'miniprogram/config.ts' : partOf(target)
  const allowed = MAY_IMPORT[from]
  if (allowed === undefined) return `${from} is not in the table`
  if (from === to) return isOtherPage(file, target) ? 'a page imports another page' : undefined
  return allowed.includes(to) ? undefined : `${from} may not import ${to}`
}

/** Pages share nothing with each other, except files that lie beside their folders. */
function isOtherPage(file: string, target: string): boolean {
  return pageOf(target) !== undefined && pageOf(file) !== pageOf(target)
}

function pageOf(file: string): string | undefined {
  return /^miniprogram\/pages\/([^/]+)\//.exec(file)?.[1]
}

function violationsIn(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    const reason = violation(file, specifier)
    return reason === undefined ? [] : [`${file}: '${specifier}': ${reason}`]
  })
}

const sources = listFiles(ROOT, ['.ts', '.js']).filter((file) =>
  /^(miniprogram|typings|server|local-cloud|preview)\//.test(file),
)

function read(file: string): string {
  return fs.readFileSync(path.join(ROOT, file), 'utf8')
}

describe('imports', () => {
  test('run one way', () => {
    expect(sources.length).toBeGreaterThan(20)
    expect(sources.flatMap((file) => violationsIn(file, read(file)))).toEqual([])
  })

  test.each([
    ['miniprogram/cos/sha1.ts', "import { x } from '../transfer/x'"],
    ['miniprogram/cos/sha1.ts', "import crypto from 'node:crypto'"],
    ['miniprogram/transfer/put-object.ts', "import { x } from '../signing/index'"],
    ['miniprogram/transfer/put-object.ts', "import { config } from '../config'"],
    ['miniprogram/signing/index.ts', "import type { X } from '../transfer/x'"],
    ['miniprogram/components/a/a.ts', "import COS from '../../cos/index'"],
    ['miniprogram/components/a/a.ts', "export { x } from '../../transfer/x'"],
    ['miniprogram/components/a/a.ts', "import '../../signing/index'"],
    ['miniprogram/i18n/en.ts', "import { x } from '../components/a/a'"],
    ['miniprogram/pages/a/a.ts', "import { x } from '../b/b'"],
    ['miniprogram/pages/a/a.ts', "const b = require('../b/b')"],
    ['miniprogram/pages/a/a.ts', "import dayjs from 'dayjs'"],
    ['miniprogram/pages/a/a.ts', "import { x } from '@/cos/index'"],
    ['miniprogram/pages/a/a.ts', "import { x } from '/cos/index'"],
    ['miniprogram/helpers/a.ts', "import { x } from '../cos/index'"],
    ['server/routes/config.ts', "import { x } from '../../miniprogram/transfer/x'"],
    ['server/app.ts', "import { x } from '../local-cloud/local-cloud'"],
    ['server/app.ts', "import { x } from '../test/helpers/x'"],
    ['local-cloud/main.ts', "import COS from '../miniprogram/cos/index'"],
    ['local-cloud/cos/put.ts', "import {\n  x,\n  y,\n} from '../../server/app'"],
    ['preview/build.ts', "const config = await import('../miniprogram/config')"],
    ['preview/build.ts', "import { x } from '../scripts/find-chromium'"],
  ])('%s must not hold %j', (file, text) => {
    expect(violationsIn(file, text)).toHaveLength(1)
  })

  test.each([
    ['miniprogram/cos/index.ts', "import { sha1 } from './sha1'"],
    ['miniprogram/pages/a/a.ts', "import { x } from './x'\nimport COS from '../../cos/index'"],
    ['miniprogram/pages/a/a.ts', "import { config } from '../../config'"],
    ['miniprogram/pages/a/a.ts', "import type { Messages } from '../../i18n/zh-CN'"],
    ['server/presign.ts', "import COS from '../miniprogram/cos/index'\nimport x from 'fastify'"],
    ['local-cloud/main.ts', "import { createHmac } from 'node:crypto'\nimport './cos/put'"],
  ])('%s may hold %j', (file, text) => {
    expect(violationsIn(file, text)).toEqual([])
  })
})

describe('miniprogram/cos', () => {
  const files = sources.filter((file) => partOf(file) === 'miniprogram/cos')

  test('needs nothing of wx, of a browser or of Node', () => {
    expect(files.length).toBeGreaterThan(4)
    const found = files.map((file) => [file, FORBIDDEN_IN_COS.exec(withoutComments(read(file)))])
    expect(found.filter(([, match]) => match)).toEqual([])
  })

  test('asks for the time in one place', () => {
    const places = files.filter((file) => /\bDate\.now\b/.test(withoutComments(read(file))))
    expect(places).toEqual(['miniprogram/cos/authorization.ts'])
  })

  test.each([
    'wx.request({})',
    'new TextEncoder()',
    'BigInt(1)',
    "Buffer.from('')",
    'const now = Date.now()',
    'const now = new Date()',
    'f(Clock = Date.now())',
  ])('must not hold %s', (text) => expect(text).toMatch(FORBIDDEN_IN_COS))

  test('may speak of wx in comments', () => {
    expect(withoutComments('/** wx.request */\nput() // as wx.uploadFile')).toBe('\nput()')
  })
})

/** Good enough for this code: `//` inside a string stays when no space precedes it (`https://`). */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?:^|\s+)\/\/.*$/gm, '')
}
