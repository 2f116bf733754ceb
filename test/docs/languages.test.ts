import { describe, expect, test } from '@jest/globals'
import { blocks, codeSpans, headings, PAIRS, read, sections } from './documents'

describe.each(PAIRS)('%s and %s', (english, chinese) => {
  const [en, zh] = [read(english), read(chinese)]

  test('point at each other first of all', () => {
    expect(en.split('\n')[0]).toBe(`[简体中文](${chinese.replace('docs/', '')})`)
    expect(zh.split('\n')[0]).toBe(`[English](${english.replace('docs/', '')})`)
  })

  test('have the same headings, level by level', () => {
    const levels = (text: string) => headings(text).map(({ level }) => level)
    expect(levels(zh)).toEqual(levels(en))
  })

  test('have the same code, but for its comments', () => {
    const code = (text: string) => blocks(text).map(withoutWords)
    expect(code(zh)).toEqual(code(en))
  })

  test('say the same in code, section by section', () => {
    const spans = (text: string) => sections(text).map((section) => comparable(codeSpans(section)))
    expect(spans(zh)).toEqual(spans(en))
  })

  test('have tables and lists of the same length', () => {
    const count = (text: string) =>
      sections(text).map((section) => section.match(/^ *(\||-|\d+\.) /gm)?.length ?? 0)
    expect(count(zh)).toEqual(count(en))
  })
})

/** A diagram or a tree of folders: its words are comments, too. */
function withoutWords(code: string): string {
  return code
    .replace(/ *(?:\/\/| # ).*$|\/\*\*.*?\*\//gm, '')
    .replace(/^( *[\w./-]+(?:\/ [\w/ ]+)?)  +.*$/gm, '$1')
}

/** Addresses differ by language, and so may what is named in words. */
function comparable(spans: string[]): string[] {
  return spans.filter((span) => !/\p{Script=Han}|\.zh-CN|https:|^…$/u.test(span))
}
