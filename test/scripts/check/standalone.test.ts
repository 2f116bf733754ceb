import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkStandalone } from '../../../scripts/check/standalone'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

let files: Tree

beforeEach(() => {
  files = tree({
    'index.ts':
      "import { hex } from './encode'\nexport const sign = (key: string) => hex([key.length])\n",
    'encode.ts': 'export const hex = (bytes: number[]) => bytes.join()\n',
  })
})

afterEach(() => files.remove())

const check = async () => (await checkStandalone(files.path)).map(formatProblem)

test('accepts what needs nothing but itself', async () => {
  expect(await check()).toEqual([])
})

test.each([
  ['wx.getStorageSync(key)', "index.ts:2: Cannot find name 'wx'"],
  ["wx['request']({})", "index.ts:2: Cannot find name 'wx'"],
  ['globalThis.wx', "index.ts:2: Element implicitly has an 'any' type"],
  ["globalThis['wx']", "index.ts:2: Element implicitly has an 'any' type"],
  ['null as WechatMiniprogram.Wx | null', "index.ts:2: Cannot find namespace 'WechatMiniprogram'"],
  ['setTimeout(() => key)', "index.ts:2: Cannot find name 'setTimeout'"],
  ['new TextEncoder().encode(key)', "index.ts:2: Cannot find name 'TextEncoder'"],
  ['new TextDecoder().decode()', "index.ts:2: Cannot find name 'TextDecoder'"],
  ['document.cookie', "index.ts:2: Cannot find name 'document'"],
  ['Buffer.from(key)', "index.ts:2: Cannot find name 'Buffer'"],
  ['hex([+new Date()])', 'index.ts:2: new Date(): the folder asks nothing of its platform'],
  ['hex([Date.now()])', 'index.ts:2: Date.now(): the folder asks nothing of its platform'],
  ['hex([1]) + Date()', 'index.ts:2: Date(): the folder asks nothing of its platform'],
  ['hex([key])', "index.ts:2: Type 'string' is not assignable to type 'number'"],
])('finds %s', async (code, expected) => {
  files.replace('index.ts', 'hex([key.length])', code)
  expect((await check()).at(-1)).toContain(expected)
})

test('finds an import from beside the folder', async () => {
  files.replace('index.ts', './encode', '../encode')
  expect((await check())[0]).toContain("index.ts:1: Cannot find module '../encode'")
})

test('finds a global that is declared, not one that a comment names', async () => {
  files.write(
    'wx.ts',
    '/* declare const wx */\ndeclare const wx: { request(): void }\nwx.request()',
  )
  expect(await check()).toEqual(['wx.ts:2: declare: the folder asks nothing of its platform'])
})
