import { readFiles } from '../shared/list-files'
import type { Problem } from './problem'
import { blanked, lineOf, withoutComments } from './references'
import { parseWxml } from './wxml'

/** Attributes and properties that a person reads or hears. */
const SHOWN =
  /^(aria-(label|valuetext|roledescription|description|placeholder)|placeholder|title|sub-?title|label|alt|action|again|about|text|hint|status|note|problem|message|content|preparing|heading|caption|summary|description|header|footer|(confirm|cancel)-text)$/

/** Options of wx, and of a page's onShareAppMessage, that a person reads, with their values. */
const SHOWN_BY_WX =
  /\b(title|content|(confirm|cancel|placeholder|alert)Text|itemList):.*?(?=,\s*\w+:|$)/gm

const LETTER = /\p{L}/u
/** Of a script in which no name of a class, a file or an option is written. */
const NON_LATIN = /(?!\p{Script=Latin})\p{L}/u
/** `Tap to see`. */
const PHRASE = /\p{L} \p{L}/u
/** `Hidden`: names and options begin with a small letter, or have more capitals. */
const CAPITALIZED = /^\p{Lu}\p{Ll}+$/u

/** The messages, the code that is shown as it is, and examples of keys. */
const OTHERS =
  /(^|\/)i18n\/|^samples\/|^presign\/manual-samples\/|^presign\/playground\/tricky-keys\.ts$/
/** A language's own name, a command, and a `dataType` of wx.request. */
const SAME_IN_EVERY_LANGUAGE = ['简体中文', 'npm start -- --lan', '其他']

/** What is shown, and where it begins. */
interface Words {
  words: string
  index: number
}

/**
 * Finds words that are shown without being a message of i18n/: in WXML, in scripts, in the titles of
 * pages. The product's name in app.json is the same in every language.
 *
 * @param root The mini program's folder.
 */
export function checkTexts(root: string): Problem[] {
  return [...readFiles(root, ['.json', '.ts', '.wxml'])].flatMap(([file, source]) => {
    if (file.endsWith('.json')) return titleIn(file, source)
    const found = file.endsWith('.wxml') ? wordsInWxml(source) : wordsInScript(file, source)
    return found.map(({ words, index }) => ({
      file,
      line: lineOf(source, index),
      message: `${words}: take the text from i18n/`,
    }))
  })
}

function wordsInWxml(source: string): Words[] {
  const { elements, texts } = parseWxml(source)
  const attributes = elements.flatMap((element) => element.attributes)
  return [
    ...texts.flatMap(({ text, index }) =>
      shownIn(text).map((words) => ({ words, index: index + text.indexOf(words) })),
    ),
    ...attributes.flatMap(({ name, value, index }) =>
      shownIn(value)
        .filter((words) => SHOWN.test(name) || isProse(name, words))
        .map((words) => ({ words: `${name}="${words}"`, index })),
    ),
  ]
}

/** Whether an attribute, which may be a property of any component, gives words to read. */
function isProse(attribute: string, words: string): boolean {
  if (/^(data-|wx:)|(class|style)$/.test(attribute)) return false
  return [NON_LATIN, PHRASE, CAPITALIZED].some((pattern) => pattern.test(words))
}

/** The words in a text or in an attribute: what is written out, and what its expressions give. */
function shownIn(text: string): string[] {
  const expression = /\{\{([\s\S]*?)\}\}/g
  const literals = [...text.matchAll(expression)].flatMap(([, code = '']) => literalsIn(code))
  return [...text.replace(expression, '\n').split('\n'), ...literals.map(({ words }) => words)]
    .map((words) => words.trim())
    .filter((words) => LETTER.test(words))
}

function wordsInScript(file: string, source: string): Words[] {
  if (OTHERS.test(file)) return []
  // What an error says is for developers.
  const code = blanked(withoutComments(source, '.ts'), /\s\/\/ .*|\bnew \w*Error\([^)]*\)/g)
  const options = [...code.matchAll(SHOWN_BY_WX)]
  const isOfOption = (place: number) =>
    options.some(({ index, 0: text }) => place > index && place < index + text.length)
  return literalsIn(code).filter(
    ({ words, index }) =>
      !SAME_IN_EVERY_LANGUAGE.includes(words) &&
      (NON_LATIN.test(words) ||
        (isOfOption(index) && LETTER.test(words)) ||
        (/^(app|pages|components)\b/.test(file) && PHRASE.test(words))),
  )
}

/** The strings in a piece of code, but for those that something is compared with or looked up by. */
function literalsIn(code: string): Words[] {
  const literal = /([=!]==?|\[)?[ ]*(?:'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`)[ ]*([=!]==?)?/g
  return [...code.matchAll(literal)]
    .filter(([, before, , , , after]) => !before && !after)
    .map(({ 2: single, 3: double, 4: template, index }) => ({
      words: (single ?? double ?? template ?? '').replace(/\$\{.*?\}/gs, '').trim(),
      index,
    }))
}

function titleIn(file: string, source: string): Problem[] {
  const index = source.indexOf('"navigationBarTitleText"')
  if (index < 0 || file === 'app.json') return []
  const message = 'navigationBarTitleText is in one language: call wx.setNavigationBarTitle'
  return [{ file, line: lineOf(source, index), message }]
}
