import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from '@jest/globals'

const ROOT = join(__dirname, '..', '..')
const document = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
const claims = [...document.matchAll(/^\| (.+?) +\| `(\S+\.test\.ts)` "(.+?)" +\|$/gm)]

test('SECURITY.md has a test for every claim', () => {
  const table = document.slice(
    document.indexOf('## What holds'),
    document.indexOf('## Out of scope'),
  )
  const rows = table.split('\n').filter((line) => line.startsWith('|'))
  expect(claims.length).toBe(rows.length - 2)
})

test.each(claims.map(([, claim = '', file = '', title = '']) => [claim, file, title]))(
  '%s: %s',
  (_claim, file, title) => {
    const code = readFileSync(join(ROOT, 'test', file), 'utf8').replaceAll("\\'", "'")
    expect(code).toMatch(new RegExp(`['"]${escaped(title)}`))
  },
)

/** Where a title goes on with %s, the document leaves the rest out. */
function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}
