import fs from 'node:fs'
import path from 'node:path'
import { transform } from 'esbuild'
import { readFiles } from '../shared/list-files'
import { scriptImports } from './imports'
import { pagesOf, reach, references, usedComponents, withoutComments } from './references'

const KB = 1024

/** Bytes. */
const LIMITS = { main: 199 * KB, firstPage: 58 * KB, all: 392 * KB }

/** Path below the mini program -> bytes. */
type Sizes = Map<string, number>

/** Of project.config.json: what is minified, and what does not ship. */
export interface PackSettings {
  setting: { minifyWXML?: boolean; minifyWXSS?: boolean }
  packOptions: { ignore: { type: string; value: string }[] }
}

/**
 * The size of each file of the mini program when it is uploaded, biggest first: an estimate of what
 * DevTools packs. esbuild minifies scripts and styles; templates lose comments and indentation.
 *
 * @param root The mini program's folder.
 */
export async function packedFiles(root: string, settings: PackSettings): Promise<Sizes> {
  const files = [...readFiles(root)].filter(([file]) => !isIgnored(file, settings))
  const packed = await Promise.all(
    files.map(async ([file, text]): Promise<[string, number]> => {
      return [file, Buffer.byteLength(await minify(file, text, settings))]
    }),
  )
  return new Map(packed.toSorted(([, a], [, b]) => b - a))
}

/**
 * The files that pages need, of those that ship: app.*, the pages, their components and all that
 * those import.
 *
 * @param pages Paths without an extension, as in app.json.
 */
export async function filesNeeded(root: string, packed: Sizes, pages: string[]): Promise<Sizes> {
  const texts = readFiles(root)
  const scripts = await scriptImports(root)
  const app = [...packed.keys()].filter((file) => !file.includes('/'))
  const needed = reach([...app, ...pages.flatMap(partsOf)], (file) => [
    ...(scripts[file]?.imports ?? []).map((one) => one.path),
    ...filesNamedBy(file, texts.get(file)),
  ])
  return new Map([...packed].filter(([file]) => needed.has(file)))
}

/** Why the mini program is too big, or nothing; and its figures in one line. */
export async function checkSize(
  root: string,
  settings: PackSettings,
  limits: typeof LIMITS = LIMITS,
): Promise<{ problem: string; note: string }> {
  const packed = await packedFiles(root, settings)
  const app = fs.readFileSync(path.join(root, 'app.json'), 'utf8')
  const { subPackages = [] } = JSON.parse(app) as { subPackages?: { root: string }[] }
  // The rest does not ship (ignoreUploadUnusedFiles).
  const all = await filesNeeded(root, packed, pagesOf(app))
  const isMain = (file: string) => !subPackages.some((sub) => file.startsWith(`${sub.root}/`))
  const main = new Map([...all].filter(([file]) => isMain(file)))
  // With lazyCodeLoading, the other pages load when they are opened.
  const firstPage = await filesNeeded(root, packed, pagesOf(app).slice(0, 1))
  const measured = [
    { what: 'main package', files: main, limit: limits.main },
    { what: 'first page', files: firstPage, limit: limits.firstPage },
    { what: 'all packages', files: all, limit: limits.all },
  ].map((one) => ({ ...one, bytes: [...one.files.values()].reduce((sum, size) => sum + size, 0) }))
  const note = measured.map(
    ({ what, bytes, limit }) => `${what} ${kilobytes(bytes)} of ${kilobytes(limit)}`,
  )
  const problems = measured
    .filter(({ bytes, limit }) => bytes > limit)
    .flatMap(({ what, files, bytes, limit }) => [
      `${what}: ${kilobytes(bytes)}, the limit is ${kilobytes(limit)}`,
      ...costs(files),
    ])
  return { note: note.join(', '), problem: problems.join('\n') }
}

/** What each folder takes, then the biggest files. */
function costs(files: Sizes): string[] {
  const folders: Sizes = new Map()
  for (const [file, bytes] of files) {
    const folder = file.includes('/') ? `${file.split('/')[0]}/` : 'app and configuration'
    folders.set(folder, (folders.get(folder) ?? 0) + bytes)
  }
  const byFolder = [...folders].toSorted(([, a], [, b]) => b - a)
  return [...byFolder, ...[...files].slice(0, 8)].map(
    ([name, bytes]) => `${kilobytes(bytes).padStart(9)}  ${name}`,
  )
}

async function minify(file: string, text: string, { setting }: PackSettings): Promise<string> {
  const options = { minify: true, charset: 'utf8' } as const
  // Nearest to DevTools' ES5: Babel's ES5 is 3 % larger.
  const target = 'es2018'
  switch (path.extname(file)) {
    case '.ts':
      return (await transform(text, { ...options, loader: 'ts', format: 'cjs', target })).code
    case '.wxss':
      return setting.minifyWXSS ? (await transform(text, { ...options, loader: 'css' })).code : text
    case '.wxml':
      return setting.minifyWXML ? withoutSpace(text) : text
    default:
      return text
  }
}

function withoutSpace(wxml: string): string {
  return withoutComments(wxml, '.wxml').replace(/>\s+</g, '><').replace(/\s+/g, ' ').trim()
}

function isIgnored(file: string, { packOptions }: PackSettings): boolean {
  return packOptions.ignore.some(({ type, value }) => {
    if (type !== 'suffix') throw new Error('packOptions: this check knows the type suffix only')
    return file.endsWith(value)
  })
}

/** The components, templates and styles that a file names. */
function filesNamedBy(file: string, text: string | undefined): string[] {
  if (text === undefined || file.endsWith('.ts')) return []
  if (!file.endsWith('.json')) return references(file, text).map(({ target }) => target)
  return usedComponents(file, text).flatMap(({ target }) => partsOf(target))
}

function partsOf(base: string): string[] {
  return ['.json', '.ts', '.wxml', '.wxss'].map((extension) => base + extension)
}

function kilobytes(bytes: number): string {
  return `${(bytes / KB).toFixed(1)} KB`
}
