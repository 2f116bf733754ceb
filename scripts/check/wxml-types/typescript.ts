import path from 'node:path'
import { builtInNames } from '../../../preview/host/built-in-names'
import { readFiles } from '../../shared/list-files'
import type { Problem } from '../problem'
import { references, usedComponents } from '../references'
import { readWxml, type WxmlUnit } from './unit'

/** The templates of a mini program as TypeScript. */
export interface WxmlTypeScript {
  /** Path below the project -> text. */
  files: Map<string, string>
  /** What stands in the way of a check. */
  faults: Problem[]
  /** Of the files that are generated, by path. */
  generated: Map<string, Line[]>
}

/** A line of a generated file. */
interface Line {
  text: string
  /** None where it is no expression of WXML. */
  from?: Origin
}

/** Where in the code of a unit a line begins. */
export interface Origin {
  unit: WxmlUnit
  start: number
}

/** The template that a name means in a file: its own, or an imported one. */
type Find = (file: string, name: string) => WxmlUnit | undefined

/** Where the compiler has written a tag for a template, with what it is given. */
const USE =
  /\{const _tag_=tags\['use-([^']+)'\];(?:_tag_\.data=(\(\{(?:"(?:\\.|[^"\\])*"|[^"])*?\}\));)?\}/g

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
  const sources = readFiles(root, ['.json', '.ts', '.wxml'])
  const wxml = [...sources].filter(([file]) => file.endsWith('.wxml'))
  const read = new Map(wxml.map(([file, text]) => [file, readWxml(file, text)]))
  const used = new Set<WxmlUnit>()
  const find: Find = (file, name) => {
    const imported = references(file, sources.get(file) ?? '').map(({ target }) => target)
    const [template] = [file, ...imported].flatMap(
      (one) => read.get(one)?.templates.get(name) ?? [],
    )
    if (template) used.add(template)
    return template
  }
  const files = new Map([['wxml-types.d.ts', TYPES]])
  const generated = new Map<string, Line[]>()
  for (const [file, source] of sources) {
    if (!file.endsWith('.ts')) continue
    // Page and Component return, by WeChat's typings, the types of what they are given.
    files.set(file, source.replace(/^(Page|Component)\(/m, 'export const wxmlSelf = $1('))
    const own = read.get(file.replace(/\.ts$/, '.wxml'))
    if (!own || files.get(file) === source) continue
    const lines = [...environment(file, sources), ...expand(own.body, find)]
    generated.set(`${own.body.file}.ts`, lines)
    files.set(`${own.body.file}.ts`, lines.map(({ text }) => text).join('\n'))
  }
  const faults = [...read].flatMap(([file, { templates, faults: own }]) => {
    const unused = [...templates].filter(([, template]) => !used.has(template))
    const isAlone = templates.size === 0 && !generated.has(`${file}.ts`)
    return [
      ...own,
      ...unused.map(([name]) => ({ file, message: `nothing uses the template ${name}.` })),
      ...(isAlone
        ? [{ file, message: 'no Page() or Component() stands in a .ts beside it.' }]
        : []),
    ]
  })
  return { files, faults, generated }
}

/** The lines of a unit, with its templates written out where they are used. */
function expand(unit: WxmlUnit, find: Find, inside: WxmlUnit[] = []): Line[] {
  const lines: Line[] = []
  let done = 0
  for (const { index, 0: use, 1: name = '', 2: data = '{}' } of unit.code.matchAll(USE)) {
    const begin = '{const _given_='
    const start = index + use.indexOf(data) - begin.length
    const template = find(unit.file, name)
    // As it is, it does not compile.
    if (!template) continue
    const body = inside.includes(template) ? [] : expand(template, find, [...inside, template])
    const given = { text: `${begin}${data};{const data=_given_;`, from: { unit, start } }
    lines.push(partOf(unit, done, index), given, ...body, { text: '}}' })
    done = index + use.length
  }
  return [...lines, partOf(unit, done)]
}

/**
 * A part of a unit's code, with the compiler's types exchanged for ours; each for one of its own
 * length, so that columns stay.
 */
function partOf(unit: WxmlUnit, start: number, end?: number): Line {
  const text = unit.code
    .slice(start, end)
    .replaceAll(':string|number=', ':Static_      =')
    .replaceAll('var _event_:Function=', 'var _event_:Handler_=')
  return { text, from: { unit, start } }
}

/** What the expressions of a page or component may name. */
function environment(script: string, sources: Map<string, string>): Line[] {
  const base = script.replace(/\.ts$/, '')
  const from = (target: string) =>
    `import('./${path.posix.relative(path.posix.dirname(script), target)}').wxmlSelf`
  const tags = usedComponents(script, sources.get(`${base}.json`))
    .filter(({ target }) => sources.has(`${target}.ts`))
    .map(({ tag, target }) => `'${tag}': Properties_<typeof ${from(target)}>`)
  return `type Self_ = typeof ${from(base)}
declare const data: Own_<Data_<Self_>>
type AllMethods_ = Methods_<Self_>
declare const methods: Unknown_<AllMethods_> extends true ? any : Own_<AllMethods_>
declare const tags: BuiltIns_ & { ${tags.join('; ')} }
export const known: Unknown_<AllMethods_> extends true ? '${UNKNOWN_METHODS}' : true = true`
    .split('\n')
    .map((text) => ({ text }))
}
