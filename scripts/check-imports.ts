import fs from 'node:fs'
import path from 'node:path'
import * as babel from '@babel/core'
import { listFiles } from './list-files'
import type { Problem } from './problem'
import { lineOf, references, usedComponents, type Reference } from './references'
import { parseScript, scriptImports, type ScriptImport } from './script-imports'

/**
 * Which part of the project may import which. A part may import itself; scripts/ and test/ may
 * import anything, and nothing imports them.
 */
const MAY_IMPORT: Record<string, string[]> = {
  'miniprogram/cos': [],
  'miniprogram/transfer': ['miniprogram/cos'],
  'miniprogram/signing': ['miniprogram/cos', 'miniprogram/config'],
  'miniprogram/i18n': [],
  'miniprogram/styles': [],
  'miniprogram/components': ['miniprogram/i18n', 'miniprogram/styles'],
  'miniprogram/pages': [
    'miniprogram/components',
    'miniprogram/styles',
    'miniprogram/i18n',
    'miniprogram/transfer',
    'miniprogram/signing',
    'miniprogram/cos',
    'miniprogram/config',
  ],
  'miniprogram/app': [
    'miniprogram/styles',
    'miniprogram/i18n',
    'miniprogram/signing',
    'miniprogram/config',
  ],
  'miniprogram/config': [],
  typings: ['miniprogram/cos', 'miniprogram/i18n', 'miniprogram/signing', 'miniprogram/config'],
  server: ['miniprogram/cos'],
  'local-cloud': [],
  preview: [],
}

/** What the signer may use that it does not define: the part of the language that phones have. */
const LANGUAGE = new Set(
  `undefined NaN Infinity Object Array String Number Boolean Math Date JSON RegExp Map Set Promise
  Error TypeError RangeError Uint8Array Int32Array Uint32Array ArrayBuffer DataView parseInt
  parseFloat isNaN isFinite encodeURIComponent decodeURIComponent`.split(/\s+/),
)

/** The time is the caller's to give: `Date.now` stands in one place, as the default of a Clock. */
const TIME = /\b(?:new )?Date\(\)|\bDate\.now(?:\(\))?/g
const CLOCK = 'miniprogram/cos/authorization.ts'

/** What registers a page or a component, once its module is loaded. */
const REGISTRATIONS = ['App', 'Page', 'Component']

interface Script {
  /** Path below the project. */
  file: string
  text: string
  tree: babel.types.File
  imports: ScriptImport[]
}

/** Gives the script that a specifier means in a file; none where it is no script of the project. */
type Find = (file: string, specifier?: string) => Script | undefined

/**
 * Checks that the parts of the project import each other one way only and never in a circle, that
 * only types are taken from a component's own module, and that the signer needs nothing but the
 * language.
 *
 * @param root The project's folder.
 */
export function checkImports(root: string): Problem[] {
  const scripts = listFiles(root, ['.ts', '.js'])
    .filter((file) => /^(miniprogram|typings|server|local-cloud|preview|scripts)\//.test(file))
    .map((file) => readScript(root, file))
  const find = finder(scripts)
  return [
    ...scripts.flatMap((script) => importsAgainst(script, find)),
    ...scripts.flatMap(platformIn),
    ...filesAgainst(path.join(root, 'miniprogram')),
    ...componentsTaken(scripts, find),
    ...circlesIn(scripts, find),
  ]
}

function readScript(root: string, file: string): Script {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const tree = parseScript(text, file)
  return { file, text, tree, imports: scriptImports(tree) }
}

/** `miniprogram/pages/a/a.ts` -> `miniprogram/pages`; `miniprogram/app.wxss` -> `miniprogram/app`. */
function partOf(file: string): string {
  const [first = '', second = ''] = file.split('/')
  return first === 'miniprogram' ? `${first}/${second.replace(/\..*/, '')}` : first
}

function importsAgainst({ file, imports }: Script, find: Find): Problem[] {
  if (partOf(file) === 'scripts') return []
  return imports.flatMap(({ specifier, line }) => {
    const reason = violation(file, specifier, find)
    return reason === undefined ? [] : [{ file, line, message: `'${specifier}': ${reason}` }]
  })
}

/** Why a script may not import a specifier, or undefined when it may. */
function violation(file: string, specifier: string | undefined, find: Find): string | undefined {
  const mayUsePackages = !/^(miniprogram|typings)\//.test(file)
  if (specifier === undefined) return mayUsePackages ? undefined : 'write the path out'
  if (specifier.startsWith('.')) {
    return wrongWay(file, find(file, specifier)?.file ?? targetOf(file, specifier))
  }
  return mayUsePackages && !specifier.startsWith('/') ? undefined : 'only relative paths here'
}

function targetOf(file: string, specifier: string): string {
  return path.posix.join(path.posix.dirname(file), specifier)
}

/** Why nothing in one file may come from another, or undefined when it may. */
function wrongWay(file: string, target: string): string | undefined {
  const from = partOf(file)
  const to = partOf(target)
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

/** The same for components, templates and styles. */
function filesAgainst(miniProgram: string): Problem[] {
  if (!fs.existsSync(miniProgram)) return []
  const named = (found: Reference[], file: string) =>
    found.flatMap(({ source, target, line }) => {
      const reason = wrongWay(`miniprogram/${file}`, `miniprogram/${target}`)
      const message = `'${source}': ${reason}`
      return reason === undefined ? [] : [{ file: `miniprogram/${file}`, line, message }]
    })
  return [
    ...listFiles(miniProgram, ['.json']).flatMap((file) =>
      named(usedComponents(miniProgram, file), file),
    ),
    ...listFiles(miniProgram, ['.wxml', '.wxss', '.wxs']).flatMap((file) =>
      named(references(miniProgram, file), file),
    ),
  ]
}

/** Values that are taken from a module that registers something. */
function componentsTaken(scripts: Script[], find: Find): Problem[] {
  return scripts.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier, isType }) => !isType && registers(find(file, specifier)))
      .map(({ specifier, line }) => ({
        file,
        line,
        message: `'${specifier}': importing a value from a component's own module breaks its registration in the preview, with no error. Import types, or move the value out`,
      })),
  )
}

function registers(script: Script | undefined): boolean {
  return (script?.tree.program.body ?? []).some(
    (statement) =>
      statement.type === 'ExpressionStatement' &&
      statement.expression.type === 'CallExpression' &&
      statement.expression.callee.type === 'Identifier' &&
      REGISTRATIONS.includes(statement.expression.callee.name),
  )
}

function finder(scripts: Script[]): Find {
  const known = new Map(scripts.map((script) => [script.file, script]))
  return (file, specifier = '') => {
    if (!specifier.startsWith('.')) return undefined
    const target = targetOf(file, specifier)
    const endings = ['', '.ts', '.d.ts', '.js', '/index.ts', '/index.js']
    return endings.map((ending) => known.get(target + ending)).find(Boolean)
  }
}

/** Imports that lead back to where they start, by values or by types. */
function circlesIn(scripts: Script[], find: Find): Problem[] {
  const circles: Script[][] = []
  const done = new Set<Script>()
  const visit = (script: Script, way: Script[]) => {
    const start = way.indexOf(script)
    if (start >= 0) circles.push(way.slice(start))
    if (start >= 0 || done.has(script)) return
    const targets = script.imports.map(({ specifier }) => find(script.file, specifier))
    for (const target of new Set(targets)) if (target) visit(target, [...way, script])
    done.add(script)
  }
  for (const script of scripts) visit(script, [])
  return circles.map((circle) => {
    const files = circle.map(({ file }) => file)
    const [file = ''] = files
    return { file, message: `imports run in a circle: ${[...files, file].join(' -> ')}` }
  })
}

/** What of its platform the signer asks for. */
function platformIn({ file, text, tree }: Script): Problem[] {
  if (partOf(file) !== 'miniprogram/cos') return []
  const code = withoutComments(text)
  const times = [...code.matchAll(TIME)]
    .filter(([found]) => found !== 'Date.now' || file !== CLOCK)
    .map((match) => ({ name: match[0], line: lineOf(code, match.index) }))
  const globals = globalsOf(tree, text, file).filter(({ name }) => !LANGUAGE.has(name))
  return [...times, ...globals].map(({ name, line }) => ({
    file,
    line,
    message: `${name}: the signer asks nothing of its platform`,
  }))
}

/** The names that a script uses and does not define, beside those of types. */
function globalsOf(
  tree: babel.types.File,
  text: string,
  file: string,
): { name: string; line: number }[] {
  const plain = babel.transformFromAstSync(tree, text, {
    filename: file,
    babelrc: false,
    configFile: false,
    code: false,
    ast: true,
    presets: [['@babel/preset-typescript', { onlyRemoveTypeImports: false }]],
    cwd: path.join(__dirname, '..'),
  })
  const globals: { name: string; line: number }[] = []
  babel.traverse(plain?.ast ?? tree, {
    Program({ scope }) {
      scope.crawl()
      for (const { name, loc } of Object.values(scope.globals)) {
        globals.push({ name: String(name), line: loc?.start.line ?? 1 })
      }
    },
  })
  return globals
}

/** `//` inside a string stays when no space precedes it (`https://`): good enough for this code. */
function withoutComments(text: string): string {
  const comment = /\/\*[\s\S]*?\*\/|(?:^|\s+)\/\/.*$/gm
  return text.replace(comment, (found) => found.replace(/[^\n]/g, ' '))
}
