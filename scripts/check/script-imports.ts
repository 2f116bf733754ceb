import path from 'node:path'
import { build, type ImportKind } from 'esbuild'
import { listFiles } from '../shared/list-files'

export interface ScriptImport {
  /** Path of the script that is imported, below the root. */
  target: string
  kind: ImportKind
}

/**
 * What each script below a folder imports when it runs, as esbuild finds it. Imports of types and of
 * packages are left out.
 *
 * @param root The mini program's folder.
 * @returns Path below the root -> its imports.
 * @throws Error that names the place, where an import leads nowhere or a script does not parse
 */
export async function scriptImports(root: string): Promise<Map<string, ScriptImport[]>> {
  const scripts = listFiles(root, ['.ts']).filter((file) => !file.endsWith('.d.ts'))
  const contents = scripts.map((file) => `import ${JSON.stringify(`./${file}`)}`).join('\n')
  const { metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    metafile: true,
    write: false,
    outdir: '.',
    logLevel: 'silent',
    tsconfigRaw: {},
  })
  const inputs = new Map(Object.entries(metafile.inputs))
  return new Map(
    scripts.map((file) => {
      const imports = inputs.get(file)?.imports ?? []
      const internal = imports.filter(({ external }) => !external)
      return [file, internal.map(({ path: target, kind }) => ({ target: posix(target), kind }))]
    }),
  )
}

function posix(file: string): string {
  return file.split(path.sep).join('/')
}
