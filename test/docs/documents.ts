import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(__dirname, '../..')

/** A document by its path in the repository. */
export const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'))

/** The same document in English and in Chinese. */
export const PAIRS = ['README.md', ...docs.map((file) => `docs/${file}`)]
  .filter((file) => !file.endsWith('.zh-CN.md'))
  .map((file): [string, string] => [file, file.replace(/\.md$/, '.zh-CN.md')])

/** Every document that a reader may come to. */
export const DOCUMENTS = [
  ...PAIRS.flat(),
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...[
    'local-cloud',
    'miniprogram',
    'miniprogram/transfer',
    'preview',
    'scripts',
    'server',
    'test',
  ].map((folder) => `${folder}/README.md`),
]

const FENCE = /^ *```(\w*)\n([^]*?)^ *```/gm

/** The fenced blocks, in order; of one language, or of any. */
export function blocks(markdown: string, wanted?: string): string[] {
  return [...markdown.matchAll(FENCE)]
    .filter(([, language]) => wanted === undefined || language === wanted)
    .map(([, , content]) => content!)
}

export const withoutBlocks = (markdown: string) => markdown.replace(FENCE, '')

export interface Heading {
  level: number
  text: string
}

export function headings(markdown: string): Heading[] {
  const lines = withoutBlocks(markdown).matchAll(/^(#+) (.+)$/gm)
  return Array.from(lines, ([, marks, text]) => ({ level: marks!.length, text: text! }))
}

/** The text of each section, from its heading on; what stands before the first is left out. */
export function sections(markdown: string): string[] {
  return withoutBlocks(markdown)
    .split(/^(?=#+ )/m)
    .slice(1)
}

/** Inline code, each once. */
export function codeSpans(markdown: string): string[] {
  const spans = [...withoutBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
  return [...new Set(spans)].toSorted()
}

/** What `#…` may name in a document on GitHub: its headings, and its `<a id>`. */
export function anchors(markdown: string): Set<string> {
  const ids = [...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!)
  return new Set([...ids, ...headings(markdown).map(({ text }) => slug(text))])
}

/** https://github.com/gjtorikian/html-pipeline: letters, digits, `-` and `_`; blanks become `-`. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
