import fs from 'node:fs'
import path from 'node:path'

/** What app.json holds of interest to the checks. */
export interface AppJson {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
}

/** @param root The mini program's folder. */
export function readApp(root: string): AppJson {
  return JSON.parse(fs.readFileSync(path.join(root, 'app.json'), 'utf8')) as AppJson
}

/** The pages of the main package, then those of all subpackages. */
export function pagesOf({ pages, subPackages = [] }: AppJson): string[] {
  return [
    ...pages,
    ...subPackages.flatMap(({ root, pages: own }) => own.map((page) => `${root}/${page}`)),
  ]
}
