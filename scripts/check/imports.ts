import path from 'node:path'
import { build, type ImportKind, type Metafile } from 'esbuild'
import { listFiles, readFiles } from '../shared/list-files'
import type { Problem } from './problem'
import { references, usedComponents } from './references'

/** Files beside the folders: app.json, app.wxss. */
const APP = 'the app'

/**
 * Which folders of the mini program may use which, beside themselves: their components, templates
 * and styles. For scripts, `.oxlintrc.json` says the same.
 */
const MAY_USE: Record<string, string[]> = {
  [APP]: ['styles'],
  components: ['styles'],
  demo: ['components', 'styles'],
  pages: ['demo', 'components', 'styles'],
  presign: ['demo', 'components', 'styles'],
  setup: ['demo', 'components', 'styles'],
  styles: [],
  i18n: [],
  signing: [],
  cos: [],
  transfer: [],
  samples: [],
}

/**
 * Checks what the import rules of oxlint do not see: the components, templates and styles that a
 * file of the mini program names, values that are taken from a component's own module, `import()`,
 * and folders that have no rule.
 *
 * @param root The mini program's folder.
 */
export async function checkImports(root: string): Promise<Problem[]> {
  const files = listFiles(root)
  const folders = new Set(files.map(folderOf))
  return [
    ...[...folders]
      .filter((folder) => MAY_USE[folder] === undefined)
      .map((folder) => ({
        file: folder,
        message: 'no import rule for this folder: add one to .oxlintrc.json and to MAY_USE',
      })),
    ...[...readFiles(root, ['.json', '.wxml', '.wxss', '.wxs'])].flatMap(wrongReferences),
    ...Object.entries(await scriptImports(root)).flatMap(([file, { imports }]) =>
      imports.flatMap(({ path: target, kind }) =>
        wrongImport(files, target, kind).map((message) => ({ file, message })),
      ),
    ),
  ]
}

/**
 * What each script below a folder imports when it runs, as esbuild finds it: no types.
 *
 * @param root The mini program's folder.
 * @returns By path below the root.
 * @throws Error that names the place, where an import leads nowhere or a script does not parse
 */
export async function scriptImports(root: string): Promise<Metafile['inputs']> {
  const { metafile } = await build({
    entryPoints: listFiles(root, ['.ts']).filter((file) => !file.endsWith('.d.ts')),
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    metafile: true,
    write: false,
    outdir: '.',
    logLevel: 'silent',
    tsconfigRaw: {},
  })
  return metafile.inputs
}

function wrongReferences([file, text]: [string, string]): Problem[] {
  const find = path.extname(file) === '.json' ? usedComponents : references
  return find(file, text).flatMap(({ source, target, line }) =>
    violation(file, target).map((reason) => ({ file, line, message: `'${source}': ${reason}` })),
  )
}

/** Why a file may not use another; nothing when it may. */
function violation(file: string, target: string): string[] {
  const [from, to] = [folderOf(file), folderOf(target)]
  // Pages may share files that lie beside their folders.
  const page = pageOf(target)
  if (from === to) return page && page !== pageOf(file) ? ['a page uses another page'] : []
  return MAY_USE[from]?.includes(to) ? [] : [`${from} may not use ${to}`]
}

/** `pages/a/a.wxml` -> `pages`. */
function folderOf(file: string): string {
  return /^([^/]+)\//.exec(file)?.[1] ?? APP
}

function pageOf(file: string): string | undefined {
  return /^pages\/([^/]+)\//.exec(file)?.[1]
}

/** Why a script may not import another in this way; nothing when it may. */
function wrongImport(files: string[], target: string, kind: ImportKind): string[] {
  if (kind === 'dynamic-import') return [`import() of ${target}: write an import declaration`]
  if (!files.includes(target.replace(/\.ts$/, '.wxml'))) return []
  return [
    `a value of ${target}, a component's own module, breaks its registration in the preview: import types only, or move the value out`,
  ]
}
