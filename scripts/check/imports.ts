import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import type { Problem } from './problem'
import { references, usedComponents } from './references'
import { scriptImports } from './script-imports'

/**
 * Which folders of the mini program may use which, beside themselves: their components, templates
 * and styles. For scripts, `.oxlintrc.json` says the same.
 */
const MAY_USE: Record<string, string[]> = {
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

/** Files beside the folders: app.json, app.wxss. */
const APP_MAY_USE = ['styles']

/**
 * Checks what the import rules of oxlint do not see: the components, templates and styles that a
 * file of the mini program names, values that are taken from a component's own module, `import()`,
 * and folders that have no rule.
 *
 * @param root The mini program's folder.
 */
export async function checkImports(root: string): Promise<Problem[]> {
  const imports = await scriptImports(root)
  return [
    ...foldersWithoutRule(root),
    ...listFiles(root, ['.json', '.wxml', '.wxss', '.wxs']).flatMap((file) =>
      wrongReferences(root, file),
    ),
    ...[...imports].flatMap(([file, found]) =>
      found.flatMap(({ target, kind }) => {
        const message = wrongImport(root, target, kind)
        return message === undefined ? [] : { file, message }
      }),
    ),
  ]
}

function foldersWithoutRule(root: string): Problem[] {
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && MAY_USE[entry.name] === undefined)
    .map(({ name }) => ({
      file: name,
      message: 'no import rule for this folder: add one to .oxlintrc.json and to MAY_USE',
    }))
}

function wrongReferences(root: string, file: string): Problem[] {
  const find = file.endsWith('.json') ? usedComponents : references
  return find(root, file).flatMap(({ source, target, line }) => {
    const reason = violation(file, target)
    return reason === undefined ? [] : { file, line, message: `'${source}': ${reason}` }
  })
}

/** Why a file may not use another, or undefined when it may. */
function violation(file: string, target: string): string | undefined {
  const from = folderOf(file)
  const to = folderOf(target)
  if (from === to) return isOtherPage(file, target) ? 'a page uses another page' : undefined
  const allowed = from === undefined ? APP_MAY_USE : (MAY_USE[from] ?? [])
  if (to !== undefined && allowed.includes(to)) return undefined
  return `${from ?? 'the app'} may not use ${to ?? 'the app'}`
}

/** `pages/a/a.wxml` -> `pages`; undefined for a file that lies in no folder. */
function folderOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined
}

/** Pages may share files that lie beside their folders. */
function isOtherPage(file: string, target: string): boolean {
  const page = pageOf(target)
  return page !== undefined && page !== pageOf(file)
}

function pageOf(file: string): string | undefined {
  return /^pages\/([^/]+)\//.exec(file)?.[1]
}

/** Why a script may not import another in this way, or undefined when it may. */
function wrongImport(root: string, target: string, kind: string): string | undefined {
  if (kind === 'dynamic-import') return `import() of ${target}: write an import declaration`
  const template = path.join(root, target.replace(/\.ts$/, '.wxml'))
  if (kind === 'entry-point' || !fs.existsSync(template)) return undefined
  return `a value of ${target}, a component's own module, breaks its registration in the preview: import types only, or move the value out`
}
