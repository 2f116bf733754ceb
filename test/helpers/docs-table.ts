import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'

const ROOT = join(__dirname, '../..')

/**
 * Compares a table of a document with what a test has found. With `UPDATE_DOCS=1`, writes it.
 *
 * The table follows the comment `<!-- UPDATE_DOCS=1 npx jest <test> writes this table -->`.
 *
 * @param document Path of the Markdown file below the root.
 * @param test As in the comment, such as `test/server/permissions`.
 * @param rows The cells of each row; the first row has the titles.
 * @throws Error when the document has no such table
 */
export function expectTable(document: string, test: string, rows: string[][]): void {
  const file = join(ROOT, document)
  const text = readFileSync(file, 'utf8')
  const comment = `<!-- UPDATE_DOCS=1 npx jest ${test} writes this table -->\n\n`
  const [before, after] = text.split(comment)
  if (after === undefined) throw new Error(`${document} has no table of ${test}`)
  const [table] = /^(\|.*\n)*/.exec(after)!
  const [titles = [], ...others] = rows
  const expected = [titles, titles.map(() => '---'), ...others]
  if (process.env['UPDATE_DOCS']) {
    const lines = expected.map((cells) => `| ${cells.join(' | ')} |\n`)
    writeFileSync(file, before + comment + lines.join('') + after.slice(table.length))
    execFileSync(process.execPath, [join(ROOT, 'node_modules/oxfmt/bin/oxfmt'), file])
  } else {
    expect(table.trim().split('\n').map(cellsOf)).toEqual(expected)
  }
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim().replace(/^-+$/, '---'))
}
