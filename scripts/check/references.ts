import path from 'node:path'

export interface Reference {
  /** The file that names another, and the line, counted from 1. */
  file: string
  line: number
  /** As written: `../../styles/base.wxss`. */
  source: string
  /** Path below the root that it stands for, whether or not it exists. */
  target: string
}

/** A component that is used by a name of its own. */
export interface Component extends Reference {
  tag: string
}

/** `<import src>`, `<include src>`, `<wxs src>`, `require('…')` in wxs and `@import` in wxss. */
const PATTERN =
  /(?:<(?:import|include|wxs)\b[^>]*?\ssrc\s*=\s*|\brequire\(\s*|@import\s+)["']([^"']+)["']/g

/** The files that a .wxml, .wxs or .wxss file names. An absolute path starts at the root. */
export function references(file: string, text: string): Reference[] {
  const code = withoutComments(text, path.extname(file))
  return [...code.matchAll(PATTERN)].map(({ index, 1: source = '' }) => ({
    file,
    line: lineOf(code, index),
    source,
    target: resolve(file, source),
  }))
}

/** The components that the .json of a page, a component or the app uses; targets have no extension. */
export function usedComponents(file: string, text = '{}'): Component[] {
  const { usingComponents = {} } = JSON.parse(text) as { usingComponents?: Record<string, string> }
  return Object.entries(usingComponents).map(([tag, source]) => ({
    file,
    line: lineOf(text, text.indexOf(JSON.stringify(source))),
    tag,
    source,
    target: resolve(file, source),
  }))
}

/** The pages of the main package, then those of all subpackages: what the text of app.json names. */
export function pagesOf(appJson: string): string[] {
  const { pages, subPackages = [] } = JSON.parse(appJson) as {
    pages: string[]
    subPackages?: { root: string; pages: string[] }[]
  }
  return [
    ...pages,
    ...subPackages.flatMap(({ root, pages: own }) => own.map((page) => `${root}/${page}`)),
  ]
}

/** Files, and all that they lead to, directly or not. */
export function reach(files: string[], next: (file: string) => string[]): Set<string> {
  const found = new Set(files)
  for (const file of found) for (const target of next(file)) found.add(target)
  return found
}

/** Where `source` leads from `file`: a path below the root, with `/` on every system. */
function resolve(file: string, source: string): string {
  const base = source.startsWith('/') ? '.' : path.posix.dirname(file)
  return path.posix.join(base, source).replace(/^\//, '')
}

/** The text with its comments blanked out, so that lines and columns stay where they are. */
export function withoutComments(text: string, extension: string): string {
  return blanked(text, extension === '.wxml' ? /<!--[\s\S]*?-->/g : /\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm)
}

/** The text with spaces for what a pattern finds. */
export function blanked(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found) => found.replace(/[^\n]/g, ' '))
}

/** The line, counted from 1, of a position in a text. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
