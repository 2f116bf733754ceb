import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { anchors, DOCUMENTS, PAIRS, read, ROOT, withoutBlocks } from './documents'

/** Targets of the links and images of a document, but for other sites. */
function targets(file: string): string[] {
  const links = withoutBlocks(read(file)).matchAll(/\]\(([^)\s]+)\)/g)
  return Array.from(links, ([, target]) => target!).filter((target) => !/^\w+:/.test(target))
}

/** Where a link leads from a document; without a name, to the document itself. */
const pathOf = (file: string, name: string) => (name ? posix.join(posix.dirname(file), name) : file)

const TRANSLATED = PAIRS.flat()
const isChinese = (file: string) => file.endsWith('.zh-CN.md')
const hasChinese = (file: string) => PAIRS.some(([english]) => english === file)

/** Why a link leads nowhere, or undefined. */
function broken(file: string, target: string): string | undefined {
  const [name = '', anchor] = target.split('#')
  const path = pathOf(file, name)
  if (!existsSync(join(ROOT, path))) return `${target}: no such file`
  if (anchor === undefined) return undefined
  const known = anchors(read(path))
  return known.has(decodeURIComponent(anchor)) ? undefined : `${target}: no such heading`
}

describe.each(DOCUMENTS)('%s', (file) => {
  test('links to what is there', () => {
    expect(targets(file).flatMap((target) => broken(file, target) ?? [])).toEqual([])
  })

  test('names each anchor once', () => {
    const ids = [...read(file).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  test('stays in its language, but for the first line', () => {
    const isForeign = file.endsWith('.zh-CN.md') ? hasChinese : isChinese
    const paths = targets(file).map((target) => pathOf(file, target.split('#')[0] ?? ''))
    expect(paths.filter(isForeign)).toHaveLength(TRANSLATED.includes(file) ? 1 : 0)
  })
})

test('a link to nowhere is found', () => {
  expect(broken('README.md', 'docs/none.md')).toContain('no such file')
  expect(broken('README.md', 'docs/signing.md#none')).toContain('no such heading')
  expect(broken('README.md', 'docs/signing.zh-CN.md#6-url')).toBeUndefined()
})
