import fs from 'node:fs'
import path from 'node:path'

export interface Reference {
  /** As written: `../../styles/base.wxss`. */
  source: string
  /** Path below the root that it stands for, whether or not it exists. */
  target: string
  /** Counted from 1. */
  line: number
}

/** `<import src>`, `<include src>`, `<wxs src>`, `require('…')` in wxs and `@import` in wxss. */
const PATTERN =
  /<(?:import|include|wxs)\b[^>]*?\ssrc\s*=\s*["']([^"']+)["']|\brequire\(\s*["']([^"']+)["']|@import\s+["']([^"']+)["']/g

/** The files that a .wxml, .wxs or .wxss file names. An absolute path starts at the root. */
export function references(root: string, file: string): Reference[] {
  const text = withoutComments(fs.readFileSync(path.join(root, file), 'utf8'), path.extname(file))
  return [...text.matchAll(PATTERN)].map((match) => {
    const source = match[1] ?? match[2] ?? match[3] ?? ''
    return { source, target: resolve(file, source), line: lineOf(text, match.index) }
  })
}

/** The components that the .json of a page, a component or the app uses; targets have no extension. */
export function usedComponents(root: string, file: string): (Reference & { tag: string })[] {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const { usingComponents = {} } = JSON.parse(text) as { usingComponents?: Record<string, string> }
  return Object.entries(usingComponents).map(([tag, source]) => ({
    tag,
    source,
    target: resolve(file, source),
    line: lineOf(text, text.indexOf(JSON.stringify(source))),
  }))
}

/** Where `source` leads from `file`: a path below the root, with `/` on every system. */
export function resolve(file: string, source: string): string {
  const base = source.startsWith('/') ? '.' : path.posix.dirname(file)
  return path.posix.join(base, source).replace(/^\//, '')
}

/** The text with its comments blanked out, so that lines and columns stay where they are. */
export function withoutComments(text: string, extension: string): string {
  const comment = extension === '.wxml' ? /<!--[\s\S]*?-->/g : /\/\*[\s\S]*?\*\/|^\s*\/\/.*/gm
  return text.replace(comment, (found) => found.replace(/[^\n]/g, ' '))
}

/** The line, counted from 1, of a position in a text. */
export function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
