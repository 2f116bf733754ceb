import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { checkSize, firstPage, packedFiles } from '../../scripts/check-size'
import { tree, type Tree } from './tree'

const OPTIONS = { ignore: [{ type: 'suffix', value: '.md' }] }
const LIMITS = { total: 310 * 1024, firstPage: 90 * 1024 }

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
const bytesOf = async (file: string) => (await pack()).find((packed) => packed.file === file)?.bytes

describe('packedFiles', () => {
  test('leaves out what packOptions ignores, and comments of scripts', async () => {
    expect(await bytesOf('README.md')).toBeUndefined()
    const before = await bytesOf('cos/sign.ts')
    files.replace('cos/sign.ts', '/** Signs. */', `/** Signs. ${'Much said. '.repeat(100)}*/`)
    expect(await bytesOf('cos/sign.ts')).toBe(before)
  })

  test('counts Chinese as UTF-8, and everything but scripts as it is', async () => {
    const before = (await bytesOf('app.ts')) ?? 0
    files.replace('app.ts', '{}', "{ name: '照片' }")
    expect(await bytesOf('app.ts')).toBe(before + Buffer.byteLength('name:"照片"'))
    expect(await bytesOf('pages/row.wxml')).toBe(24)
  })

  test('counts the helpers of Babel once', async () => {
    const script = (await bytesOf('cos/sign.ts')) ?? 0
    const helpers = (await bytesOf('@babel/runtime/helpers')) ?? 0
    files.write('cos/again.ts', 'export const again = (texts: string[]) => [...texts].join()\n')
    expect(await bytesOf('@babel/runtime/helpers')).toBe(helpers)
    expect(await bytesOf('cos/again.ts')).toBeLessThan(2 * script)
    expect(helpers).toBeGreaterThan(script)
  })
})

test('firstPage takes the components, styles and scripts that it needs, and no other page', async () => {
  const needed = firstPage(files.path, await pack()).map(({ file }) => file)
  expect(needed.toSorted()).toEqual([
    '@babel/runtime/helpers',
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
  ['pages/a/a.ts', "import {\n  // what isn't shown\n  b,\n} from '../b'\n", 'pages/b.ts'],
  ['pages/a/a.ts', "export * from '../b'\n", 'pages/b.ts'],
  ['pages/a/a.ts', "import '../b'\n", 'pages/b.ts'],
  ['pages/a/a.ts', "import { b } from '../shared'\n", 'pages/shared/index.ts'],
  ['pages/a/a.ts', "const { b } = require('../b')\n", 'pages/b.ts'],
  ['pages/a/a.ts', "void require.async('../b')\n", 'pages/b.ts'],
  ['pages/a/a.ts', 'void import(`../b`)\n', 'pages/b.ts'],
  ['pages/row.wxml', '<wxs module="m" src="./m.wxs" />', 'pages/m.wxs'],
  ['pages/row.wxml', '<wxs module="m">require("./m.wxs")</wxs>', 'pages/m.wxs'],
  ['pages/row.wxml', '<import src="./m.wxml" />', 'pages/m.wxml'],
])('firstPage counts what %s takes by %j', async (file, text, target) => {
  files.write(target, '\n')
  files.write(file, text)
  expect(firstPage(files.path, await pack()).map((needed) => needed.file)).toContain(target)
})

test.each([
  "import type { B } from '../b'\n",
  "import { type B } from '../b'\n",
  "// const b = require('../b')\n",
])('firstPage does not count %j', async (text) => {
  files.write('pages/b.ts', '\n')
  files.write('pages/a/a.ts', text)
  expect(firstPage(files.path, await pack()).map(({ file }) => file)).not.toContain('pages/b.ts')
})

describe('checkSize', () => {
  test('gives its figures when all is well', async () => {
    const { problem, note } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(problem).toBe('')
    expect(note).toMatch(/^\d\.\d KB of 310\.0 KB, first page \d\.\d KB of 90\.0 KB$/)
  })

  test('names the biggest files when it is too much', async () => {
    files.write('pages/b/b.wxml', '<view />'.repeat(310 * 128))
    const { problem, note } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(note).toMatch(/^31\d\.\d KB of 310\.0 KB, first page \d\.\d KB of 90\.0 KB$/)
    const [first, second] = problem.split('\n')
    expect(first).toMatch(/^Everything that ships takes 31\d\.\d KB; 310\.0 KB is the limit\.$/)
    expect(second).toMatch(/^ *310\.0 KB {2}pages\/b\/b\.wxml$/)
  })

  test('says so when the first page alone needs too much', async () => {
    files.write('pages/row.wxml', '<view />'.repeat(90 * 128))
    const { problem } = await checkSize(files.path, OPTIONS, LIMITS)
    expect(problem).toMatch(/^The first page takes 9\d\.\d KB; 90\.0 KB is the limit\.\n/)
  })
})
