import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './list-files'
import type { Problem } from './problem'
import { lineOf } from './references'

/**
 * Which part of the project may import which. A part may import itself; scripts/ and test/ may
 * import anything, and nothing imports them.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'miniprogram/cos': [],
  'miniprogram/transfer': ['miniprogram/cos'],
  'miniprogram/signing': ['miniprogram/cos', 'miniprogram/config.ts'],
  'miniprogram/i18n': [],
  'miniprogram/components': ['miniprogram/i18n'],
  'miniprogram/pages': [
    'miniprogram/components',
    'miniprogram/i18n',
    'miniprogram/transfer',
    'miniprogram/signing',
    'miniprogram/cos',
    'miniprogram/config.ts',
  ],
  'miniprogram/app.ts': ['miniprogram/i18n', 'miniprogram/signing', 'miniprogram/config.ts'],
  'miniprogram/config.ts': [],
  typings: ['miniprogram/cos', 'miniprogram/i18n', 'miniprogram/signing', 'miniprogram/config.ts'],
  server: ['miniprogram/cos'],
  'local-cloud': [],
  preview: [],
}

/**
 * What a phone may lack, and what would tie the signer to one runtime. The time is its caller's to
 * give: `Date.now` stands in one place, as the default of a Clock.
 */
const FORBIDDEN_IN_COS =
  /\bwx\.\w*|\bTextEncoder\b|\bBigInt\b|\bBuffer\b|\bnew Date\(\)|\bDate\.now(?:\(\))?/g
const CLOCK = 'miniprogram/cos/authorization.ts'

const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/gm

/** `miniprogram/pages/a/a.ts` -> `miniprogram/pages`; `server/app.ts` -> `server`. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'miniprogram' ? `${first}/${second}` : first
}

/** Why a file may not import a specifier, or undefined when it may. */
function violation(file: string, specifier: string): string | undefined {
  const from = partOf(file)
  if (!specifier.startsWith('.')) {
    const mayUsePackages = !from.startsWith('miniprogram/') && from !== 'typings'
    return mayUsePackages && !specifier.startsWith('/') ? undefined : 'only relative paths here'
  }
  const target = path.posix.join(path.posix.dirname(file), specifier)
  const to = target === 'miniprogram/config' ? 'miniprogram/config.ts' : partOf(target)
  const allowed = MAY_IMPORT[from]
  if (allowed === undefined) return `${from} is not in the table`
  if (from === to) return isOtherPage(file, target) ? 'a page imports another page' : undefined
  return allowed.includes(to) ? undefined : `${from} may not import ${to}`
}

/** Pages share nothing with each other, except files that lie beside their folders. */
function isOtherPage(file: string, target: string): boolean {
  return pageOf(target) !== undefined && pageOf(file) !== pageOf(target)
}

function pageOf(file: string): string | undefined {
  return /^miniprogram\/pages\/([^/]+)\//.exec(file)?.[1]
}

/**
 * Checks that the parts of the project import each other one way only, and that the signer needs
 * nothing but the language.
 *
 * @param root The project's folder.
 */
export function checkImports(root: string): Problem[] {
  const files = listFiles(root, ['.ts', '.js']).filter((file) =>
    /^(miniprogram|typings|server|local-cloud|preview)\//.test(file),
  )
  return files.flatMap((file) => {
    const text = fs.readFileSync(path.join(root, file), 'utf8')
    return [...importsAgainst(file, text), ...platformIn(file, text)]
  })
}

function importsAgainst(file: string, text: string): Problem[] {
  return [...text.matchAll(IMPORT)].flatMap((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? ''
    const reason = violation(file, specifier)
    const line = lineOf(text, match.index + match[0].indexOf(specifier))
    return reason === undefined ? [] : [{ file, line, message: `'${specifier}': ${reason}` }]
  })
}

function platformIn(file: string, source: string): Problem[] {
  if (partOf(file) !== 'miniprogram/cos') return []
  const text = withoutComments(source)
  return [...text.matchAll(FORBIDDEN_IN_COS)]
    .filter(([found]) => found !== 'Date.now' || file !== CLOCK)
    .map((match) => ({
      file,
      line: lineOf(text, match.index),
      message: `${match[0]}: the signer asks nothing of its platform`,
    }))
}

/** `//` inside a string stays when no space precedes it (`https://`): good enough for this code. */
function withoutComments(text: string): string {
  const comment = /\/\*[\s\S]*?\*\/|(?:^|\s+)\/\/.*$/gm
  return text.replace(comment, (found) => found.replace(/[^\n]/g, ' '))
}
