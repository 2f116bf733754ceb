import ts from 'typescript-4.9'
import { compile } from '../shared/tsc'
import type { Problem } from './problem'
import { lineOf } from './references'
import { wxmlTypeScript } from './wxml-types/typescript'

/** The compiler checks no types while there are errors of syntax: TS1001 to TS1999. */
const SYNTAX_ERRORS_END = 2000

/** Messages below one key. As an interface without its texts, each use of one is a type error. */
interface Group {
  /** The file that has it. */
  file: string
  /** Where it is: `failures.TIMEOUT`; empty for all of the file. */
  path: string
  /** Key -> line, of the texts that are not known to be used. */
  unused: Map<string, number>
  below: Group[]
}

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
  const groups: Group[] = []
  for (const [file, source] of files) {
    if (file.endsWith('/zh-CN.ts')) files.set(file, withoutTexts(file, source, groups))
  }
  const diagnostics = await compile(files, { types: ['miniprogram-api-typings'] })
  if (diagnostics.some(({ code }) => code < SYNTAX_ERRORS_END)) return []
  // A translation has the texts, and shows none.
  const uses = diagnostics.filter(({ file }) => !file.endsWith('/en.ts'))
  for (const { message } of uses) use(message, groups)
  const sources = [...files.values()].join('\n')
  for (const group of groups) if (isUsedWhole(group, sources)) useAll(group)
  return groups.flatMap((group) =>
    [...group.unused].map(([key, line]) => ({
      file: group.file,
      line,
      message: `${join(group.path, key)}: nothing shows this message`,
    })),
  )
}

/** A file of messages as TypeScript in which they have no texts: `zhCN = {} as M0`. */
function withoutTexts(file: string, source: string, groups: Group[]): string {
  const [messages] = ts
    .createSourceFile(file, source, ts.ScriptTarget.Latest)
    .statements.filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) =>
      declarationList.declarations.flatMap((one) => one.initializer ?? []),
    )
    .filter(ts.isObjectLiteralExpression)
  if (!messages) throw new Error(`${file} holds no messages`)
  const interfaces: string[] = []
  const top = `M${groups.length}`
  add(messages, '')
  const head = `${source.slice(0, messages.pos)} {} as ${top}${source.slice(messages.end)}`
  return [head, ...interfaces].join('\n')

  function add(object: ts.ObjectLiteralExpression, path: string): Group {
    const group: Group = { file, path, unused: new Map(), below: [] }
    const index = groups.push(group) - 1
    let members = ''
    for (const { name, initializer } of object.properties.filter(ts.isPropertyAssignment)) {
      const key = (name as ts.Identifier | ts.StringLiteral).text
      if (ts.isObjectLiteralExpression(initializer)) {
        members += `'${key}': M${groups.length};`
        group.below.push(add(initializer, join(path, key)))
      } else group.unused.set(key, lineOf(source, name.end))
    }
    interfaces.push(`interface M${index} { ${members} }`)
    return group
  }
}

/** Strikes out the messages that a place uses: without them, it does not compile. */
function use(complaint: string, groups: Group[]): void {
  const [first = ''] = complaint.split('\n')
  for (const [name, index] of first.matchAll(/\bM(\d+)\b/g)) {
    const group = groups[Number(index)]
    const keys = keysOf(complaint, name)
    for (const key of keys) group?.unused.delete(key)
    if (group && keys.length === 0) useAll(group)
  }
}

/** The keys of a group that a complaint names; none where it is about the group as a whole. */
function keysOf(complaint: string, group: string): string[] {
  const [keys] = [
    `^Property '([^']+)' does not exist`,
    `Property '([^']+)' is missing in type '${group}'`,
    `Type '${group}' is missing the following properties from type .*: ([^:\\n]+?)\\.?$`,
  ].flatMap((pattern) => new RegExp(pattern, 'm').exec(complaint)?.[1] ?? [])
  // The compiler names a few, `and 3 more`.
  return keys === undefined || / \d+ more$/.test(keys) ? [] : keys.split(', ')
}

/** What the compiler does not complain of: `...t.key`, `Object.entries(t.key)`, `t.key[name]`. */
function isUsedWhole({ path }: Group, sources: string): boolean {
  const key = path.split('.').at(-1)?.replace(/\W/g, '\\$&') ?? ''
  const whole = `(?:\\.\\.\\.|Object\\.\\w+\\()[\\w.?]*\\.${key}\\b(?!\\??\\.)|\\.${key}(?:\\?\\.)?\\[`
  return key !== '' && new RegExp(whole).test(sources)
}

function useAll({ unused, below }: Group): void {
  unused.clear()
  below.forEach(useAll)
}

function join(group: string, key: string): string {
  return group === '' ? key : `${group}.${key}`
}
