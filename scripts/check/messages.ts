import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { transformSync } from 'esbuild'
import { listFiles } from '../shared/list-files'
import type { Problem } from './problem'
import { lineOf } from './references'
import { compile, type Diagnostic } from '../shared/tsc'
import { wxmlTypeScript } from './wxml-types/typescript'

/** Each folder of `i18n/` that has texts has this file, and an `en.ts` beside it. */
const SOURCE = 'zh-CN.ts'

/** The compiler checks no types while there are errors of syntax: TS1001 to TS1999. */
const SYNTAX_ERRORS_END = 2000

/** Messages by key, in groups; a group is a section or a part of one. */
interface Group {
  [key: string]: string | Group
}

/** A group as an interface without its texts, so that each use of one is a type error. */
interface Emptied {
  /** The file that has it. */
  file: string
  /** Where it is: `failures.TIMEOUT`. */
  path: string
  /** Its texts' keys. */
  texts: string[]
}

/** By the name of its interface. */
type Groups = Map<string, Emptied>

/**
 * Finds messages that nothing shows. The compiler knows: in a copy of the mini program whose
 * messages have no texts, it complains of each place that uses one, in scripts and in WXML. A group
 * that is passed on whole, or read by a key that is known only at run time, counts as used. Nothing
 * is found while something else does not compile.
 *
 * @param root The mini program's folder.
 */
export async function checkMessages(root: string): Promise<Problem[]> {
  const { files } = wxmlTypeScript(root)
  const groups: Groups = new Map()
  for (const file of listFiles(root, ['.ts']).filter((file) => file.endsWith(`/${SOURCE}`))) {
    const source = read(root, file)
    const top = `M${groups.size}`
    const types = typesOf(top, evaluate(source, file), { file, path: '' }, groups)
    const name = /export type (\w+) = typeof zhCN/.exec(source)?.[1] ?? 'Messages'
    files.set(file, `${types}\nexport type ${name} = ${top}\nexport const zhCN = {} as ${name}\n`)
    files.set(
      file.replace(SOURCE, 'en.ts'),
      `import type { ${name} } from './zh-CN'\nexport const en = {} as ${name}\n`,
    )
  }
  const diagnostics = await compile(files, { types: ['miniprogram-api-typings'] })
  if (diagnostics.some(({ code }) => code < SYNTAX_ERRORS_END)) return []
  const wxml = listFiles(root, ['.wxml']).map((file) => read(root, file))
  const sources = [...files.values(), ...wxml].join('\n')
  const used = new Set([
    ...diagnostics.flatMap((diagnostic) => usedBy(diagnostic, groups)),
    ...[...groups.values()].flatMap((group) =>
      isUsedWhole(group.path, sources) ? allBelow(group, groups) : [],
    ),
  ])
  return [...groups.values()].flatMap(({ file, path: group, texts }) =>
    texts
      .filter((key) => !used.has(place(file, join(group, key))))
      .map((key) => ({
        file,
        line: lineOfKey(read(root, file), [...group.split('.').filter(Boolean), key]),
        message: `${join(group, key)}: nothing shows this message`,
      })),
  )
}

/** What the compiler does not complain of: `...t.key`, `Object.entries(t.key)`, `t.key[name]`. */
function isUsedWhole(group: string, sources: string): boolean {
  const key = group.split('.').at(-1)?.replace(/\W/g, '\\$&') ?? ''
  const whole = `(?:\\.\\.\\.|Object\\.\\w+\\()[\\w.?]*\\.${key}\\b(?!\\??\\.)|\\.${key}(?:\\?\\.)?\\[`
  return key !== '' && new RegExp(whole).test(sources)
}

function read(root: string, file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8')
}

function evaluate(source: string, file: string): Group {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' })
  const module = { exports: {} as { zhCN?: Group } }
  vm.runInNewContext(code, { module, exports: module.exports })
  const messages = module.exports.zhCN
  if (!messages) throw new Error(`${file} does not export zhCN`)
  return messages
}

/** `interface M0 { failures: M1 }`: a group and those below it, without the texts. */
function typesOf(
  name: string,
  group: Group,
  { file, path: where }: { file: string; path: string },
  groups: Groups,
): string {
  const texts: string[] = []
  groups.set(name, { file, path: where, texts })
  const members: string[] = []
  const below: string[] = []
  for (const [key, value] of Object.entries(group)) {
    if (typeof value === 'string') {
      texts.push(key)
    } else {
      const type = `M${groups.size}`
      members.push(`'${key}': ${type}`)
      below.push(typesOf(type, value, { file, path: join(where, key) }, groups))
    }
  }
  return [`export interface ${name} { ${members.join('; ')} }`, ...below].join('\n')
}

/** The messages that a place uses which does not compile without them. */
function usedBy({ code, message }: Diagnostic, groups: Groups): string[] {
  const [first = ''] = message.split('\n')
  const named = [...new Set(first.match(/\bM\d+\b/g))].filter((name) => groups.has(name))
  return named.flatMap((name) => {
    const group = groups.get(name)!
    const keys = code === 7053 ? [] : keysOf(message, name)
    if (keys.length === 0) return allBelow(group, groups)
    return keys.map((key) => place(group.file, join(group.path, key)))
  })
}

/** The keys of a group that a complaint names; none where it is about the group as a whole. */
function keysOf(message: string, group: string): string[] {
  const unknown = /^Property '([^']+)' does not exist on type/.exec(message)?.[1]
  if (unknown !== undefined) return [unknown]
  const [, key, of] = /Property '([^']+)' is missing in type '([^']+)'/.exec(message) ?? []
  if (key !== undefined && of === group) return [key]
  const list = /Type '([^']+)' is missing the following properties from type .*?: ([^:\n]+)$/m
  const [, type, keys = ''] = list.exec(message) ?? []
  return type !== group || / more\b/.test(keys) ? [] : keys.replace(/\.$/, '').split(', ')
}

function allBelow({ file, path: group }: Emptied, groups: Groups): string[] {
  return [...groups.values()]
    .filter((other) => other.file === file && `${other.path}.`.startsWith(group && `${group}.`))
    .flatMap((other) => other.texts.map((key) => place(file, join(other.path, key))))
}

function place(file: string, message: string): string {
  return `${file} ${message}`
}

function join(group: string, key: string): string {
  return group === '' ? key : `${group}.${key}`
}

/** Where the last of some nested keys stands. */
function lineOfKey(source: string, keys: string[]): number {
  const index = keys.reduce((from, key, depth) => {
    const indent = ' '.repeat(2 * (depth + 1))
    const quoted = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const begin = new RegExp(`(?:^|[{,] ?)(?:${indent})?['"]?${quoted}['"]?:`, 'gm')
    begin.lastIndex = from
    const found = begin.exec(source)
    return found ? found.index + found[0].length - 1 : from
  }, 0)
  return lineOf(source, index)
}
