import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { tempDir } from '../helpers/temp-dir'

const ROOT = join(__dirname, '../..')
const dir = tempDir()
afterAll(dir.remove)

test('every ts block of the docs compiles beside a copy of cos/', () => {
  cpSync(join(ROOT, 'miniprogram/cos'), join(dir.path, 'cos'), { recursive: true })
  const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'))
  const files = docs.flatMap((doc) => {
    const fences = readFileSync(join(ROOT, 'docs', doc), 'utf8').matchAll(
      /^ *```ts\n([^]*?)^ *```/gm,
    )
    return Array.from(fences, ([, code], i) => {
      const file = `${doc.replaceAll('.', '-')}-${i + 1}.ts`
      writeFileSync(join(dir.path, file), code!)
      return file
    })
  })
  const compilerOptions = {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    lib: ['ES2022'],
    types: ['miniprogram-api-typings'],
    typeRoots: [join(ROOT, 'node_modules')],
    strict: true,
    noEmit: true,
  }
  writeFileSync(join(dir.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  expect(files.length).toBeGreaterThan(10)
  expect(compile()).toBe('')
})

/** What the compiler says; nothing when all is well. */
function compile(): string {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  try {
    execFileSync(process.execPath, [tsc, '-p', dir.path], { encoding: 'utf8' })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
