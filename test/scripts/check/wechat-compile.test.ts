import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fs from 'node:fs'
import path from 'node:path'
import { checkMiniProgram } from '../../../scripts/check/miniprogram'
import { formatProblem } from '../../../scripts/check/problem'
import { compileWithWeChat } from '../../../scripts/check/wechat-compile'
import { tempDir, type TempDir } from '../../helpers/temp-dir'

const TREE = {
  'app.json': '{ "pages": ["pages/a/a"] }',
  'app.wxss': '@import "/styles/base.wxss";\npage { color: red; }\n',
  'styles/base.wxss': 'view { padding: 10rpx env(safe-area-inset-bottom) 0; }\n',
  'templates/row.wxml': '<template name="row"><text>{{text}}</text></template>\n',
  'pages/a/a.json': '{ "usingComponents": { "field": "../../components/field/field" } }',
  'pages/a/a.ts': 'Page({})\n',
  'pages/a/a.wxml': `<import src="../../templates/row.wxml" />
<wxs module="format" src="./format.wxs" />
<!-- <view bindtap="old" /> -->
<field bind:change="onChange" capture-bind:tap="onTap">{{format.size(bytes)}}</field>
<template is="row" data="{{text: '照片'}}" />
`,
  'pages/a/a.wxss': '@import "../../styles/base.wxss";\n.a { display: grid; }\n',
  'pages/a/format.wxs': 'module.exports = { size: function (n) { return n + " B" } }\n',
  'components/field/field.json': '{ "component": true }',
  'components/field/field.ts': 'Component({})\n',
  'components/field/field.wxml': '<slot />\n',
}

let tree: TempDir

beforeEach(() => {
  tree = tempDir()
  for (const [file, text] of Object.entries(TREE)) write(file, text)
})

afterEach(() => tree.remove())

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(tree.path, file)), { recursive: true })
  fs.writeFileSync(path.join(tree.path, file), text)
}

const compile = () => compileWithWeChat(tree.path).map(formatProblem)
const check = () => checkMiniProgram(tree.path).map(formatProblem)

describe('compileWithWeChat', () => {
  test('accepts a sound tree', () => {
    expect(compile()).toEqual([])
  })

  test.each([
    ['pages/a/a.wxml', '<view>\n  <text>x</view>\n', /^pages\/a\/a\.wxml:2: expect end-tag `text`/],
    ['pages/a/a.wxml', '<view />\n<view>{{a?.b}}</view>\n', /^pages\/a\/a\.wxml:2: Bad value/],
    ['pages/a/a.wxml', '<wxs module="m">\nvar a = ;\n</wxs>', /^pages\/a\/a\.wxml:2: Expected exp/],
    [
      'pages/a/a.wxml',
      '<wxs module="m" src="./no.wxs" />',
      /^pages\/a\/a\.wxml:1: .*no\.wxs not f/,
    ],
    ['pages/a/a.wxss', '.a {\n  .b { color: red }\n}\n', /^pages\/a\/a\.wxss:2: unexpected `{`/],
    ['pages/a/a.wxss', '@import "./no.wxss";\n', /^pages\/a\/a\.wxss: path `.\/no.wxss` not found/],
    ['pages/a/format.wxs', 'var a = 1\nconst b = ;\n', /^pages\/a\/format\.wxs:2: Expected/],
  ])('names the place of a slip in %s: %j', (file, text, expected) => {
    write(file, text)
    expect(compile()).toEqual([expect.stringMatching(expected)])
  })

  test('names every broken file, and each slip once', () => {
    write('pages/a/a.wxml', '<wxs module="m" src="./format.wxs" />\n<view>\n')
    write('pages/a/format.wxs', 'var a = ;\n')
    write('components/field/field.wxml', '<slot>\n')
    write('app.wxss', 'page {{ }\n')
    write('styles/base.wxss', 'view {\n')
    const places = compile().map((line) => line.split(':', 2).join(':'))
    expect(places.toSorted()).toEqual([
      'app.wxss:1',
      'components/field/field.wxml:1',
      'pages/a/a.wxml:2',
      'pages/a/format.wxs:1',
      'styles/base.wxss:2',
    ])
  })

  test('says so where the compilers cannot run', () => {
    expect(() => compileWithWeChat(tree.path, path.join(tree.path, 'nowhere'))).toThrow(
      expect.objectContaining({
        code: 'WECHAT_COMPILER_UNAVAILABLE',
        message: expect.stringContaining("WeChat's compilers cannot run on this system"),
      }),
    )
  })
})

describe('checkMiniProgram', () => {
  test('accepts a sound tree', () => {
    expect(check()).toEqual([])
  })

  test.each([
    [
      'a page without its files',
      'app.json',
      '{ "pages": ["pages/a/a", "pages/b/b"] }',
      ['app.json: page pages/b/b has no .wxml', 'app.json: page pages/b/b has no .ts'],
    ],
    [
      'a component that is not there',
      'pages/a/a.json',
      '{ "usingComponents": { "field": "/components/feild/field" } }',
      [
        'pages/a/a.json: usingComponents field: /components/feild/field has no .wxml',
        'pages/a/a.json: usingComponents field: /components/feild/field has no .ts',
        'pages/a/a.json: usingComponents field: /components/feild/field has no .json',
      ],
    ],
    [
      'a component that does not say that it is one',
      'components/field/field.json',
      '{}',
      [
        'pages/a/a.json: usingComponents field: ../../components/field/field is not a component: its .json lacks "component": true',
      ],
    ],
    [
      'broken JSON',
      'pages/a/a.json',
      '{ "usingComponents": }',
      [expect.stringMatching(/^pages\/a\/a\.json: .*JSON/)],
    ],
    [
      'an import of a template that is not there',
      'pages/a/a.wxml',
      '<view />\n<import src="../../templates/rows.wxml" />',
      ['pages/a/a.wxml:2: ../../templates/rows.wxml does not exist'],
    ],
    [
      'an include of a file that is not there',
      'pages/a/a.wxml',
      '<include\n  src="/footer.wxml"\n/>',
      ['pages/a/a.wxml:1: /footer.wxml does not exist'],
    ],
    [
      'a wxs module that is not there',
      'pages/a/format.wxs',
      '// sizes\nvar units = require("./units.wxs")\nmodule.exports = {}\n',
      ['pages/a/format.wxs:2: ./units.wxs does not exist'],
    ],
    [
      'events without a colon',
      'pages/a/a.wxml',
      `<view\n  bindtap="go"\n  catchtouchmove='stop'\n/>`,
      [
        'pages/a/a.wxml:2: bindtap: write bind:tap, with a colon',
        'pages/a/a.wxml:3: catchtouchmove: write catch:touchmove, with a colon',
      ],
    ],
  ])('names %s', (_what, file, text, expected) => {
    write(file, text)
    expect(check()).toEqual(expected)
  })
})
