import fs from 'node:fs'
import path from 'node:path'
import * as babel from '@babel/core'
import { listFiles } from '../list-files'
import type { Problem } from './problem'
import { lineOf } from './references'
import { parseWxml } from './wxml'

const { types } = babel

/** Attributes and properties that a person reads or hears. */
const SHOWN =
  /^(aria-(label|valuetext|roledescription|description|placeholder)|placeholder|title|sub-?title|label|alt|action|again|about|text|hint|status|note|problem|message|content|preparing|heading|caption|summary|description|header|footer|(confirm|cancel)-text)$/

/** Options of wx, and of a page's onShareAppMessage, that a person reads. */
const SHOWN_BY_WX = /^(title|content|(confirm|cancel|placeholder|alert)Text|itemList)$/

const LETTER = /\p{L}/u
/** Of a script in which no name of a class, a file or an option is written. */
const NON_LATIN = /(?!\p{Script=Latin})\p{L}/u
/** `Tap to see`. */
const PHRASE = /\p{L} \p{L}/u
/** `Hidden`: names and options begin with a small letter, or have more capitals. */
const CAPITALISED = /^\p{Lu}\p{Ll}+$/u

/** The messages, the code that is shown as it is, and examples of keys. */
const OTHERS =
  /(^|\/)i18n\/|^samples\/|^presign\/manual-samples\/|^presign\/playground\/tricky-keys\.ts$/
/** A language's own name, a command, and a `dataType` of wx.request. */
const SAME_IN_EVERY_LANGUAGE = ['简体中文', 'npm start -- --lan', '其他']

/**
 * Finds words that are shown without being a message of i18n/: in WXML, in scripts, in the titles of
 * pages. The product's name in app.json is the same in every language.
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
      const words = shownIn(value).filter((found) => SHOWN.test(name) || isProse(name, found))
      return words.map((found) => ({ index, words: `${name}="${found}"` }))
    }),
  ].map(({ index, words }) => untranslated(file, lineOf(source, index), words))
}

/** Whether an attribute, which may be a property of any component, gives words to read. */
function isProse(attribute: string, words: string): boolean {
  if (/^(data-|wx:)|(class|style)$/.test(attribute)) return false
  return [NON_LATIN, PHRASE, CAPITALISED].some((pattern) => pattern.test(words))
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
  if (OTHERS.test(file)) return []
  const problems: Problem[] = []
  const options = new Set<babel.types.Node>()
  types.traverseFast(parseScript(read(root, file), file), (node) => {
    if (isError(node)) return types.traverseFast.skip
    if (isShownByWx(node)) for (const literal of literalsIn(node.value)) options.add(literal)
    const words = textOf(node).trim()
    const isFound =
      NON_LATIN.test(words) ||
      (options.has(node) && LETTER.test(words)) ||
      (/^(app|pages|components)\b/.test(file) && PHRASE.test(words))
    if (isFound && !SAME_IN_EVERY_LANGUAGE.includes(words)) {
      problems.push(untranslated(file, node.loc?.start.line ?? 1, words))
    }
    return undefined
  })
  return problems
}

/** `new TypeError('…')`: for developers. */
function isError(node: babel.types.Node): boolean {
  const callee = types.isNewExpression(node) ? node.callee : undefined
  return types.isIdentifier(callee) && callee.name.endsWith('Error')
}

function isShownByWx(node: babel.types.Node): node is babel.types.ObjectProperty {
  return (
    types.isObjectProperty(node) && types.isIdentifier(node.key) && SHOWN_BY_WX.test(node.key.name)
  )
}

/** The texts that an expression may give, but for those that something is compared with. */
function literalsIn(node: babel.types.Node | null): babel.types.Node[] {
  switch (node?.type) {
    case 'StringLiteral':
      return [node]
    case 'TemplateLiteral':
      return [...node.quasis, ...node.expressions.flatMap(literalsIn)]
    case 'ArrayExpression':
      return node.elements.flatMap(literalsIn)
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap(literalsIn)
    case 'LogicalExpression':
      return [node.left, node.right].flatMap(literalsIn)
    case 'BinaryExpression':
      return node.operator === '+' ? [node.left, node.right].flatMap(literalsIn) : []
    default:
      return []
  }
}

function textOf(node: babel.types.Node): string {
  if (node.type === 'StringLiteral') return node.value
  return node.type === 'TemplateElement' ? node.value.raw : ''
}

function checkTitle(root: string, file: string): Problem[] {
  const source = read(root, file)
  const index = source.indexOf('"navigationBarTitleText"')
  if (index < 0 || file === 'app.json') return []
  const message = 'navigationBarTitleText is in one language: call wx.setNavigationBarTitle'
  return [{ file, line: lineOf(source, index), message }]
}

function untranslated(file: string, line: number, words: string): Problem {
  return { file, line, message: `${words}: take the text from i18n/` }
}

function read(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8')
}

function parseScript(text: string, file: string): babel.types.File {
  const parsed = babel.parseSync(text, {
    filename: file,
    babelrc: false,
    configFile: false,
    sourceType: 'module',
    parserOpts: { plugins: ['typescript'] },
  })
  if (parsed?.type !== 'File') throw new SyntaxError(`${file}: cannot be parsed`)
  return parsed
}
