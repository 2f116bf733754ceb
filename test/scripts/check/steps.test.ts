import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkSteps } from '../../../scripts/check/steps'
import type { Outcome } from '../../../scripts/check/run-steps'
import { tree, type Tree } from '../tree'

const ROOT = path.join(__dirname, '../../..')

/** The project's own settings; everything that they are about is small. */
const SETTINGS = [
  '.gitignore',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  '.stylelintrc.json',
  'tsconfig.json',
]
const PROJECT = {
  'package.json': '{\n  "scripts": {}\n}\n',
  'project.config.json': `{
  "miniprogramRoot": "miniprogram/",
  "setting": { "minifyWXML": true, "minifyWXSS": true },
  "packOptions": { "ignore": [] },
  "condition": { "miniprogram": { "list": [{ "name": "a", "pathName": "pages/a/a" }] } }
}
`,
  'README.md': "# Signs\n\n```ts\nimport { sign } from '../cos/sign'\n```\n",
  'typings/index.d.ts': '/// <reference types="miniprogram-api-typings" />\n',
  'docs/signing.md': '# Signing\n',
  'miniprogram/app.json': '{ "pages": ["pages/a/a"] }\n',
  'miniprogram/app.ts': 'App({})\n',
  'miniprogram/app.wxss': 'page {\n  color: red;\n}\n',
  'miniprogram/cos/sign.ts': 'export const sign = (key: string) => key\n',
  'miniprogram/transfer/put.ts': "export const put = (url: string) => ({ url, method: 'PUT' })\n",
  'miniprogram/config.ts': "export const config = { serverUrl: '' }\n",
  'miniprogram/samples/sign.ts': "export { sign } from '../cos/sign'\n",
  'miniprogram/signing/server.ts': `import { config } from '../config'

declare const wx: { request(option: { url: string; timeout?: number }): void }

export const get = (timeout: number) => wx.request({ url: config.serverUrl, timeout })
`,
  'miniprogram/i18n/zh-CN.ts':
    "export const zhCN = { title: '标题' }\nexport type Messages = typeof zhCN\n",
  'miniprogram/i18n/en.ts':
    "import type { Messages } from './zh-CN'\n\nexport const en: Messages = { title: 'Title' }\n",
  'miniprogram/pages/a/a.json': '{}\n',
  'miniprogram/pages/a/a.ts': `import { zhCN } from '../../i18n/zh-CN'

Page({
  data: { t: zhCN },
})
`,
  'miniprogram/pages/a/a.wxml': '<view>{{t.title}}</view>\n',
}

let project: Tree

beforeEach(() => {
  project = tree(PROJECT)
  for (const file of SETTINGS) fs.copyFileSync(path.join(ROOT, file), path.join(project.path, file))
  fs.symlinkSync(
    path.join(ROOT, 'node_modules'),
    path.join(project.path, 'node_modules'),
    'junction',
  )
})

afterEach(() => project.remove())

async function run(name: string): Promise<Outcome> {
  const step = checkSteps(project.path).find((found) => found.name === name)
  if (!step) throw new Error(`there is no step ${name}`)
  return step.run()
}

/** A fault, and what is said of it: file, place and words. */
const FAULTS: [step: string, file: string, from: string, to: string, expected: string][] = [
  ['format', 'miniprogram/app.ts', '{}', '{ }', 'miniprogram/app.ts'],
  ['format', 'miniprogram/app.wxss', 'color: ', 'color:', 'miniprogram/app.wxss'],
  ['styles', 'miniprogram/app.wxss', 'color:', 'colour:', 'property-no-unknown'],
  ['types', 'miniprogram/i18n/en.ts', 'title', 'titel', 'miniprogram/i18n/en.ts(3,31): error TS'],
  ['lint', 'miniprogram/app.ts', '{}', '{ a: 1 == 1 }', 'miniprogram/app.ts:1:'],
  [
    'types of WXML',
    'miniprogram/pages/a/a.wxml',
    'title',
    'titel',
    'miniprogram/pages/a/a.wxml:1: there is no t.titel.',
  ],
  [
    'types of cos alone',
    'miniprogram/cos/sign.ts',
    '=> key',
    '=> wx',
    "miniprogram/cos/sign.ts:1: Cannot find name 'wx'.",
  ],
  ["docs' code", 'README.md', '../cos/sign', '../cos/sing', 'README.md:4: Cannot find module'],
  [
    'types in other projects',
    'miniprogram/signing/server.ts',
    'timeout: number',
    'timeout?: number',
    '(typescript-4.9, miniprogram-api-typings-2)',
  ],
  [
    'unused messages',
    'miniprogram/pages/a/a.wxml',
    '{{t.title}}',
    '',
    'miniprogram/i18n/zh-CN.ts:1: title: nothing shows',
  ],
  [
    'untranslated texts',
    'miniprogram/pages/a/a.wxml',
    '{{t.title}}',
    '标题',
    'miniprogram/pages/a/a.wxml:1: 标题: take the text',
  ],
  [
    'mini program files',
    'miniprogram/app.json',
    '["pages/a/a"',
    '["pages/b/b", "pages/a/a"',
    'miniprogram/app.json: page pages/b/b has no .wxml',
  ],
  [
    'compile modes',
    'project.config.json',
    '"pages/a/a"',
    '"pages/b/b"',
    'project.config.json: no compile mode opens pages/a/a',
  ],
  [
    'lint',
    'miniprogram/cos/sign.ts',
    'export',
    "import '../i18n/en'\nexport",
    'Readers copy this folder: it imports only itself.',
  ],
  [
    'imports',
    'miniprogram/app.wxss',
    'page',
    "@import './pages/a/a.wxss';\n\npage",
    "miniprogram/app.wxss:1: './pages/a/a.wxss': the app may not use pages",
  ],
]

test.each(FAULTS)(
  '%s: is ok, and fails where %s holds a fault',
  async (name, file, from, to, expected) => {
    expect(await run(name)).toMatchObject({ status: 'ok' })
    project.replace(file, from, to)
    const { status, output } = await run(name)
    expect(status).toBe('failed')
    expect(output.replaceAll('\\', '/')).toContain(expected)
  },
)

test('package size: shows its figures, and fails where too much ships', async () => {
  const { status, note } = await run('package size')
  expect({ status, note }).toEqual({
    status: 'ok',
    note: expect.stringMatching(
      /^main package \d\.\d KB of \d+\.0 KB, first page .* of \d+\.0 KB, all packages .* of \d+\.0 KB$/,
    ),
  })
  project.write('miniprogram/pages/a/a.wxss', `.${'x'.repeat(1024 * 1024)} {\n  color: red;\n}\n`)
  expect(await run('package size')).toMatchObject({
    status: 'failed',
    output: expect.stringContaining('1024.0 KB  pages/a/a.wxss'),
  })
})

test('WeChat compilers: fail where a tag is not closed, or cannot run on this system', async () => {
  project.write('miniprogram/pages/a/a.wxml', '<view>\n')
  const { status, output } = await run('WeChat compilers')
  const expected = {
    failed: 'miniprogram/pages/a/a.wxml:1: ',
    skipped: 'cannot run on this system',
    ok: 'not this',
  }
  expect(output).toContain(expected[status])
})

test('every step is tried here, or where its own files are', () => {
  const tried = [...FAULTS.map(([name]) => name), 'package size', 'WeChat compilers', 'samples']
  const steps = checkSteps(ROOT).map(({ name }) => name)
  // The folders of tools share the step of the mini program: the same compiler, other settings.
  const others = steps.filter((name) => !tried.includes(name))
  expect(others).toEqual([
    'types test',
    'types scripts',
    'types server',
    'types local-cloud',
    'types preview',
  ])
})
