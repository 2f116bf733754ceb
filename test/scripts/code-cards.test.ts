import { describe, expect, test } from '@jest/globals'
import { codeCards as shown } from '../../miniprogram/pages/code-cards'
import { blockText, codeCards, codeCardsProblem } from '../../scripts/code-cards'

const SOURCE = `import { x } from './x'

/** Puts. */
export async function put({
  key,
}: Request): Promise<void> {
  const url = \`\${x}/\${key}\`
  function nested() {
    if (key) {
      return url
    }
    return /\\d/
  }
  nested()
}

function putMore() {}
`

describe('blockText', () => {
  test('gives a function from its first line to its last, without what stands around it', () => {
    const text = blockText(SOURCE, 'export async function put(', 'a.ts')
    expect(text.startsWith('export async function put({\n')).toBe(true)
    expect(text.endsWith('\n  nested()\n}')).toBe(true)
    expect(SOURCE).toContain(text)
  })

  test('moves a nested function to the left', () => {
    expect(blockText(SOURCE, 'function nested(', 'a.ts')).toBe(
      'function nested() {\n  if (key) {\n    return url\n  }\n  return /\\d/\n}',
    )
  })

  test('gives a statement that ends with its callback', () => {
    const source = '  const task = wx.request({\n    url,\n  })\n  return task\n'
    expect(blockText(source, 'const task = ', 'a.ts')).toBe('const task = wx.request({\n  url,\n})')
  })

  test('names a beginning that is not there, and where', () => {
    expect(() => blockText(SOURCE, 'const b', 'a.ts')).toThrow('a.ts has no block const b')
  })
})

describe('the cards', () => {
  test('are what the sources say now', () => {
    expect(codeCardsProblem()).toBe('')
  })

  test('survive being written as TypeScript: quotes, escapes and templates', () => {
    for (const { code } of Object.values(shown)) {
      expect(codeCards()).toContain(code.replace(/[\\`]|\$\{/g, '\\$&'))
    }
  })
})
