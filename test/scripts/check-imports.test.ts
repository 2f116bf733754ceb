import { afterEach, expect, test } from '@jest/globals'
import { checkImports } from '../../scripts/check-imports'
import { formatProblem } from '../../scripts/problem'
import { tree, type Tree } from './tree'

let files: Tree

afterEach(() => files.remove())

function check(file: string, text: string): string[] {
  files = tree({ [file]: text })
  return checkImports(files.path).map(formatProblem)
}

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
  expect(check(file, text)).toHaveLength(1)
})

test.each([
  ['miniprogram/cos/index.ts', "import { sha1 } from './sha1'"],
  ['miniprogram/pages/a/a.ts', "import { x } from './x'\nimport COS from '../../cos/index'"],
  ['miniprogram/pages/a/a.ts', "import { config } from '../../config'"],
  ['miniprogram/pages/a/a.ts', "import type { Messages } from '../../i18n/zh-CN'"],
  ['server/presign.ts', "import COS from '../miniprogram/cos/index'\nimport x from 'fastify'"],
  ['local-cloud/main.ts', "import { createHmac } from 'node:crypto'\nimport './cos/put'"],
  ['miniprogram/cos/sha1.ts', '/** wx.request */\nput() // as wx.uploadFile'],
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
    'miniprogram/cos/sha1.ts:3: wx.request: the signer asks nothing of its platform',
  ])
})
