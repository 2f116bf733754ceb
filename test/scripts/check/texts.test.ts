import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { checkTexts } from '../../../scripts/check/texts'
import { formatProblem } from '../../../scripts/check/problem'
import { tree, type Tree } from '../tree'

const PAGE = `<!-- 上传 -->
<wxs module="m">
module.exports = { word: "word" }
</wxs>
<view class="page {{busy ? 'busy' : 'at rest'}}" aria-role="button" mode="aspectFit">
  ✓ {{t.title}}: {{percent < 0 ? '' : percent}}% · {{sizes['small']}}
</view>
<input placeholder="{{t.placeholder}}" aria-label="{{phase === 'done' ? t.done : t.label}}" />
<transfer-panel phase="done" action="{{t.start}}" label="1 / 2" />
<secret-value masked="{{t.masked}}" wx:key="Key" data-name="Key" kind="{{busy ? 'wide' : 'aspectFit'}}" />
`
const SCRIPT = `wx.setNavigationBarTitle({ title: t.title })
wx.showToast({ icon: 'none', title: \`\${size} %\` })
// 上传 is to upload
const fields = { SecretId: '', status: 'Idle' }
if (phase === 'done') throw new TypeError('there is no phase')
wx.showModal({
  title: left > 0 ? t.left : t.none,
  content: phase === 'done' ? t.done : t.failed || t.cancelled,
})
const share = () => ({ title: t.title, path: 'pages/a' })
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
  ['a literal in braces', 'a.wxml', '{{t.title}}', "{{'Done'}}", 6, 'Done'],
  ['a text that is added', 'a.wxml', '{{t.title}}', "{{'Part ' + n}}", 6, 'Part'],
  ['words in any property', 'a.wxml', '{{t.masked}}', 'tap to see', 10, 'masked="tap to see"'],
  ['a word in any property', 'a.wxml', '{{t.masked}}', 'Hidden', 10, 'masked="Hidden"'],
  ['a choice in any property', 'a.wxml', "? 'wide'", "? 'Wide'", 10, 'kind="Wide"'],
  ['a title set by wx', 'a.ts', 't.title', "'Upload'", 1, 'Upload'],
  ['a toast', 'a.ts', '`${size} %`', '`${size} 完成`', 2, '完成'],
  ['a choice of titles', 'a.ts', '? t.left', "? 'Left'", 7, 'Left'],
  ['a text behind braces', 'a.ts', '? t.done', "? fill({ a: 1 }, 'Really stop')", 8, 'Really stop'],
  ['a fallback', 'a.ts', '|| t.cancelled', "|| 'Stopped'", 8, 'Stopped'],
  ['a list of choices', 'a.ts', 'icon:', "itemList: [t.a, 'Stop'], icon:", 2, 'Stop'],
  ['what is shared', 'a.ts', 'title: t.title, path', "title: 'Demo', path", 10, 'Demo'],
  ['words anywhere', 'a.ts', "'Idle'", "'Type a name'", 4, 'Type a name'],
  ['Chinese anywhere', 'a.ts', "'Idle'", "'请输入'", 4, '请输入'],
])('finds %s', (_what, file, from, to, line, words) => {
  files.replace(`pages/${file}`, from, to)
  expect(check()).toEqual([`pages/${file}:${line}: ${words}: take the text from i18n/`])
})

test('finds the title of a page in its .json', () => {
  files.write('pages/a.json', '{\n  "navigationBarTitleText": "Upload"\n}')
  expect(check()).toEqual([expect.stringMatching(/^pages\/a\.json:2: .*wx\.setNavigationBarTitle/)])
})
