import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import type { Problem } from './problem'
import { lineOf } from './references'
import { compile } from '../shared/tsc'

/** What a reader has copied beside the code of the docs: folders, and a file. */
const COPIED = ['cos', 'transfer', 'signing']
const CONFIG = 'config.ts'

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
  const blocks = markdownFiles(root).flatMap((file) => blocksOf(root, file))
  const inLanguage = (language: string) => blocks.filter((block) => block.language === language)
  return [
    ...(await compileBlocks(root, inLanguage('ts'))),
    ...inLanguage('json').flatMap(checkJson),
    ...inLanguage('sh').flatMap((block) => checkScripts(root, block)),
  ]
}

function markdownFiles(root: string): string[] {
  const atRoot = fs.readdirSync(root).filter((file) => file.endsWith('.md'))
  return [
    ...atRoot.toSorted(),
    ...listFiles(path.join(root, 'docs'), ['.md']).map((file) => `docs/${file}`),
  ]
}

function blocksOf(root: string, file: string): Block[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  return [...text.matchAll(/^ *```(\w+)[^\n]*\n([^]*?)^ *```/gm)].map((match) => ({
    file,
    line: lineOf(text, match.index) + 1,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }))
}

async function compileBlocks(root: string, blocks: Block[]): Promise<Problem[]> {
  const named = new Map<string, Block>()
  for (const [index, block] of blocks.entries()) named.set(`app/block-${index}.ts`, block)
  const miniProgram = path.join(root, 'miniprogram')
  const files = COPIED.flatMap((folder) =>
    listFiles(path.join(miniProgram, folder), ['.ts']).map((file) => `${folder}/${file}`),
  )
  const copied = [CONFIG, ...files].map(
    (file) => [file, fs.readFileSync(path.join(miniProgram, file), 'utf8')] as const,
  )
  // A block without an import would share its names with every other.
  const texts = [...named].map(([name, { code }]) => [name, `${code}\nexport {}\n`] as const)
  const diagnostics = await compile([...copied, ...texts], {
    // What a strict project of a reader has at least.
    target: 'ES2022',
    lib: ['ES2022'],
    types: ['miniprogram-api-typings'],
    noImplicitReturns: false,
    noUncheckedIndexedAccess: false,
  })
  return diagnostics.map((diagnostic) => {
    const { file, line, message } = diagnostic
    const block = named.get(file)
    return block ? { file: block.file, line: block.line + line - 1, message } : diagnostic
  })
}

function checkJson({ file, line, code }: Block): Problem[] {
  try {
    JSON.parse(code)
    return []
  } catch (error) {
    return [{ file, line, message: (error as Error).message }]
  }
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
