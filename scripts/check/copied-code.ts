import { readFiles } from '../shared/list-files'
import { compile } from '../shared/tsc'
import type { Problem } from './problem'
import { lineOf, withoutComments } from './references'

/** Folders that readers copy, and the file that `signing/` imports. */
const COPIED = ['cos', 'transfer', 'signing', 'config.ts']

/** A reader's project may be stricter than this one. */
const STRICTEST = {
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
}
/** What has other names, or is new, in a compiler. */
const OPTIONS: Record<string, object> = {
  typescript: { verbatimModuleSyntax: true },
  'typescript-4.9': {
    moduleResolution: 'node',
    importsNotUsedAsValues: 'error',
    preserveValueImports: true,
  },
}

/** What a reader may have: a compiler and typings by their packages' names here. */
const PROJECTS = [
  { compiler: 'typescript', typings: ['miniprogram-api-typings'] },
  // DevTools' template installs typings 2.
  { compiler: 'typescript-4.9', typings: ['miniprogram-api-typings-2'] },
  // uni-app and Taro have typings of their own.
  { compiler: 'typescript', typings: [] },
]

/**
 * What compiles, and needs more than the language: a declared global other than the console and the
 * timers, which any platform may have; the time of the platform.
 */
const PLATFORM =
  /^\s*declare\b(?! (?:const|function) (?:console|setTimeout|clearTimeout)\b)|\bnew Date\(\)|\bDate(?:\.now)?\(\)/gm

/**
 * The scripts that a reader has copied: path -> text.
 *
 * @param root The mini program's folder.
 */
export function copied(root: string, folders = COPIED): [file: string, text: string][] {
  const isCopied = (file: string) => folders.includes(file.split('/')[0] ?? '')
  return [...readFiles(root, ['.ts'])].filter(([file]) => isCopied(file))
}

/**
 * Compiles what readers copy in the strictest projects that they may have, the oldest and the newest.
 *
 * @param root The mini program's folder.
 */
export async function checkOtherProjects(root: string): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { compiler, typings } of PROJECTS) {
    const options = { ...STRICTEST, ...OPTIONS[compiler], types: typings }
    const where = `${compiler}, ${typings[0] ?? 'no typings'}`
    // Samples call `wx` as a page does: they need typings.
    const files = copied(root, typings.length > 0 ? [...COPIED, 'samples'] : COPIED)
    for (const { file, line, message } of await compile(files, options, compiler)) {
      problems.push({ file, line, message: `${message} (${where})` })
    }
  }
  return problems
}

/**
 * Checks `cos/` alone: its scripts need nothing of WeChat, a browser or Node, nothing that lies
 * beside the folder, and no clock.
 *
 * @param root The mini program's folder.
 */
export async function checkCosAlone(root: string): Promise<Problem[]> {
  const files = copied(root, ['cos'])
  const platform = files.flatMap(([file, text]) => {
    const code = withoutComments(text, '.ts')
    return [...code.matchAll(PLATFORM)].map(({ index, 0: found }) => ({
      file,
      line: lineOf(code, index + found.length - 1),
      message: `${found.trim()}: the folder asks nothing of its platform`,
    }))
  })
  return [...(await compile(files, STRICTEST)), ...platform]
}
