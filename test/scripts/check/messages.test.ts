import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkMessages } from '../../../scripts/check/messages'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

const MESSAGES = `export const zhCN = {
  index: {
    title: '首页',
    intro: '简介',
    start: '开始',
    again: '再来',
  },
  failures: {
    TIMEOUT: { title: '超时' },
    NETWORK: { title: '断线' },
  },
  problems: {
    EMPTY: '没有',
    LONG: '太长',
  },
  sources: {
    server: { name: '服务器' },
    phone: { name: '手机' },
  },
  steps: { one: { text: '一' } },
}
export type Messages = typeof zhCN
`
const PAGE = `import { zhCN, type Messages } from '../../i18n/zh-CN'

const t = zhCN
const { title } = t.index
const failures: Record<string, { title: string }> = t.failures

function lengths(texts: { start: string }): number {
  return texts.start.length
}

Page({
  data: {
    t: t.index,
    title,
    length: lengths(t.index),
    sources: Object.entries(t.sources).map(([source, { name }]) => ({ source, name })),
    step: { ...t.steps.one },
    problem: '',
  },
  onLoad({ problem = 'EMPTY' }) {
    wx.setNavigationBarTitle({ title: failures[problem]?.title ?? '' })
    this.setData({ problem: t.problems[problem as keyof Messages['problems']] })
  },
})
`

let files: Tree

beforeEach(() => {
  files = tree({
    'i18n/zh-CN.ts': MESSAGES,
    'i18n/en.ts': "import type { Messages } from './zh-CN'\nexport const en = {} as Messages\n",
    'pages/a/a.ts': PAGE,
    'pages/a/a.wxml': '<view bind:tap="onTap">{{t.intro}}{{length > 1 ? t.again : title}}</view>\n',
  })
})

afterEach(() => files.remove())

const check = async () => (await checkMessages(files.path)).map(formatProblem)

test('knows what is shown: by name, in WXML, as an argument, by a key of run time, spread', async () => {
  expect(await check()).toEqual([])
})

test.each([
  ['WXML', 'a.wxml', '{{t.intro}}', '', 4, 'index.intro'],
  ['a condition of WXML', 'a.wxml', 't.again', "''", 6, 'index.again'],
  ['a script', 'a.ts', '{ title } = t.index', "title = 'T'", 3, 'index.title'],
  ['an argument', 'a.ts', 'lengths(t.index)', '1', 5, 'index.start'],
])('finds what %s no longer shows', async (_where, file, from, to, line, key) => {
  files.replace(`pages/a/${file}`, from, to)
  expect(await check()).toEqual([`i18n/zh-CN.ts:${line}: ${key}: nothing shows this message`])
})

test.each([
  ['t.failures', '{}', ['9: failures.TIMEOUT.title', '10: failures.NETWORK.title']],
  [
    "t.problems[problem as keyof Messages['problems']]",
    'problem',
    ['13: problems.EMPTY', '14: problems.LONG'],
  ],
  ['t.sources', '{ a: { name: 1 } }', ['17: sources.server.name', '18: sources.phone.name']],
  ['...t.steps.one', '', ['20: steps.one.text']],
])('finds a group that nothing takes any more: %s', async (from, to, expected) => {
  files.replace('pages/a/a.ts', from, to)
  expect(await check()).toEqual(
    expected.map((place) => `i18n/zh-CN.ts:${place}: nothing shows this message`),
  )
})
