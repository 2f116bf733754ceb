import * as babel from '@babel/core'

/** What a script names as another module. */
export interface ScriptImport {
  /** As written: `../../cos/index`. None where it is known only at run time. */
  specifier: string | undefined
  /** Counted from 1. */
  line: number
  /** Only types are imported: nothing of it is left when the script runs. */
  isType: boolean
}

const { types } = babel

/**
 * The syntax tree of a script, which is a module.
 *
 * @param file Its path: of a `.d.ts` other things are allowed.
 * @throws SyntaxError that names the file
 */
export function parseScript(text: string, file: string): babel.types.File {
  const parsed = babel.parseSync(text, {
    filename: file,
    babelrc: false,
    configFile: false,
    sourceType: 'module',
    parserOpts: { plugins: [['typescript', { dts: file.endsWith('.d.ts') }]] },
  })
  if (parsed?.type !== 'File') throw new SyntaxError(`${file}: cannot be parsed`)
  return parsed
}

/** Every import of a script: declared, by `import()`, by `require()`, in a type, and re-exports. */
export function scriptImports(script: babel.types.File): ScriptImport[] {
  const imports: ScriptImport[] = []
  types.traverseFast(script, (node) => {
    const source = sourceOf(node)
    if (!source) return
    const line = source.loc?.start.line ?? 1
    imports.push({ specifier: textOf(source), line, isType: takesTypes(node) })
  })
  return imports
}

/** What stands for the path in any kind of import. */
function sourceOf(node: babel.types.Node): babel.types.Node | null | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
      return node.source
    case 'TSImportType':
      return node.argument
    case 'TSExternalModuleReference':
      return node.expression
    case 'CallExpression':
      return isImport(node.callee) ? node.arguments[0] : undefined
    default:
      return undefined
  }
}

/** `import type { … }`, `export type { … }`, or each name with a `type` of its own. */
function takesTypes(node: babel.types.Node): boolean {
  if (node.type === 'TSImportType') return true
  if (node.type === 'ImportDeclaration') {
    const { specifiers, importKind } = node
    const isTypeName = (name: (typeof specifiers)[number]) =>
      name.type === 'ImportSpecifier' && name.importKind === 'type'
    return importKind === 'type' || (specifiers.length > 0 && specifiers.every(isTypeName))
  }
  return 'exportKind' in node && node.exportKind === 'type'
}

/** `import(…)`, `require(…)` and `require.async(…)`. */
function isImport(callee: babel.types.Node): boolean {
  if (callee.type === 'Import') return true
  const called = callee.type === 'MemberExpression' ? callee.object : callee
  const isAsync = callee.type !== 'MemberExpression' || propertyName(callee) === 'async'
  return types.isIdentifier(called, { name: 'require' }) && isAsync
}

/** `b` of `a.b` and of `a['b']`. */
export function propertyName({
  property,
  computed,
}: babel.types.MemberExpression): string | undefined {
  if (property.type === 'Identifier' && !computed) return property.name
  return property.type === 'StringLiteral' ? property.value : undefined
}

/** A text that is written out, in any kind of quotes. */
function textOf(node: babel.types.Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value
  if (node.type === 'TSLiteralType') return textOf(node.literal)
  const [only, ...others] = node.type === 'TemplateLiteral' ? node.quasis : []
  return only && others.length === 0 ? only.value.raw : undefined
}
