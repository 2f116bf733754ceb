import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { scripts } from '../../package.json'
import { blocks, DOCUMENTS, read, ROOT, withoutBlocks } from './documents'

/** Programs that a reader has, or gets by `npm ci`. */
const PROGRAMS = ['cp', 'curl', 'docker', 'mkdir', 'npm', 'npx']

/** What npm does without a script of ours. */
const OF_NPM = ['ci', 'install']

/** Why a command cannot be run as it is written, or undefined. */
function problem(command: string): string | undefined {
  const words = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word))
  const [program = '', first = '', second = ''] = words
  if (!PROGRAMS.includes(program)) return `${command}: what is ${program}?`
  if (program === 'npm') {
    const script = first === 'run' ? second : first
    return script in scripts || OF_NPM.includes(script) ? undefined : `${command}: no such script`
  }
  const files = words.filter((word) => /^(scripts|server|test|local-cloud)\//.test(word))
  const missing = files.filter((file) => !isThere(file))
  return missing.length === 0 ? undefined : `${command}: no ${missing.join(', ')}`
}

/** A file, a folder, or what jest takes for the beginning of their names; server/.env is the reader's. */
function isThere(file: string): boolean {
  const names = [file, `${file}.test.ts`]
  return file === 'server/.env' || names.some((name) => existsSync(join(ROOT, name)))
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  test('has only commands that can be run', () => {
    const lines = blocks(text, 'sh').flatMap((block) => block.trim().split('\n'))
    const spans = [...withoutBlocks(text).matchAll(/`((?:[A-Z_]+=\S+ )*(?:npm|npx) [^`]+)`/g)]
    const commands = [...lines, ...spans.map(([, command]) => command!)]
    const told = commands.map((command) => command.replace(/\s+#.*/, '').trim())
    expect(told.flatMap((command) => problem(command) ?? [])).toEqual([])
  })
})

test('a command that is not there is found', () => {
  expect(problem('npm run nothing')).toContain('no such script')
  expect(problem('npx tsx scripts/nothing.ts')).toContain('no scripts/nothing.ts')
  expect(problem('UPDATE_DOCS=1 npx jest test/server/permissions')).toBeUndefined()
})
