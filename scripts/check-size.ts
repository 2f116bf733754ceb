import fs from 'node:fs'
import path from 'node:path'
import * as babel from '@babel/core'
import { transform } from 'esbuild'
import { listFiles } from './list-files'
import { references, resolve } from './references'
import { parseScript, scriptImports } from './script-imports'

/** What the typings of Babel do not know. */
const { buildExternalHelpers } = babel as unknown as {
  buildExternalHelpers(names: string[], output: 'global'): string
}
interface HelperStore {
  set(key: 'helperGenerator', generate: (name: string) => babel.types.Identifier): void
}

/** What everything that ships may take, and what of it the first page may need. */
const LIMITS = { total: 275 * 1024, firstPage: 83 * 1024 }

/** What Babel adds, once for all scripts. */
const HELPERS = '@babel/runtime/helpers'

/** A file that ships. */
export interface PackedFile {
  /** Path below the mini program. */
  file: string
  bytes: number
}

/** `packOptions` of project.config.json: what does not ship. */
export interface PackOptions {
  ignore: { type: string; value: string }[]
}

/**
 * What the mini program takes when it is uploaded: scripts as ES5 and minified, one by one, and
 * everything else as it is. A stand-in for what DevTools packs. Biggest first.
 *
 * @param root The mini program's folder.
 * @param packOptions Those of project.config.json.
 */
export async function packedFiles(root: string, packOptions: PackOptions): Promise<PackedFile[]> {
  const files = listFiles(root).filter((file) => !isIgnored(file, packOptions))
  const helpers = new Set<string>()
  const packed = await Promise.all(
    files.map(async (file) => ({ file, bytes: await packedSize(root, file, helpers) })),
  )
  const shared = await minifiedSize(helpersText([...helpers]))
  return [...packed, { file: HELPERS, bytes: shared }].toSorted((a, b) => b.bytes - a.bytes)
}

/**
 * What of them the first page needs before it shows: app.*, the page, its components and what all
 * those import. With lazyCodeLoading the rest is loaded when it is opened.
 */
export function firstPage(root: string, files: PackedFile[]): PackedFile[] {
  const { pages } = readJson(root, 'app.json') as { pages: string[] }
  const names = new Set(files.map(({ file }) => file))
  const needed = new Set([HELPERS])
  const visit = (file: string) => {
    if (!names.has(file) || needed.has(file)) return
    needed.add(file)
    for (const target of neededBy(root, file)) visit(target)
  }
  for (const file of names) if (!file.includes('/')) visit(file)
  for (const part of partsOf(pages[0] ?? '')) visit(part)
  return files.filter(({ file }) => needed.has(file))
}

/** Why the mini program is too big, or nothing; and its figures in one line. */
export async function checkSize(
  root: string,
  packOptions: PackOptions,
  limits: typeof LIMITS = LIMITS,
): Promise<{ problem: string; note: string }> {
  const files = await packedFiles(root, packOptions)
  const first = firstPage(root, files)
  const figure = (found: PackedFile[], limit: number) =>
    `${kilobytes(sum(found))} of ${kilobytes(limit)}`
  const note = `${figure(files, limits.total)}, first page ${figure(first, limits.firstPage)}`
  const problems = [
    ...problemOf('Everything that ships', files, limits.total),
    ...problemOf('The first page', first, limits.firstPage),
  ]
  return { note, problem: problems.join('\n') }
}

function problemOf(what: string, files: PackedFile[], limit: number): string[] {
  if (sum(files) <= limit) return []
  const biggest = files.slice(0, 10)
  return [
    `${what} takes ${kilobytes(sum(files))}; ${kilobytes(limit)} is the limit.`,
    ...biggest.map(({ file, bytes }) => `${kilobytes(bytes).padStart(9)}  ${file}`),
  ]
}

async function packedSize(root: string, file: string, helpers: Set<string>): Promise<number> {
  const full = path.join(root, file)
  if (!/\.[jt]s$/.test(file)) return fs.statSync(full).size
  return minifiedSize(await es5(await fs.promises.readFile(full, 'utf8'), full, helpers))
}

async function minifiedSize(code: string): Promise<number> {
  const options = { minify: true, target: 'es5', format: 'cjs', charset: 'utf8' } as const
  return Buffer.byteLength((await transform(code, options)).code)
}

/** A script as DevTools compiles it with `enhance`: Babel's helpers lie in files of their own. */
async function es5(source: string, filename: string, helpers: Set<string>): Promise<string> {
  const used = new Set<string>()
  const sharedHelpers = (): babel.PluginObj => ({
    visitor: {},
    pre(file: unknown) {
      ;(file as HelperStore).set('helperGenerator', (name: string) => {
        used.add(name)
        return babel.types.identifier(`_${name}`)
      })
    },
  })
  const result = await babel.transformAsync(source, {
    filename,
    babelrc: false,
    configFile: false,
    comments: false,
    presets: [
      ['@babel/preset-env', { forceAllTransforms: true, modules: 'commonjs' }],
      ['@babel/preset-typescript', { onlyRemoveTypeImports: false }],
    ],
    plugins: [sharedHelpers],
    cwd: path.join(__dirname, '..'),
  })
  const requires = [...used].map((name) => {
    helpers.add(name)
    return `var _${name} = require("../../@babel/runtime/helpers/${name}");\n`
  })
  return requires.join('') + (result?.code ?? '')
}

/** The helpers of these names, and those that they need in turn. */
function helpersText(names: string[]): string {
  const text = buildExternalHelpers(names, 'global')
  const named = [...text.matchAll(/\bbabelHelpers\.(\w+)/g)].map(([, name]) => name ?? '')
  const all = [...new Set([...names, ...named])]
  return all.length > names.length ? helpersText(all) : text
}

function isIgnored(file: string, { ignore }: PackOptions): boolean {
  return ignore.some(({ type, value }) => {
    if (type === 'suffix') return file.endsWith(value)
    if (type === 'file') return file === value
    if (type === 'folder') return file.startsWith(`${value}/`)
    throw new Error(`packOptions: this check does not know the type ${type}`)
  })
}

function neededBy(root: string, file: string): string[] {
  if (file.endsWith('.json')) {
    const { usingComponents = {} } = readJson(root, file) as {
      usingComponents?: Record<string, string>
    }
    return Object.values(usingComponents).flatMap((source) => partsOf(resolve(file, source)))
  }
  if (/\.(wxml|wxss|wxs)$/.test(file)) return references(root, file).map(({ target }) => target)
  if (!file.endsWith('.ts')) return []
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  return scriptImports(parseScript(text, file))
    .filter(({ specifier, isType }) => specifier?.startsWith('.') && !isType)
    .map(({ specifier = '' }) => resolve(file, specifier))
    .flatMap((target) => [`${target}.ts`, `${target}/index.ts`])
}

function partsOf(base: string): string[] {
  return ['.json', '.ts', '.wxml', '.wxss'].map((extension) => base + extension)
}

function readJson(root: string, file: string): unknown {
  return JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'))
}

function sum(files: PackedFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0)
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`
}
