import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { checkImports } from '../../../scripts/check/imports'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

const ROOT = path.join(__dirname, '../../..')

let files: Tree

afterEach(() => files.remove())

/**
 * Lints files with the project's own settings.
 *
 * @returns The files that hold what the import rules forbid.
 */
function forbidden(texts: Record<string, string>): string[] {
  files = tree(texts)
  files.write('.oxlintrc.json', fs.readFileSync(path.join(ROOT, '.oxlintrc.json'), 'utf8'))
  const { stdout } = spawnSync(
    process.execPath,
    [path.join(ROOT, 'node_modules/oxlint/bin/oxlint'), '-f', 'json'],
    { cwd: files.path, encoding: 'utf8' },
  )
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; code: string }[]
  }
  const rules = /no-restricted-|no-cycle|consistent-type-imports/
  const found = diagnostics.filter(({ code }) => rules.test(code))
  return [...new Set(found.map(({ filename }) => filename.replaceAll('\\', '/')))]
}

type Case = [file: string, text: string]

/** Each case in a file of its own: `pages/a/a.ts` -> `pages/a/a-3.ts`. */
function inFiles(cases: Case[]): Map<string, Case> {
  const own = (file: string, index: number) => file.replace(/(\.d)?\.ts$/, `-${index}$&`)
  return new Map(cases.map((one, index) => [own(one[0], index), one]))
}

const textsOf = (cases: Map<string, Case>) =>
  Object.fromEntries([...cases].map(([file, [, text]]) => [file, text]))

const MUST_NOT: Case[] = [
  ['miniprogram/app.ts', "import { x } from './pages/a/x'"],
  ['miniprogram/app.ts', "import COS from './cos/index'"],
  ['miniprogram/config.ts', "import { x } from '../server/config'"],
  ['miniprogram/cos/sha1.ts', "import { x } from '../transfer/x'"],
  ['miniprogram/cos/sha1.ts', "import crypto from 'node:crypto'"],
  ['miniprogram/cos/sha1.ts', "import { x } from './../config'"],
  ['miniprogram/transfer/put-object.ts', "import type { X } from '../cos/types'"],
  ['miniprogram/transfer/put-object.ts', "import { x } from '../signing/index'"],
  ['miniprogram/transfer/put-object.ts', "import { config } from '../config'"],
  ['miniprogram/signing/index.ts', "import type { X } from '../demo/x'"],
  ['miniprogram/signing/index.ts', "import { x } from '../i18n/index'"],
  ['miniprogram/components/a/a.ts', "import COS from '../../cos/index'"],
  ['miniprogram/components/a/a.ts', "import COS from '../../cos'"],
  ['miniprogram/components/a/a.ts', "export { x } from '../../transfer/x'"],
  ['miniprogram/components/a/a.ts', "import '../../signing/index'"],
  ['miniprogram/components/a/a.ts', "import { x } from '../../demo/x'"],
  ['miniprogram/components/a.ts', "import { x } from '../demo/x'"],
  ['miniprogram/components/a/a.ts', "import { config } from '../../config'"],
  ['miniprogram/demo/a/a.ts', "import { x } from '../../pages/a/x'"],
  ['miniprogram/demo/a/a.ts', "import COS from '../../cos/index'"],
  ['miniprogram/demo/a/a.ts', "import { x } from '../../setup/x'"],
  ['miniprogram/demo/a.ts', "import { x } from '../components/../pages/a/x'"],
  ['miniprogram/i18n/en.ts', "import { x } from '../components/a/a'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../b/b'"],
  ['miniprogram/pages/a/a.ts', "import type { X } from '../b/b'"],
  ['miniprogram/pages/a/a.ts', "import type { X } from '../index'"],
  ['miniprogram/pages/a/a.ts', "import { x } from './../b/b'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../pages/b/b'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../../miniprogram/pages/b/b'"],
  ['miniprogram/pages/a/list/list.ts', "import { x } from '../../b/b'"],
  ['miniprogram/pages/a/a.ts', "const b = require('../b/b')"],
  ['miniprogram/pages/a/a.ts', "const b = require ('../b/b')"],
  ['miniprogram/pages/a/a.ts', "require.async('../b/b').then(open)"],
  ['miniprogram/pages/a/a.ts', "const b = await import('../b/b')"],
  ['miniprogram/pages/a/a.ts', "import b = require('../b/b')"],
  ['miniprogram/pages/a/a.ts', "let b: import('../b/b').B"],
  ['miniprogram/pages/a/a.ts', "import {\n  // what isn't shown\n  x,\n} from '../b/b'"],
  ['miniprogram/pages/a/a.ts', "export * from '../b/b'"],
  ['miniprogram/pages/a/a.ts', 'const b = require(name)'],
  ['miniprogram/pages/a/a.ts', "import dayjs from 'dayjs'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '@/cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '/cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../presign/x'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../samples/put-object'"],
  ['miniprogram/presign/presign.ts', "import { x } from '../pages/a/x'"],
  ['miniprogram/presign/presign.ts', "import { x } from '../setup/x'"],
  ['miniprogram/setup/list/list.ts', "import { x } from '../../presign/x'"],
  ['miniprogram/presign/manual-samples/download-1.ts', "import { x } from '../../transfer/x'"],
  ['miniprogram/samples/put-object.ts', "import { x } from '../signing/index'"],
  ['miniprogram/helpers/a.ts', "import { x } from '../cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../../test/helpers/x'"],
  ['typings/index.d.ts', "import type { X } from '../miniprogram/pages/a/a'"],
  ['server/routes/config.ts', "import { x } from '../../miniprogram/transfer/x'"],
  ['server/routes/config.ts', "import { x } from '../../miniprogram/config'"],
  ['server/routes/config.ts', "import { x } from '../../miniprogram/cos/../transfer/x'"],
  ['server/app.ts', "import { x } from '../local-cloud/local-cloud'"],
  ['server/app.ts', "import { x } from '../test/helpers/x'"],
  ['local-cloud/main.ts', "import COS from '../miniprogram/cos/index'"],
  ['local-cloud/cos/put.ts', "import {\n  x,\n  y,\n} from '../../server/app'"],
  ['local-cloud/cos/put.ts', "import { x } from '../../scripts/x'"],
  ['preview/build.ts', "const config = await import('../miniprogram/config')"],
  ['preview/host/wx/a.ts', "import { x } from '../../../local-cloud/x'"],
  ['preview/build.ts', "import { x } from '../scripts/shared/launch-chromium'"],
  ['miniprogram/cos/sha1.ts', 'BigInt(1)'],
  ['miniprogram/cos/sha1.ts', 'const now = Date.now()'],
  ['miniprogram/cos/sha1.ts', 'const time = (Clock = Date.now) => Clock()'],
  ['miniprogram/cos/sha1.ts', 'globalThis.wx'],
  ['miniprogram/cos/sha1.ts', "globalThis['wx'].request({})"],
]

const MAY: Case[] = [
  ['miniprogram/app.ts', "import { x } from './signing/index'\nimport { y } from './config'"],
  ['miniprogram/cos/index.ts', "import { sha1 } from './sha1'"],
  ['miniprogram/transfer/put-object.ts', "import type { X } from './signing'"],
  ['miniprogram/signing/index.ts', "import COS from '../cos/index'\nimport '../transfer/x'"],
  ['miniprogram/signing/index.ts', "import { config } from '../config'"],
  ['miniprogram/components/a/a.ts', "import { x } from '../../i18n/samples'\nimport '../b/b'"],
  ['miniprogram/components/a/a.ts', "import { x } from '../double-tap'"],
  ['miniprogram/demo/a/a.ts', "import { x } from '../../components/x'\nimport '../b'"],
  [
    'miniprogram/demo/a/a.ts',
    "import { x } from '../../signing/server'\nimport '../../transfer/x'",
  ],
  ['miniprogram/pages/a/a.ts', "import { x } from './x'\nimport COS from '../../cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { x } from '../../demo/x'\nimport '../../signing/server'"],
  ['miniprogram/pages/a/a.ts', "import type { Messages } from '../../i18n/zh-CN'"],
  ['miniprogram/pages/a/a.ts', "// import { x } from '../b/b'\nconst code = \"require('../b/b')\""],
  ['miniprogram/pages/a/list/list.ts', "import { x } from '../x'\nimport '../../../demo/x'"],
  ['miniprogram/presign/list/list.ts', "import { x } from '../x'\nimport '../../cos/index'"],
  ['miniprogram/setup/setup.ts', "import { x } from '../demo/x'\nimport './i18n/index'"],
  ['miniprogram/presign/manual-samples/download-1.ts', "import type COS from '../../cos/index'"],
  ['miniprogram/samples/download-object.ts', "import { x } from '../transfer/x'\nimport '../cos'"],
  ['typings/index.d.ts', "import type { X } from '../miniprogram/signing/index'"],
  ['server/routes/a.ts', "import COS from '../../miniprogram/cos/index'\nimport x from 'fastify'"],
  ['server/presign.ts', "import COS from '../miniprogram/cos'\nimport x from './routes/a'"],
  ['local-cloud/main.ts', "import { createHmac } from 'node:crypto'\nimport './cos/put'"],
  ['preview/build.ts', "import { build } from 'esbuild'\nimport './host/pages'"],
  ['scripts/start.ts', "import { x } from '../server/app'\nimport '../test/helpers/x'"],
  ['miniprogram/cos/sha1.ts', '/** wx.request */\nNumber(1) // as wx.uploadFile'],
]

describe('the rules of oxlint', () => {
  test('find each import, and each part of the platform, that a folder must not have', () => {
    const cases = inFiles(MUST_NOT)
    const found = forbidden(textsOf(cases))
    expect([...cases].filter(([file]) => !found.includes(file)).map(([, one]) => one)).toEqual([])
  })

  test('allow the others', () => {
    const cases = inFiles(MAY)
    expect(forbidden(textsOf(cases)).map((file) => cases.get(file))).toEqual([])
  })

  test('take the time in one place', () => {
    const text = 'export const time = (Clock = Date.now) => Clock()'
    expect(forbidden({ 'miniprogram/cos/authorization.ts': text })).toEqual([])
  })

  test.each(['import type', 'import'])('find a circle of imports, by %s', (how) => {
    const found = forbidden({
      'scripts/start.ts': "import { a } from '../server/a'",
      'server/a.ts': "import { b } from './routes/b'",
      'server/routes/b.ts': "import { c } from './c'",
      'server/routes/c.ts': `${how} { A } from '../a'`,
    })
    expect(found.toSorted()).toEqual(['server/a.ts', 'server/routes/b.ts', 'server/routes/c.ts'])
  })
})

describe('checkImports', () => {
  async function check(texts: Record<string, string>): Promise<string[]> {
    files = tree(texts)
    return (await checkImports(files.path)).map(formatProblem)
  }

  test.each([
    ['pages/a/a.json', '{ "usingComponents": { "b": "../b/list/list" } }', 'a page uses another'],
    ['pages/a/a.json', '{ "usingComponents": { "b": "/pages/b/list/list" } }', 'a page uses anoth'],
    ['pages/a/a.json', '{ "usingComponents": { "b": "/setup/b/b" } }', 'pages may not use setup'],
    ['components/a/a.json', '{ "usingComponents": { "b": "../../pages/b/b" } }', 'components may'],
    ['components/a/a.json', '{ "usingComponents": { "b": "../../demo/b/b" } }', 'components may'],
    ['setup/a.json', '{ "usingComponents": { "b": "../presign/b/b" } }', 'setup may not use pres'],
    ['pages/a/a.wxml', '<import src="../b/b.wxml" />', 'a page uses another page'],
    ['pages/a/a.wxml', '<wxs module="b" src="/pages/b/b.wxs" />', 'a page uses another page'],
    ['pages/a/a.wxss', "@import '../b/b.wxss';", 'a page uses another page'],
    ['styles/base.wxss', "@import '../pages/a/a.wxss';", 'styles may not use pages'],
    ['app.wxss', "@import './pages/a/a.wxss';", 'the app may not use pages'],
  ])('%s must not hold %s', async (file, text, reason) => {
    expect(await check({ [file]: text })).toEqual([expect.stringContaining(`: ${reason}`)])
  })

  test.each([
    ['pages/a/a.json', '{ "usingComponents": { "c": "/components/c/c", "d": "./d/d" } }'],
    ['pages/a/a.json', '{ "usingComponents": { "c": "../../demo/c/c" } }'],
    ['demo/a/a.json', '{ "usingComponents": { "b": "../b/b", "c": "../../components/c/c" } }'],
    ['presign/a/a.json', '{ "usingComponents": { "b": "../b/b", "c": "../../components/c/c" } }'],
    ['pages/a/a.wxml', '<import src="../list.wxml" />'],
    ['pages/a/a.wxml', '<!-- <import src="../b/b.wxml" /> -->'],
    ['pages/a/a.wxss', "@import '../../styles/base.wxss';"],
    ['app.wxss', "@import 'styles/base.wxss';"],
  ])('%s may hold %s', async (file, text) => {
    expect(await check({ [file]: text })).toEqual([])
  })

  test('names the place', async () => {
    expect(await check({ 'pages/a/a.wxml': '<view />\n<import src="../b/b.wxml" />' })).toEqual([
      "pages/a/a.wxml:2: '../b/b.wxml': a page uses another page",
    ])
  })

  test('names a folder without a rule', async () => {
    expect(await check({ 'helpers/a.ts': 'export {}' })).toEqual([
      expect.stringMatching(/^helpers: no import rule for this folder/),
    ])
  })

  test('finds an import() that oxlint cannot read', async () => {
    const texts = { 'demo/b.ts': 'export {}', 'pages/a/a.ts': 'void import(`../../demo/b`)' }
    expect(await check(texts)).toEqual([
      'pages/a/a.ts: import() of demo/b.ts: write an import declaration',
    ])
  })
})

describe("a component's own module", () => {
  async function check(text: string): Promise<string[]> {
    files = tree({
      'components/a/a.ts': 'export const SIZE = 1\n\nComponent({})\n',
      'components/a/a.wxml': '<view />\n',
      'components/a/sizes.ts': 'export const SIZE = 1\n',
      'components/b/b.ts': `\n${text}\n\nComponent({})\n`,
    })
    return (await checkImports(files.path)).map(formatProblem)
  }

  test.each([
    "import { SIZE } from '../a/a'\nComponent({ data: { SIZE } })",
    "import '../a/a'",
    "export { SIZE } from '../a/a'",
    "const { SIZE } = require('../a/a')",
  ])('must not be taken from: %s', async (text) => {
    expect(await check(text)).toEqual([
      expect.stringMatching(
        /^components\/b\/b\.ts: a value of components\/a\/a\.ts, a component's/,
      ),
    ])
  })

  test.each([
    "import type { Size } from '../a/a'",
    "import { type Size } from '../a/a'",
    "let size: typeof import('../a/a').SIZE",
    "import { SIZE } from '../a/sizes'\nComponent({ data: { SIZE } })",
  ])('may give types, and what lies beside it values: %s', async (text) => {
    expect(await check(text)).toEqual([])
  })
})
