import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkSize, filesNeeded, packedFiles } from '../../../scripts/check/size'
import { tree, type Tree } from '../tree'

const OPTIONS = {
  packOptions: { ignore: [{ type: 'suffix', value: '.md' }] },
  setting: { minifyWXML: true, minifyWXSS: true },
}
const LIMITS = { main: 310 * 1024, firstPage: 90 * 1024, all: 400 * 1024 }

let files: Tree

beforeEach(() => {
  files = tree({
    'app.json': '{ "pages": ["pages/a/a", "pages/b/b"] }',
    'app.ts': 'App({})\n',
    'app.wxss': '@import "./styles/base.wxss";\n',
    'styles/base.wxss': 'page { color: red; }\n',
    'README.md': '# Not for phones\n',
    'cos/sign.ts': '/** Signs. */\nexport const sign = (texts: string[]) => [...texts].join()\n',
    'cos/types.ts': 'export interface Signed { url: string }\n',
    'pages/a/a.json': '{ "usingComponents": { "bar": "/components/bar/bar" } }',
    'pages/a/a.ts':
      "import type { Signed } from '../../cos/types'\nPage({ data: { a: {} as Signed } })\n",
    'pages/a/a.wxml': '<import src="../row.wxml" />\n<bar />\n',
    'pages/row.wxml': '<template name="row" />\n',
    'pages/b/b.ts': "import { sign } from '../../cos/sign'\nPage({ data: { b: sign([]) } })\n",
    'pages/b/b.wxml': '<view />\n',
    'components/bar/bar.json': '{ "component": true }',
    'components/bar/bar.ts':
      "import { sign } from '../../cos/sign'\nComponent({ data: { sign } })\n",
    'components/bar/bar.wxml': '<view />\n',
  })
})

afterEach(() => files.remove())

const pack = () => packedFiles(files.path, OPTIONS)
const needed = async () => [...(await filesNeeded(files.path, await pack(), ['pages/a/a'])).keys()]
const bytesOf = async (file: string) => (await pack()).get(file)

describe('packedFiles', () => {
  test('leaves out what packOptions ignores, and comments of scripts', async () => {
    expect(await bytesOf('README.md')).toBeUndefined()
    const before = await bytesOf('cos/sign.ts')
    files.replace('cos/sign.ts', '/** Signs. */', `/** Signs. ${'Much said. '.repeat(100)}*/`)
    expect(await bytesOf('cos/sign.ts')).toBe(before)
  })

  test('counts WXML and WXSS minified where the project minifies them', async () => {
    files.write('pages/b/b.wxml', '<!-- Much said. -->\n<view>\n  <text   class="a" />\n</view>\n')
    files.write('pages/b/b.wxss', '/* Much said. */\n.a {\n  color: red;\n}\n')
    expect(await bytesOf('pages/b/b.wxml')).toBe('<view><text class="a" /></view>'.length)
    expect(await bytesOf('pages/b/b.wxss')).toBe('.a{color:red}\n'.length)
    const plain = await packedFiles(files.path, { ...OPTIONS, setting: {} })
    expect(plain.get('pages/b/b.wxss')).toBe(38)
  })

  test('counts Chinese as UTF-8', async () => {
    const before = (await bytesOf('app.ts')) ?? 0
    files.replace('app.ts', '{}', "{ name: '照片' }")
    expect(await bytesOf('app.ts')).toBe(before + Buffer.byteLength('name:"照片"'))
  })
})

test('a page needs its components, styles and scripts, and no other page', async () => {
  expect((await needed()).toSorted()).toEqual([
    'app.json',
    'app.ts',
    'app.wxss',
    'components/bar/bar.json',
    'components/bar/bar.ts',
    'components/bar/bar.wxml',
    'cos/sign.ts',
    'pages/a/a.json',
    'pages/a/a.ts',
    'pages/a/a.wxml',
    'pages/row.wxml',
    'styles/base.wxss',
  ])
})

test.each([
  ['pages/a/a.ts', "import {\n  // what isn't shown\n  b,\n} from '../b'\nb()\n", 'pages/b.ts'],
  ['pages/a/a.ts', "export * from '../b'\n", 'pages/b.ts'],
  ['pages/a/a.ts', "import '../b'\n", 'pages/b.ts'],
  ['pages/a/a.ts', "import { b } from '../shared'\nb()\n", 'pages/shared/index.ts'],
  ['pages/a/a.ts', "const { b } = require('../b')\n", 'pages/b.ts'],
  ['pages/a/a.ts', 'void import(`../b`)\n', 'pages/b.ts'],
  ['pages/row.wxml', '<wxs module="m" src="./m.wxs" />', 'pages/m.wxs'],
  ['pages/row.wxml', '<wxs module="m">require("./m.wxs")</wxs>', 'pages/m.wxs'],
  ['pages/row.wxml', '<import src="./m.wxml" />', 'pages/m.wxml'],
])('a page needs what %s takes by %j', async (file, text, target) => {
  files.write(target, '\n')
  files.write(file, text)
  expect(await needed()).toContain(target)
})

test.each([
  "import type { B } from '../b'\n",
  "import { type B } from '../b'\n",
  "// const b = require('../b')\n",
])('a page does not need what is named by %j', async (text) => {
  files.write('pages/b.ts', '\n')
  files.write('pages/a/a.ts', text)
  expect(await needed()).not.toContain('pages/b.ts')
})

describe('checkSize', () => {
  test('gives its figures when all is well', async () => {
    const { problem, note } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(problem).toBe('')
    expect(note).toMatch(
      /^main package \d\.\d KB of 310\.0 KB, first page \d\.\d KB of 90\.0 KB, all packages \d\.\d KB of 400\.0 KB$/,
    )
  })

  test('says what each folder and the biggest files cost when it is too much', async () => {
    files.write('pages/b/b.wxml', '<view />'.repeat(310 * 128))
    const { problem, note } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(note).toMatch(/^main package 31\d\.\d KB of 310\.0 KB, /)
    const [first, second, ...others] = problem.split('\n')
    expect(first).toMatch(/^main package: 31\d\.\d KB, the limit is 310\.0 KB$/)
    expect(second).toMatch(/^ *310\.\d KB {2}pages\/$/)
    expect(others).toContain(' 310.0 KB  pages/b/b.wxml')
  })

  test('counts a subpackage for all packages only, and leaves out what no page needs', async () => {
    const before = (await checkSize(files.path, OPTIONS, LIMITS)).note
    files.write('extra/unused.ts', `export const unused = '${'x'.repeat(20_000)}'\n`)
    expect((await checkSize(files.path, OPTIONS, LIMITS)).note).toBe(before)
    files.write(
      'app.json',
      '{ "pages": ["pages/a/a", "pages/b/b"], "subPackages": [{ "root": "sub", "pages": ["s"] }] }',
    )
    files.write('sub/s.ts', `Page({ data: { text: '${'x'.repeat(20_000)}' } })\n`)
    const { note } = await checkSize(files.path, OPTIONS, { ...LIMITS, all: 1024 })
    expect(note).toMatch(/^main package \d\.\d KB/)
    expect(note).toMatch(/all packages 2\d\.\d KB/)
  })

  test('says so when the first page alone needs too much', async () => {
    files.write('pages/row.wxml', '<view />'.repeat(90 * 128))
    const { problem } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(problem).toMatch(/^first page: 9\d\.\d KB, the limit is 90\.0 KB\n/)
  })
})
