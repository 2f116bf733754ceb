import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import * as recipes from '../../miniprogram/i18n/samples'
import * as manual from '../../miniprogram/presign/i18n/samples'
import { samplesProblem, translateComments } from '../../scripts/samples'

test('the texts are what the samples say now', () => {
  expect(samplesProblem()).toBe('')
})

const SETS = Object.entries({
  'miniprogram/samples': recipes,
  'miniprogram/presign/manual-samples': manual,
}).flatMap(([folder, { samples, chineseComments }]) =>
  Object.entries<string>(samples).map(
    ([name, code]) => [`${folder}/${name}.ts`, code, chineseComments] as const,
  ),
)

test.each(SETS)('%s survives being written as TypeScript', (file, code, chineseComments) => {
  expect(code).toBe(readFileSync(file, 'utf8').trim())
  expect(code).not.toMatch(/[\u4e00-\u9fff]/)
  for (const [english, chinese] of translateComments(code)) {
    expect(chineseComments).toContainEqual([english, chinese])
    expect(chinese).toMatch(/[\u4e00-\u9fff]/)
  }
})

test('comments are translated in place, and one without a translation is an error', () => {
  const table = { 'A line.': '一行。', 'Two\nlines.': '两\n行。' }
  const code = "/**\n * Two\n * lines.\n */\nconst url = 'https://a' // A line.\n"
  expect(translateComments(code, table)).toEqual([
    ['/**\n * Two\n * lines.\n */', '/**\n * 两\n * 行。\n */'],
    ['// A line.', '// 一行。'],
  ])
  expect(() => translateComments('// Another.', table)).toThrow(
    'no translation of the comment: Another.',
  )
})
