import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { tsc, type Diagnostic } from '../../scripts/shared/tsc'
import { tempDir } from '../helpers/temp-dir'

/**
 * The fixtures compile as they stand, with `npm run check`. Here they compile without their
 * `@ts-expect-error`, so that each error is known to be the one that was meant.
 */

const ROOT = path.join(__dirname, '../..')
const DIRECTIVE = /\/\/ @ts-expect-error (.*)/

const project = tempDir()
let diagnostics: Diagnostic[]

const read = (name: string) => fs.readFileSync(path.join(__dirname, 'types', name), 'utf8')
const expected = read('wrong.ts')
  .split('\n')
  .flatMap((text, index, lines) => {
    const message = DIRECTIVE.exec(text)?.[1]
    // The error is in the line below the directive; lines count from 1.
    const code = lines[index + 1]?.trim()
    return message === undefined ? [] : [{ line: index + 2, code, message }]
  })

beforeAll(async () => {
  const folder = path.join(project.path, 'test/cos/types')
  fs.mkdirSync(folder, { recursive: true })
  for (const source of ['miniprogram/cos', 'miniprogram/transfer/signing.ts']) {
    fs.cpSync(path.join(ROOT, source), path.join(project.path, source), { recursive: true })
  }
  fs.writeFileSync(path.join(folder, 'right.ts'), read('right.ts'))
  fs.writeFileSync(path.join(folder, 'wrong.ts'), read('wrong.ts').replaceAll('@ts-expect-', ''))
  const { compilerOptions } = JSON.parse(fs.readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8'))
  // URL is one of the wrong arguments.
  const options = { ...compilerOptions, types: [], lib: ['ES2020', 'DOM'] }
  fs.writeFileSync(
    path.join(project.path, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['test'] }),
  )
  diagnostics = await tsc(project.path)
})
afterAll(project.remove)

test('every documented use compiles', () => {
  expect(diagnostics.filter(({ file }) => file !== 'test/cos/types/wrong.ts')).toEqual([])
})

describe('fails to compile', () => {
  test.each(expected)('$code', ({ line, message }) => {
    const found = diagnostics.filter((diagnostic) => diagnostic.line === line)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      file: 'test/cos/types/wrong.ts',
      message: expect.stringContaining(message),
    })
  })

  test('and nothing else of the fixture does', () => {
    expect(expected.length).toBeGreaterThan(40)
    const lines = diagnostics.map(({ line }) => line)
    expect(lines.filter((line) => !expected.some((error) => error.line === line))).toEqual([])
  })
})
