import fs from 'node:fs'
import path from 'node:path'
import { builtInNames } from '../../../preview/host/built-in-names'
import { listFiles } from '../../shared/list-files'
import type { Problem } from '../problem'
import { lineOf, references, usedComponents } from '../references'
import {
  hasTemplateOfRunTime,
  readWxmlUnit,
  sourceIndex,
  templateParts,
  usedTemplate,
  type Range,
  type WxmlUnit,
} from './unit'

/** The templates of a mini program as TypeScript, and the way back. */
export interface WxmlTypeScript {
  /** Path below the project -> text. */
  files: Map<string, string>
  /** What stands in the way of a check. */
  faults: Problem[]
  /** What a place of a generated file is in WXML; undefined where it comes from none. */
  locate(file: string, line: number, column: number): WxmlPlace | undefined
}

/** Where a generated text comes from. */
export interface WxmlPlace {
  /** Path of the .wxml file below the mini program. */
  file: string
  /** Counted from 1. */
  line: number
  /** The generated line up to the place, and from there. */
  before: string
  after: string
}

/** A line of a generated file. */
interface Line {
  text: string
  /** Where it comes from; none where it is no expression of WXML. */
  from?: { unit: WxmlUnit; start: number }
}

type Units = Map<string, WxmlUnit>

/** In what the compiler says of a page or component whose methods it cannot tell. */
export const UNKNOWN_METHODS = 'UNKNOWN_METHODS'

/** What the expressions name beside what a page or component gives them. */
const TYPES = `
type Fields_<T> = (T & Record<string, unknown>)['_$fieldTypes'] extends infer F ? F : never
type Data_<T> = Fields_<T> extends { dataWithProperties: infer D } ? D : never
type Methods_<T> = Fields_<T> extends { methods: infer M } ? M : never
type Properties_<T> = Fields_<T> extends { propertyValues: infer P }
  ? { [K in keyof P]: Widened_<P[K]> | null | undefined } & CommonAttributes_
  : never
/** A tag behind wx:if gets what its condition allows: TypeScript does not see that. */
type Widened_<T> = T extends string ? string : T extends number ? number : T extends boolean ? boolean : T
/** What every tag takes. */
interface CommonAttributes_ {
  hidden?: any; id?: any; slot?: any
  ariaRole?: any; ariaLabel?: any; ariaLive?: any; ariaHidden?: any; ariaDisabled?: any
  ariaLabelledby?: any; ariaDescribedby?: any
  [externalClass: \`\${string}Class\`]: any
}
/** Without the names that WeChat's typings add where no data or no methods are given: any. */
type Own_<T> = { [K in keyof T as string extends K ? never : K]: T[K] }
/** Where TypeScript would infer the methods from themselves, it gives up: any name, of any type. */
type Unknown_<T> = string extends keyof T ? IsAny_<T[string]> : false
type BuiltIns_ = Record<${[...builtInNames, 'slot'].map((name) => `'${name}'`).join(' | ')}, any>
type Static_ = string | number | null | undefined
type Handler_ = Function | string
type IsAny_<T> = 0 extends 1 & T ? true : false
type _ForItem_<T> = IsAny_<T> extends true ? any
  : NonNullable<T> extends readonly (infer I)[] ? I
  : NonNullable<T> extends number | string ? NonNullable<T>
  : NonNullable<T>[keyof NonNullable<T>]
type _ForIndex_<T> = IsAny_<T> extends true ? any
  : NonNullable<T> extends readonly unknown[] | number | string ? number : string
type _ForKey_<T, K extends string> = K extends '*this' ? _ForItem_<T>
  : IsAny_<_ForItem_<T>> extends true ? any
  : K extends keyof _ForItem_<T> ? _ForItem_<T>[K] : { wxKey: K }
`

/**
 * Writes a mini program as TypeScript whose type errors are those of its WXML. Beside each
 * `a.ts` comes `a.wxml.ts`, with the expressions of `a.wxml` as statements over the data, the
 * handlers and the tags of that page or component. A template is written out where it is used, so
 * that it is checked with the data that it is given there. The sources stay as they are, but for
 * what Page or Component returns, which they export: WeChat's typings keep the types there.
 *
 * @param root The mini program's folder.
 */
export function wxmlTypeScript(root: string): WxmlTypeScript {
  const units: Units = new Map()
  for (const file of listFiles(root, ['.wxml'])) units.set(file, readWxmlUnit(root, file))
  const files = new Map([['wxml-types.d.ts', TYPES]])
  const generated = new Map<string, Line[]>()
  for (const file of listFiles(root, ['.ts'])) {
    const source = fs.readFileSync(path.join(root, file), 'utf8')
    files.set(file, exported(source))
    const unit = units.get(file.replace(/\.ts$/, '.wxml'))
    if (!unit || exported(source) === source) continue
    const head = environment(root, file).split('\n')
    const lines = [...head.map((text) => ({ text })), ...expand(root, units, unit, unit.body)]
    generated.set(`${unit.file}.ts`, lines)
    files.set(`${unit.file}.ts`, lines.map(({ text }) => text).join('\n'))
  }
  return {
    files,
    faults: [...units.values()].flatMap((unit) => faultsOf(root, units, unit, generated)),
    locate(file, line, column) {
      const found = generated.get(file)?.[line - 1]
      return found && placeIn(found, column - 1)
    },
  }
}

/** The lines of a part of a unit, with its templates written out where they are used. */
function expand(
  root: string,
  units: Units,
  unit: WxmlUnit,
  range: Range,
  inside: string[] = [],
): Line[] {
  const lines: Line[] = []
  let done = range.start
  for (const { start, end, uses } of templateParts(unit, range)) {
    lines.push(lineOfUnit(unit, done, start))
    done = end
    if (uses === undefined) continue
    const data = lineOfUnit(unit, start, end)
    const template = inside.includes(uses) ? undefined : find(root, units, unit, uses)
    const { unit: from = unit, range: body = { start: 0, end: 0 } } = template ?? {}
    const given = [{ text: '{const _given_=' }, data, { text: '{const data=_given_;' }]
    lines.push(...given, ...expand(root, units, from, body, [...inside, uses]), { text: '}}' })
  }
  return [...lines, lineOfUnit(unit, done, range.end)]
}

/** The template that a name means in a unit: its own, or an imported one. */
function find(
  root: string,
  units: Units,
  unit: WxmlUnit,
  name: string,
): { unit: WxmlUnit; range: Range } | undefined {
  const imported = references(root, unit.file).map(({ target }) => units.get(target))
  for (const candidate of [unit, ...imported]) {
    const range = candidate?.templates.get(name)
    if (candidate && range) return { unit: candidate, range }
  }
  return undefined
}

/** What would go unchecked, or what the compiler could not read. */
function faultsOf(
  root: string,
  units: Units,
  unit: WxmlUnit,
  generated: Map<string, Line[]>,
): Problem[] {
  const { file, source, elements, templates } = unit
  const at = (index: number, message: string) => ({ file, line: lineOf(source, index), message })
  const uses = [...units.values()].flatMap((other) => other.elements.map(usedTemplate))
  const isAlone = templates.size === 0 && !generated.has(`${file}.ts`)
  return [
    ...unit.faults,
    ...elements
      .filter((element) => {
        const name = usedTemplate(element)
        return name !== undefined && !find(root, units, unit, name)
      })
      .map((element) => at(element.index, `there is no template ${usedTemplate(element)}.`)),
    ...elements
      .filter(({ tag }) => tag === 'include')
      .map(({ index }) => at(index, '<include> goes unchecked: import a template.')),
    ...elements
      .filter(hasTemplateOfRunTime)
      .map(({ index }) => at(index, 'a template that is="{{…}}" goes unchecked: write its name.')),
    ...[...templates.keys()]
      .filter((name) => !uses.includes(name))
      .map((name) => ({ file, message: `nothing uses the template ${name}.` })),
    ...(isAlone ? [{ file, message: 'no Page() or Component() stands in a .ts beside it.' }] : []),
  ]
}

function lineOfUnit(unit: WxmlUnit, start: number, end: number): Line {
  return { text: fitted(unit.code.slice(start, end)), from: { unit, start } }
}

/** Exchanges the compiler's types for ours; each for one of its own length, so that columns stay. */
function fitted(text: string): string {
  return text
    .replaceAll(':string|number=', ':Static_      =')
    .replaceAll('var _event_:Function=', 'var _event_:Handler_=')
}

function placeIn({ text, from }: Line, offset: number): WxmlPlace | undefined {
  if (!from) return undefined
  const { unit, start } = from
  const line = lineOf(unit.source, sourceIndex(unit, start + offset))
  return { file: unit.file, line, before: text.slice(0, offset), after: text.slice(offset) }
}

/** Page and Component return, by WeChat's typings, the types of what they are given. */
function exported(source: string): string {
  return source.replace(/^(Page|Component)\(/m, 'export const wxmlSelf = $1(')
}

/** What the expressions of a page or component may name. */
function environment(root: string, file: string): string {
  const base = file.replace(/\.ts$/, '')
  const json = `${base}.json`
  const used = fs.existsSync(path.join(root, json)) ? usedComponents(root, json) : []
  const components = used.filter(({ target }) => fs.existsSync(path.join(root, `${target}.ts`)))
  const imports = components.map(({ target }, index) =>
    importOf(file, target, `Component${index}_`),
  )
  const tags = components.map(
    ({ tag }, index) => `'${tag}': Properties_<typeof Component${index}_>`,
  )
  return `${[importOf(file, base, 'Self_'), ...imports].join('\n')}
declare const data: Own_<Data_<typeof Self_>>
type AllMethods_ = Methods_<typeof Self_>
declare const methods: Unknown_<AllMethods_> extends true ? any : Own_<AllMethods_>
declare const tags: BuiltIns_ & { ${tags.join('; ')} }
export const known: Unknown_<AllMethods_> extends true ? '${UNKNOWN_METHODS}' : true = true
`
}

function importOf(from: string, target: string, name: string): string {
  const relative = path.posix.relative(path.posix.dirname(from), target)
  return `import type { wxmlSelf as ${name} } from './${relative}'`
}
