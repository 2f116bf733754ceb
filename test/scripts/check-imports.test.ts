import { afterEach, describe, expect, test } from '@jest/globals'
import { checkImports } from '../../scripts/check-imports'
import { formatProblem } from '../../scripts/problem'
import { tree, type Tree } from './tree'

let files: Tree

afterEach(() => files.remove())

function checkTree(texts: Record<string, string>): string[] {
  files = tree(texts)
  return checkImports(files.path).map(formatProblem)
}

const check = (file: string, text: string) => checkTree({ [file]: text })

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
  ['miniprogram/pages/a/a.ts', "const b = require ('../b/b')"],
  ['miniprogram/pages/a/a.ts', "require.async('../b/b').then(open)"],
  ['miniprogram/pages/a/a.ts', 'const b = await import(`../b/b`)'],
  ['miniprogram/pages/a/a.ts', "import b = require('../b/b')"],
  ['miniprogram/pages/a/a.ts', "let b: import('../b/b').B"],
  ['miniprogram/pages/a/a.ts', "import {\n  // what isn't shown\n  x,\n} from '../b/b'"],
  ['miniprogram/pages/a/a.ts', "export * from '../b/b'"],
  ['miniprogram/pages/a/a.ts', 'const b = require(name)'],
  ['miniprogram/pages/a/a.json', '{ "usingComponents": { "b": "../b/list/list" } }'],
  ['miniprogram/pages/a/a.json', '{ "usingComponents": { "b": "/pages/b/list/list" } }'],
  ['miniprogram/components/a/a.json', '{ "usingComponents": { "b": "../../pages/b/b" } }'],
  ['miniprogram/pages/a/a.wxml', '<import src="../b/b.wxml" />'],
  ['miniprogram/pages/a/a.wxml', '<wxs module="b" src="/pages/b/b.wxs" />'],
  ['miniprogram/pages/a/a.wxss', "@import '../b/b.wxss';"],
  ['miniprogram/styles/base.wxss', "@import '../pages/a/a.wxss';"],
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
  expect(check(file, text)).toHaveLength(1)
})

test.each([
  ['miniprogram/cos/index.ts', "import { sha1 } from './sha1'"],
  ['miniprogram/pages/a/a.ts', "import { x } from './x'\nimport COS from '../../cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { config } from '../../config'"],
  ['miniprogram/pages/a/a.ts', "import type { Messages } from '../../i18n/zh-CN'"],
  ['miniprogram/pages/a/a.ts', "// import { x } from '../b/b'\nconst code = \"require('../b/b')\""],
  ['miniprogram/pages/a/a.json', '{ "usingComponents": { "c": "/components/c/c", "d": "./d/d" } }'],
  ['miniprogram/pages/a/a.wxml', '<import src="../list.wxml" />'],
  ['miniprogram/pages/a/a.wxml', '<!-- <import src="../b/b.wxml" /> -->'],
  ['miniprogram/pages/a/a.wxss', "@import '../../styles/base.wxss';"],
  ['miniprogram/app.wxss', "@import 'styles/base.wxss';"],
  ['server/presign.ts', "import COS from '../miniprogram/cos/index'\nimport x from 'fastify'"],
  ['local-cloud/main.ts', "import { createHmac } from 'node:crypto'\nimport './cos/put'"],
  ['miniprogram/cos/sha1.ts', '/** wx.request */\nNumber(1) // as wx.uploadFile'],
  ['miniprogram/cos/authorization.ts', 'const time = (Clock = Date.now) => Clock()'],
])('%s may hold %j', (file, text) => {
  expect(check(file, text)).toEqual([])
})

test.each([
  'wx.request({})',
  'new TextEncoder()',
  'BigInt(1)',
  "Buffer.from('')",
  'const now = Date.now()',
  'const now = new Date()',
  'const time = (Clock = Date.now) => Clock()',
  "wx['request']({})",
  'const { request } = wx',
  'declare const wx: { request(): void }\nwx.request()',
  'performance.now()',
  'setTimeout(() => 1)',
  'new TextDecoder()',
  'globalThis.wx',
  "globalThis['wx'].request({})",
  'document.cookie',
  'process.env.KEY',
])('miniprogram/cos must not hold %s', (text) => {
  expect(check('miniprogram/cos/sha1.ts', text)).toHaveLength(1)
})

test('names the place and the reason', () => {
  const text = "import a from './a'\nimport {\n  b,\n} from '../b/b'\n"
  expect(check('miniprogram/pages/a/index.ts', text)).toEqual([
    "miniprogram/pages/a/index.ts:4: '../b/b': a page imports another page",
  ])
  files.remove()
  expect(check('miniprogram/cos/sha1.ts', '\n// wx\nwx.request({})')).toEqual([
    'miniprogram/cos/sha1.ts:3: wx: the signer asks nothing of its platform',
  ])
})

test('follows a folder to its index', () => {
  const problems = checkTree({
    'miniprogram/pages/a/a.ts': "import type { X } from '../index'\n",
    'miniprogram/pages/index/index.ts': 'export interface X {}\n',
  })
  expect(problems).toEqual(["miniprogram/pages/a/a.ts:1: '../index': a page imports another page"])
})

test.each(['import type', 'import'])('finds a circle of imports, by %s', (how) => {
  const problems = checkTree({
    'scripts/start.ts': "import { a } from '../server/a'\nconst later = () => require('./stop')",
    'scripts/stop.ts': 'export const stop = () => 1',
    'server/a.ts': "import { b } from './routes/b'",
    'server/routes/b.ts': "import { c } from './c'",
    'server/routes/c.ts': `${how} { A } from '../a'`,
  })
  expect(problems).toEqual([
    'server/a.ts: imports run in a circle: server/a.ts -> server/routes/b.ts -> server/routes/c.ts -> server/a.ts',
  ])
})

describe("a component's own module", () => {
  const checkWith = (text: string) =>
    checkTree({
      'miniprogram/components/a/a.ts': 'export const SIZE = 1\n\nComponent({})\n',
      'miniprogram/components/b/b.ts': `\n${text}\n\nComponent({})\n`,
    })

  test.each([
    "import { SIZE } from '../a/a'",
    "import '../a/a'",
    "export { SIZE } from '../a/a'",
    "const { SIZE } = require('../a/a')",
  ])('must not be taken from: %s', (text) => {
    expect(checkWith(text)).toEqual([
      expect.stringMatching(/^miniprogram\/components\/b\/b\.ts:2: '..\/a\/a': importing a value/),
    ])
  })

  test.each([
    "import type { Size } from '../a/a'",
    "import { type Size } from '../a/a'",
    "let size: typeof import('../a/a').SIZE",
  ])('may give types: %s', (text) => {
    expect(checkWith(text)).toEqual([])
  })
})
