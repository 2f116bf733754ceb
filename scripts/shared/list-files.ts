import fs from 'node:fs'
import path from 'node:path'

/**
 * Every file below a folder whose name ends with one of the extensions, or with any where none is
 * given: paths below that folder, sorted, with `/` on every system. `node_modules` and hidden folders are left out.
 */
export function listFiles(root: string, extensions: string[] = []): string[] {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !/(^|\/)(node_modules\/|\.)/.test(file))
    .filter((file) => extensions.length === 0 || extensions.includes(path.extname(file)))
    .toSorted()
}

/** The files of `listFiles` with their texts. */
export function readFiles(root: string, extensions?: string[]): Map<string, string> {
  const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8')
  return new Map(listFiles(root, extensions).map((file) => [file, read(file)]))
}
