import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkTexts } from '../../scripts/check-texts'
import { formatProblem } from '../../scripts/problem'
import { tree, type Tree } from './tree'

const PAGE = `<!-- 上传 -->
<wxs module="m">
module.exports = { word: "word" }
</wxs>
<view class="page {{busy ? 'busy' : 'at rest'}}" aria-role="button" mode="aspectFit">
  ✓ {{t.title}}: {{percent < 0 ? '' : percent}}% · {{sizes['small']}}
</view>
<input placeholder="{{t.placeholder}}" aria-label="{{phase === 'done' ? t.done : t.label}}" />
<transfer-panel phase="done" action="{{t.start}}" label="1 / 2" />
`
const SCRIPT = `wx.setNavigationBarTitle({ title: t.title })
wx.showToast({ icon: 'none', title: \`\${size} %\` })
`

let files: Tree

beforeEach(() => {
  files = tree({
    'app.json': '{ "window": { "navigationBarTitleText": "COS" } }',
    'pages/a.json': '{}',
    'pages/a.ts': SCRIPT,
    'pages/a.wxml': PAGE,
  })
})

afterEach(() => files.remove())

const check = () => checkTexts(files.path).map(formatProblem)

test('accepts names of classes, options, units and what is compared', () => {
  expect(check()).toEqual([])
})

test.each([
  ['a text', 'a.wxml', '✓ ', '✓ 完成', 6, '✓ 完成'],
  ['an English text', 'a.wxml', '% ·', '% done ·', 6, '% done ·'],
  ['a choice of texts', 'a.wxml', "? '' :", "? 'none' :", 6, 'none'],
  ['a text behind a comparison', 'a.wxml', '? t.done', "? 'Done'", 8, 'aria-label="Done"'],
  ['a placeholder', 'a.wxml', '{{t.placeholder}}', 'Key', 8, 'placeholder="Key"'],
  ['a label', 'a.wxml', '{{t.start}}', 'Start', 9, 'action="Start"'],
  ['any attribute in Chinese', 'a.wxml', 'aspectFit', '适应', 5, 'mode="适应"'],
  ['a title set by wx', 'a.ts', 't.title', "'Upload'", 1, 'Upload'],
  ['a toast', 'a.ts', '`${size} %`', '`${size} 完成`', 2, '完成'],
])('finds %s', (_what, file, from, to, line, words) => {
  files.replace(`pages/${file}`, from, to)
  expect(check()).toEqual([`pages/${file}:${line}: ${words}: take the text from i18n/`])
})

test('finds the title of a page in its .json', () => {
  files.write('pages/a.json', '{\n  "navigationBarTitleText": "Upload"\n}')
  expect(check()).toEqual([expect.stringMatching(/^pages\/a\.json:2: .*wx\.setNavigationBarTitle/)])
})
