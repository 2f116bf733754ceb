import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkWxmlTypes } from '../../../scripts/check/wxml-types/wxml-types'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

const PAGE = `<import src="../list.wxml" />
<view class="page {{busy ? 'busy' : ''}}">标题 {{t.title}}</view>
<bar percent="{{percent}}" phase="{{phase}}" file="{{file}}" pausable bind:stop="onStop" />
<view wx:if="{{phase === 'done'}}" data-index="{{1}}" bind:tap="onTap">{{file.name}}</view>
<view wx:for="{{files}}" wx:key="name">{{index}}: {{item.name}} {{names[index]}}</view>
<template is="list" data="{{files, title: t.title}}" />
`
const PAGE_TS = `const phases = ['empty', 'done'] as const
/** A page. */
Page({
  data: {
    t: { title: 'T' },
    busy: false,
    percent: 0,
    phase: 'empty' as (typeof phases)[number],
    file: null as { name: string } | null,
    files: null as { name: string; size: number }[] | null,
    names: ['a'],
  },
  onTap() {},
  onStop() {},
})
`
const LIST = `<template name="list">
  <view>{{title}}</view>
  <view wx:for="{{files}}" wx:key="name"><text bind:tap="onTap">{{item.size}}</text></view>
  <bar percent="{{files.length}}" />
</template>
`
const BAR = `<view aria-label="{{label}}" hidden="{{!pausable}}" bind:tap="stop">{{percent}}%</view>
<view wx:if="{{file}}">{{file.name}}</view>
`
const BAR_TS = `Component({
  properties: {
    percent: Number,
    phase: { type: String, value: 'empty' as 'empty' | 'done' },
    pausable: Boolean,
    file: { type: null, value: null as { name: string } | null },
  },
  data: { label: '' },
  methods: {
    stop() {
      this.triggerEvent('stop')
    },
  },
})
`

const SOUND = {
  'pages/a/a.json': '{ "usingComponents": { "bar": "../../components/bar/bar" } }',
  'pages/a/a.ts': PAGE_TS,
  'pages/a/a.wxml': PAGE,
  'pages/list.wxml': LIST,
  'components/bar/bar.json': '{ "component": true }',
  'components/bar/bar.ts': BAR_TS,
  'components/bar/bar.wxml': BAR,
}

let files: Tree

beforeEach(() => {
  files = tree(SOUND)
})

afterEach(() => files.remove())

const check = async () => (await checkWxmlTypes(files.path)).map(formatProblem)

test('accepts a sound tree', async () => {
  expect(await check()).toEqual([])
})

const SLIPS: [what: string, file: string, from: string, to: string, expected: string][] = [
  ['a field', 'a/a.wxml', 't.title}}<', 't.titel}}<', 'a/a.wxml:2: there is no t.titel.'],
  ['a field of data', 'a/a.wxml', '{{busy', '{{bussy', 'a/a.wxml:2: there is no bussy. Did'],
  ['a nullable field', 'a/a.wxml', 'file.name', 'file.nam', 'a/a.wxml:4: there is no file.nam.'],
  ['a handler', 'a/a.wxml', 'onTap', 'onTab', 'a/a.wxml:4: there is no handler onTab.'],
  ['a handler that is data', 'a/a.wxml', '"onTap', '"busy', 'a/a.wxml:4: there is no handler busy'],
  ['a field of an item', 'a/a.wxml', 'item.name', 'item.nam', 'a/a.wxml:5: there is no item.nam.'],
  [
    'a key of items',
    'a/a.wxml',
    'key="name',
    'key="nam',
    'a/a.wxml:5: wx:key: an item has no nam.',
  ],
  ['a list', 'a/a.wxml', 'wx:for="{{files', 'wx:for="{{fils', 'a/a.wxml:5: there is no fils. Did'],
  ['a word', 'a/a.wxml', "'done'", "'dnoe'", 'a/a.wxml:4: This comparison appears to be unint'],
  [
    'a property',
    'a/a.wxml',
    'pausable',
    'pausible',
    'a/a.wxml:3: <bar> has no property pausible. Did you mean pausable?',
  ],
  [
    'the type of a property',
    'a/a.wxml',
    '{{percent',
    '{{phase',
    'a/a.wxml:3: <bar> percent: Type \'"done" | "empty"\' is not assignable to type \'number\'.',
  ],
  [
    'the handler of a component',
    'a/a.wxml',
    'onStop',
    'onstop',
    'a/a.wxml:3: there is no handler onstop. Did you mean onStop?',
  ],
  ['a tag', 'a/a.wxml', '<bar', '<bra', 'a/a.wxml:3: there is no component <bra>.'],
  ['the data of a template', 'a/a.wxml', '{{files, ', '{{fles, ', 'a/a.wxml:6: there is no fles.'],
  [
    'data that a template is not given',
    'a/a.wxml',
    ', title: t.title',
    '',
    'list.wxml:2: there is no title. (in pages/a/a.wxml)',
  ],
  [
    'an item in a template',
    'list.wxml',
    'item.size',
    'item.sise',
    'list.wxml:3: there is no item.sise. (in pages/a/a.wxml)',
  ],
  [
    'a handler in a template',
    'list.wxml',
    'onTap',
    'onTab',
    'list.wxml:3: there is no handler onTab. Did you mean onTap? (in pages/a/a.wxml)',
  ],
  ['a template', 'a/a.wxml', 'is="list"', 'is="lst"', 'a/a.wxml:6: there is no template lst.'],
  ['an include', 'a/a.wxml', '<import', '<include', 'a/a.wxml:1: <include> goes unchecked'],
  ['a template', 'a/a.wxml', 'is="list"', 'is="{{t.title}}"', 'a/a.wxml:6: a template that is='],
  ['a page', 'a/a.ts', '\nPage', '\nconst page = Page', 'a/a.wxml: no Page() or Component()'],
  ['an end tag', 'list.wxml', '</text>', '', 'list.wxml:3: missing end tag'],
]

test('names the place of each slip', async () => {
  // Each in a tree of its own, and one compilation for all.
  SLIPS.forEach(([, file, from, to], index) => {
    for (const [name, text] of Object.entries(SOUND)) files.write(`${index}/${name}`, text)
    files.replace(`${index}/pages/${file}`, from, to)
  })
  const problems = await check()
  SLIPS.forEach(([what, , , , expected], index) => {
    const folder = `${index}/`
    const found = problems.find((line) => line.startsWith(folder))?.replaceAll(folder, '')
    const wanted = `pages/${expected}`
    expect({ what, found: found?.slice(0, wanted.length) }).toEqual({ what, found: wanted })
  })
})

test('names a template that nothing uses', async () => {
  files.replace('pages/a/a.wxml', '<template is="list"', '<view hidden')
  expect((await check())[0]).toMatch(/^pages\/list\.wxml: nothing uses the/)
})

test('checks a template with the data of each page that uses it', async () => {
  files.write('pages/b/b.ts', 'Page({ data: { names: [1] }, onTap() {} })\n')
  files.write(
    'pages/b/b.wxml',
    `<import src="../list.wxml" />\n<template is="list" data="{{files: names, title: ''}}" />\n`,
  )
  expect(await check()).toEqual([
    'pages/list.wxml:3: wx:key: an item has no name. (in pages/b/b.wxml)',
    'pages/list.wxml:3: there is no item.size. (in pages/b/b.wxml)',
    'pages/list.wxml:4: there is no component <bar>. (in pages/b/b.wxml)',
  ])
})

test('checks templates that are written and used in any way', async () => {
  files.write('pages/list.wxml', `<template name='list' />`)
  files.write(
    'pages/a/a.wxml',
    `<import src="../list.wxml" />
<!-- <template is="old" /> <template name="older">{{none}}</template> -->
<wxs module="m">
  module.exports = {}
</wxs>
<template name="own"><view>{{m.x(word)}} {{wrod}}</view><template is="own" data="{{word}}" /></template>
<template is="list"></template>
<view wx:for="{{names}}" wx:key="*this">
  <template
    data="{{word: '});}' + itme}}" wx:if="{{index > 0 && index < 9}}"
    is="own"
  ></template>
</view>
`,
  )
  expect((await check()).toSorted()).toEqual([
    'pages/a/a.wxml:10: there is no itme.',
    'pages/a/a.wxml:6: there is no wrod.',
  ])
})

test('says so where the methods cannot be known', async () => {
  const onLoad = 'onTap() {},\n  onLoad() {\n    return this.onTap()\n  },'
  files.replace('pages/a/a.ts', 'onTap() {},', onLoad)
  files.replace('pages/a/a.wxml', '"onTap"', '"onTab"')
  const words = /^pages\/a\/a\.ts: TypeScript cannot tell the methods: .* Write void this\.x\(\)/
  expect(await check()).toEqual([expect.stringMatching(words)])
  files.replace('pages/a/a.ts', 'return this', 'void this')
  expect((await check())[0]).toMatch(/^pages\/a\/a\.wxml:4: there is no handler onTab/)
})

test('says so where the methods of a component cannot be known', async () => {
  const attached =
    'lifetimes: {\n    attached() {\n      return this.stop()\n    },\n  },\n  methods'
  files.replace('components/bar/bar.ts', 'methods', attached)
  const words = /^components\/bar\/bar\.wxml:1: there is no handler stop\. If there is: TypeScript/
  expect(await check()).toEqual([expect.stringMatching(words)])
})

test('checks what has no data or no methods of its own', async () => {
  files.write(
    'components/bar/bar.ts',
    'Component({ properties: { percent: Number, pausable: Boolean } })',
  )
  files.write('components/bar/bar.wxml', '<view bind:tap="stop">{{percent}} {{label}}</view>')
  files.write('pages/list.wxml', '<template name="list" />')
  files.write('pages/a/a.wxml', '<import src="../list.wxml" /><template is="list" />')
  expect(await check()).toEqual([
    expect.stringContaining('components/bar/bar.wxml:1: there is no handler stop.'),
    'components/bar/bar.wxml:1: there is no label.',
  ])
})

test('checks the templates of components', async () => {
  files.replace('components/bar/bar.wxml', 'label}}', 'labl}}')
  files.replace('components/bar/bar.wxml', '"stop"', '"stopp"')
  files.replace('components/bar/bar.wxml', 'file.name', 'file.size')
  files.replace('components/bar/bar.wxml', '{{percent', '{{precent')
  expect((await check()).map((line) => line.replace(/ Did.*/, ''))).toEqual([
    'components/bar/bar.wxml:1: there is no labl.',
    'components/bar/bar.wxml:1: there is no handler stopp.',
    'components/bar/bar.wxml:1: there is no precent.',
    'components/bar/bar.wxml:2: there is no file.size.',
  ])
})
