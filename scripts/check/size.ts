import fs from 'node:fs'
import path from 'node:path'
import { transform } from 'esbuild'
import { listFiles } from '../shared/list-files'
import { pagesOf, readApp } from './app-json'
import { references, usedComponents, withoutComments } from './references'
import { scriptImports } from './script-imports'

const KB = 1024

/** Bytes. */
const LIMITS = { main: 199 * KB, firstPage: 58 * KB, all: 392 * KB }

/** A file that ships. */
export interface PackedFile {
  /** Path below the mini program. */
  file: string
  bytes: number
}

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
export async function packedFiles(root: string, settings: PackSettings): Promise<PackedFile[]> {
  const files = listFiles(root).filter((file) => !isIgnored(file, settings))
  const packed = await Promise.all(
    files.map(async (file) => {
      const text = fs.readFileSync(path.join(root, file), 'utf8')
      return { file, bytes: Buffer.byteLength(await minify(file, text, settings)) }
    }),
  )
  return packed.toSorted((a, b) => b.bytes - a.bytes)
}

/**
 * The files that pages need: app.*, the pages, their components and all that those import.
 *
 * @param pages Paths without an extension, as in app.json.
 */
export async function filesNeeded(
  root: string,
  files: PackedFile[],
  pages: string[],
): Promise<PackedFile[]> {
  const names = new Set(files.map(({ file }) => file))
  const imports = await scriptImports(root)
  const needed = new Set<string>()
  const visit = (file: string) => {
    if (!names.has(file) || needed.has(file)) return
    needed.add(file)
    for (const { target } of imports.get(file) ?? []) visit(target)
    for (const target of filesNamedBy(root, file)) visit(target)
  }
  for (const file of names) if (!file.includes('/')) visit(file)
  for (const page of pages) for (const part of partsOf(page)) visit(part)
  return files.filter(({ file }) => needed.has(file))
}

/** Why the mini program is too big, or nothing; and its figures in one line. */
export async function checkSize(
  root: string,
  settings: PackSettings,
  limits: typeof LIMITS = LIMITS,
): Promise<{ problem: string; note: string }> {
  const packed = await packedFiles(root, settings)
  const app = readApp(root)
  // The rest does not ship (ignoreUploadUnusedFiles).
  const files = await filesNeeded(root, packed, pagesOf(app))
  const roots = (app.subPackages ?? []).map((subpackage) => `${subpackage.root}/`)
  const isMain = ({ file }: PackedFile) => !roots.some((folder) => file.startsWith(folder))
  // With lazyCodeLoading, the other pages load when they are opened.
  const firstPage = await filesNeeded(root, packed, pagesOf(app).slice(0, 1))
  const measured = [
    { what: 'main package', files: files.filter(isMain), limit: limits.main },
    { what: 'first page', files: firstPage, limit: limits.firstPage },
    { what: 'all packages', files, limit: limits.all },
  ]
  const note = measured.map(
    (one) => `${one.what} ${kilobytes(sum(one.files))} of ${kilobytes(one.limit)}`,
  )
  const problems = measured
    .filter((one) => sum(one.files) > one.limit)
    .map((one) => [
      `${one.what}: ${kilobytes(sum(one.files))}, the limit is ${kilobytes(one.limit)}`,
      ...costs(one.files),
    ])
  return { note: note.join(', '), problem: problems.flat().join('\n') }
}

/** What each folder takes, then the biggest files. */
function costs(files: PackedFile[]): string[] {
  const folders = new Map<string, number>()
  for (const { file, bytes } of files) {
    const folder = file.includes('/') ? `${file.split('/')[0]}/` : 'app and configuration'
    folders.set(folder, (folders.get(folder) ?? 0) + bytes)
  }
  const byFolder = [...folders].toSorted(([, a], [, b]) => b - a)
  const biggest = files.slice(0, 8).map(({ file, bytes }): [string, number] => [file, bytes])
  return [...byFolder, ...biggest].map(
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
    if (type === 'suffix') return file.endsWith(value)
    if (type === 'file') return file === value
    if (type === 'folder') return file.startsWith(`${value}/`)
    throw new Error(`packOptions: this check does not know the type ${type}`)
  })
}

/** The components, templates and styles that a file names. */
function filesNamedBy(root: string, file: string): string[] {
  if (/\.(wxml|wxss|wxs)$/.test(file)) return references(root, file).map(({ target }) => target)
  if (!file.endsWith('.json')) return []
  return usedComponents(root, file).flatMap(({ target }) => partsOf(target))
}

function partsOf(base: string): string[] {
  return ['.json', '.ts', '.wxml', '.wxss'].map((extension) => base + extension)
}

function sum(files: PackedFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0)
}

function kilobytes(bytes: number): string {
  return `${(bytes / KB).toFixed(1)} KB`
}
