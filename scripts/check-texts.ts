import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './list-files'
import type { Problem } from './problem'
import { lineOf } from './references'
import { parseWxml } from './wxml'

/** Attributes and properties that a person reads or hears. */
const SHOWN =
  /^(aria-(label|valuetext|roledescription|description|placeholder)|placeholder|title|sub-?title|label|alt|action|again|about|text|hint|status|note|problem|message|content|preparing|heading|caption|summary|description|header|footer|(confirm|cancel)-text)$/

/** Calls of wx whose options are shown, up to the first text that is no message. */
const SHOWN_BY_WX =
  /\bwx\.(?:show(?:Toast|Modal|Loading|ActionSheet)|setNavigationBarTitle)\(\{[^}]*?\b(?:title|content|confirmText|cancelText|placeholderText|itemList)\s*:\s*\[?\s*(?:'([^']*)'|`([^`]*)`|"([^"]*)")/g

const LETTER = /\p{L}/u
/** Of a script in which no name of a class, a file or an option is written. */
const NON_LATIN = /(?!\p{Script=Latin})\p{L}/u

/**
 * Finds words that are shown without being a message of i18n/: in WXML, in what wx shows, in the
 * titles of pages. The product's name in app.json is the same in every language.
 *
 * @param root The mini program's folder.
 */
export function checkTexts(root: string): Problem[] {
  return [
    ...listFiles(root, ['.wxml']).flatMap((file) => checkWxml(root, file)),
    ...listFiles(root, ['.ts']).flatMap((file) => checkScript(root, file)),
    ...listFiles(root, ['.json']).flatMap((file) => checkTitle(root, file)),
  ]
}

function checkWxml(root: string, file: string): Problem[] {
  const source = read(root, file)
  const { elements, texts } = parseWxml(source)
  const attributes = elements.flatMap((element) => element.attributes)
  return [
    ...texts.flatMap(({ text, index }) =>
      shownIn(text).map((words) => ({ index: index + text.indexOf(words), words })),
    ),
    ...attributes.flatMap(({ name, value, index }) => {
      const words = SHOWN.test(name) ? shownIn(value) : [value].filter((all) => NON_LATIN.test(all))
      return words.map((found) => ({ index, words: `${name}="${found}"` }))
    }),
  ].map(({ index, words }) => untranslated(file, source, index, words))
}

/** The words in a text or in an attribute: what is written out, and what its expressions give. */
function shownIn(text: string): string[] {
  const written = text.replace(/\{\{[\s\S]*?\}\}/g, '\n').split('\n')
  const expressions = [...text.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, code]) => code ?? '')
  return [...written, ...expressions.flatMap(givenBy)]
    .map((words) => words.trim())
    .filter((words) => LETTER.test(words))
}

/** The strings in an expression, but for those that something is compared with or looked up by. */
function givenBy(code: string): string[] {
  const literal = /([=!]==?|\[)?\s*(?:'([^']*)'|"([^"]*)")\s*([=!]==?)?/g
  return [...code.matchAll(literal)]
    .filter(([, before, , , after]) => !before && !after)
    .map(([, , single, double]) => single ?? double ?? '')
}

function checkScript(root: string, file: string): Problem[] {
  const source = read(root, file)
  return [...source.matchAll(SHOWN_BY_WX)].flatMap((match) => {
    const words = (match[1] ?? match[2] ?? match[3] ?? '').replace(/\$\{[^}]*\}/g, '').trim()
    const index = match.index + match[0].length
    return LETTER.test(words) ? [untranslated(file, source, index, words)] : []
  })
}

function checkTitle(root: string, file: string): Problem[] {
  const source = read(root, file)
  const index = source.indexOf('"navigationBarTitleText"')
  if (index < 0 || file === 'app.json') return []
  const message = 'navigationBarTitleText is in one language: call wx.setNavigationBarTitle'
  return [{ file, line: lineOf(source, index), message }]
}

function untranslated(file: string, source: string, index: number, words: string): Problem {
  return { file, line: lineOf(source, index), message: `${words}: take the text from i18n/` }
}

function read(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8')
}
