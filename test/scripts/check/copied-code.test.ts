import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkCosAlone } from '../../../scripts/check/copied-code'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

let files: Tree

beforeEach(() => {
  files = tree({
    'cos/index.ts':
      "import { hex } from './encode'\nexport const sign = (key: string) => hex([key.length])\n",
    'cos/encode.ts': 'export const hex = (bytes: number[]) => bytes.join()\n',
  })
})

afterEach(() => files.remove())

const check = async () => (await checkCosAlone(files.path)).map(formatProblem)

test('accepts what needs nothing but itself', async () => {
  expect(await check()).toEqual([])
})

test.each([
  ['wx.getStorageSync(key)', "cos/index.ts:2: Cannot find name 'wx'"],
  ["wx['request']({})", "cos/index.ts:2: Cannot find name 'wx'"],
  ['globalThis.wx', "cos/index.ts:2: Element implicitly has an 'any' type"],
  ["globalThis['wx']", "cos/index.ts:2: Element implicitly has an 'any' type"],
  [
    'null as WechatMiniprogram.Wx | null',
    "cos/index.ts:2: Cannot find namespace 'WechatMiniprogram'",
  ],
  ['setTimeout(() => key)', "cos/index.ts:2: Cannot find name 'setTimeout'"],
  ['new TextEncoder().encode(key)', "cos/index.ts:2: Cannot find name 'TextEncoder'"],
  ['new TextDecoder().decode()', "cos/index.ts:2: Cannot find name 'TextDecoder'"],
  ['document.cookie', "cos/index.ts:2: Cannot find name 'document'"],
  ['Buffer.from(key)', "cos/index.ts:2: Cannot find name 'Buffer'"],
  ['hex([+new Date()])', 'cos/index.ts:2: new Date(): the folder asks nothing of its platform'],
  ['hex([Date.now()])', 'cos/index.ts:2: Date.now(): the folder asks nothing of its platform'],
  ['hex([1]) + Date()', 'cos/index.ts:2: Date(): the folder asks nothing of its platform'],
  ['hex([key])', "cos/index.ts:2: Type 'string' is not assignable to type 'number'"],
])('finds %s', async (code, expected) => {
  files.replace('cos/index.ts', 'hex([key.length])', code)
  expect((await check()).at(-1)).toContain(expected)
})

test('finds an import from beside the folder', async () => {
  files.replace('cos/index.ts', './encode', '../encode')
  expect((await check())[0]).toContain("cos/index.ts:1: Cannot find module '../encode'")
})

test('finds a global that is declared, not one that a comment names', async () => {
  files.write(
    'cos/wx.ts',
    '/* declare const wx */\ndeclare const wx: { request(): void }\nwx.request()',
  )
  expect(await check()).toEqual(['cos/wx.ts:2: declare: the folder asks nothing of its platform'])
})
