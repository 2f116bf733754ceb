import { unique, type Problem } from '../problem'
import { compile, type Diagnostic } from '../../shared/tsc'
import { UNKNOWN_METHODS, wxmlTypeScript, type Origin } from './typescript'

/** Without a word of the compiler, any handler would do. */
const METHODS_UNKNOWN =
  'TypeScript cannot tell the methods: one returns what another gives. Write void this.x() instead of return this.x(), or the type that it returns.'

/**
 * Checks every page's and component's WXML against its data, its handlers and the properties of the
 * components that it uses. What is wrong in the .ts files themselves is not reported here.
 *
 * @param root The mini program's folder.
 */
export async function checkWxmlTypes(root: string): Promise<Problem[]> {
  const { files, faults, generated } = wxmlTypeScript(root)
  const diagnostics = await compile(files, { types: ['miniprogram-api-typings'] })
  const ofWxml = diagnostics
    .filter((diagnostic) => generated.has(diagnostic.file) && !isAllowed(diagnostic))
    .map((diagnostic) => {
      const { text = '', from } = generated.get(diagnostic.file)?.[diagnostic.line - 1] ?? {}
      return from ? problemOf(diagnostic, text, from) : problemOfPage(diagnostic)
    })
  return unique([...faults, ...ofWxml]).toSorted(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0),
  )
}

/** `{{form[item.name]}}`: what WXML looks up by a name that is known only at run time. */
function isAllowed({ code, message }: Diagnostic): boolean {
  return code === 7053 && /expression of type '(string|number)'/.test(message)
}

/** What the compiler says of a page or component as a whole. */
function problemOfPage({ file, message }: Diagnostic): Problem {
  const wxml = file.replace(/\.ts$/, '')
  if (!message.includes(UNKNOWN_METHODS)) return { file: wxml, message }
  return { file: wxml.replace(/\.wxml$/, '.ts'), message: METHODS_UNKNOWN }
}

/** What the compiler says of an expression, in the words of WXML. */
function problemOf(diagnostic: Diagnostic, text: string, { unit, start }: Origin): Problem {
  const offset = diagnostic.column - 1
  const page = diagnostic.file.replace(/\.ts$/, '')
  const where = page === unit.file ? '' : ` (in ${page})`
  const [first = ''] = diagnostic.message.split('\n')
  const message = inWords(text.slice(0, offset), text.slice(offset), first) + where
  return { file: unit.file, line: unit.lineAt(start + offset), message }
}

/** The first line of a complaint about the place between two parts of the code. */
function inWords(before: string, after: string, first: string): string {
  const missing = /^Property '([^']+)' does not exist on type/.exec(first)?.[1]
  const meant = /Did you mean '([^']+)'\?$/.exec(first)?.[1] ?? ''
  if (missing !== undefined && first.includes('<MethodOption>')) {
    return `there is no handler ${missing}. If there is: ${METHODS_UNKNOWN}`
  }
  if (missing !== undefined) return missingInWords(before, missing, meant)
  const component = /^(?:tags\[)?'([\w-]+)'\]/.exec(after)?.[1]
  if (component?.startsWith('use-')) {
    return `there is no template ${component.slice(4)}. If there is: it takes data="{{…}}" only.`
  }
  if (component !== undefined) return `there is no component <${component}>.`
  const key = /\{ wxKey: "([^"]*)"; \}/.exec(first)?.[1]
  if (key !== undefined) return `wx:key: an item has no ${key}.`
  const property = /^_tag_\.(\w+)/.exec(after)?.[1] ?? /_tag_\.(\w+)=$/.exec(before)?.[1]
  const about = property === undefined ? '' : `<${lastTag(before)}> ${dashed(property)}: `
  return `${about}${first.replace(' | null | undefined', '')}`
}

function missingInWords(before: string, name: string, meant: string): string {
  const hint = (word: string) => (word ? ` Did you mean ${word}?` : '')
  if (/\bmethods\.$/.test(before)) return `there is no handler ${name}.${hint(meant)}`
  if (/\b_tag_\.$/.test(before)) {
    return `<${lastTag(before)}> has no property ${dashed(name)}.${hint(dashed(meant))}`
  }
  const owner = /(?:\w+(?:\?\.)?(?:\[[^\]]*\])?\.?)+$/.exec(before)?.[0] ?? ''
  const field = (owner + name).replaceAll('?', '').replaceAll('data.', '')
  return `there is no ${field}.${hint(meant)}`
}

/** The tag that the generated code is at. */
function lastTag(code: string): string {
  return [...code.matchAll(/\btags\['([\w-]+)'\]/g)].at(-1)?.[1] ?? ''
}

/** `bucketName` -> `bucket-name`, as in WXML. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
