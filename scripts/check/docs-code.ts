import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import { compile } from '../shared/tsc'
import { copied } from './copied-code'
import { jsonProblems, type Problem } from './problem'
import { lineOf } from './references'

/** What a strict project of a reader has at least. */
const OPTIONS = {
  target: 'ES2022',
  lib: ['ES2022'],
  types: ['miniprogram-api-typings'],
  noImplicitReturns: false,
  noUncheckedIndexedAccess: false,
}

interface Block {
  file: string
  /** Of its first line of code, counted from 1. */
  line: number
  language: string
  code: string
}

/**
 * Checks the code in the Markdown files at the root and in docs/: `ts` compiles beside a copy of
 * the folders that are made to be copied, `json` is JSON, and each `npm run` of a `sh` block exists.
 *
 * @param root The project's folder.
 */
export async function checkDocsCode(root: string): Promise<Problem[]> {
  const docs = listFiles(path.join(root, 'docs')).map((file) => `docs/${file}`)
  const blocks = [...fs.readdirSync(root), ...docs]
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => blocksOf(file, fs.readFileSync(path.join(root, file), 'utf8')))
  const inLanguage = (language: string) => blocks.filter((block) => block.language === language)
  return [
    ...(await compileBlocks(root, inLanguage('ts'))),
    ...inLanguage('json').flatMap(({ code, file, line }) => jsonProblems(code, { file, line })),
    ...inLanguage('sh').flatMap((block) => checkScripts(root, block)),
  ]
}

function blocksOf(file: string, text: string): Block[] {
  return [...text.matchAll(/^ *```(\w+)[^\n]*\n([^]*?)^ *```/gm)].map((match) => ({
    file,
    line: lineOf(text, match.index) + 1,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }))
}

async function compileBlocks(root: string, blocks: Block[]): Promise<Problem[]> {
  const named = new Map(blocks.map((block, index) => [`app/block-${index}.ts`, block]))
  // A block without an import would share its names with every other.
  const texts = [...named].map(([name, { code }]) => [name, `${code}\nexport {}\n`] as const)
  const copy = copied(path.join(root, 'miniprogram'))
  return (await compile([...copy, ...texts], OPTIONS)).map((diagnostic) => {
    const { file, line, message } = diagnostic
    const block = named.get(file)
    return block ? { file: block.file, line: block.line + line - 1, message } : diagnostic
  })
}

function checkScripts(root: string, { file, line, code }: Block): Problem[] {
  const manifest = fs.readFileSync(path.join(root, 'package.json'), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> }
  return [...code.matchAll(/\bnpm run ([\w:-]+)/g)]
    .filter(([, name]) => scripts[name ?? ''] === undefined)
    .map((match) => ({
      file,
      line: line + lineOf(code, match.index) - 1,
      message: `package.json has no script ${match[1]}`,
    }))
}
