import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, type Root } from 'postcss'
import selectorParser, { type Node } from 'postcss-selector-parser'
import { convertUnits } from './host/units'

export interface WxssOptions {
  /** Folder of the mini program, for an `@import` that starts with a slash. */
  source: string
  /** The page that the styles belong to: they apply there only. */
  page?: string
  /** The style scope of an isolated component: the engine prefixes its classes with it. */
  scope?: string
  /** Names of the built-in components, which are `wx-…` elements in the preview. */
  builtIns: Set<string>
}

/** Compiles a .wxss file to CSS. A syntax error names file:line:column. */
export function compileWxss(file: string, options: WxssOptions): string {
  const root = inlineImports(file, options.source, new Set())
  const selectors = selectorParser((list) => {
    list.each((selector) => {
      let isRooted = false
      selector.walk((node) => {
        isRooted ||= isPageTag(node)
        rewrite(node, options)
      })
      // :where() adds no specificity, so that built-in styles win where they win in WeChat.
      if (options.page && !isRooted) {
        selector.prepend(selectorParser.string({ value: `:where([is="${options.page}"]) ` }))
      }
    })
  })
  root.walkRules((rule) => {
    const { parent } = rule
    const isKeyframe = parent && 'name' in parent && parent.name.endsWith('keyframes')
    if (!isKeyframe) rule.selector = selectors.processSync(rule.selector)
  })
  root.walkDecls((declaration) => {
    declaration.value = convertUnits(declaration.value)
  })
  return root.toString()
}

function inlineImports(file: string, source: string, seen: Set<string>): Root {
  seen.add(file)
  const root = parse(readFileSync(file, 'utf8'), { from: file })
  root.walkAtRules('import', (rule) => {
    const reference = rule.params.replace(/^["']|["']$/g, '')
    const imported = reference.startsWith('/')
      ? path.join(source, reference)
      : path.resolve(path.dirname(file), reference)
    if (seen.has(imported)) rule.remove()
    else rule.replaceWith(inlineImports(imported, source, seen).nodes)
  })
  return root
}

function isPageTag(node: Node): boolean {
  return node.type === 'tag' && node.value === 'page'
}

function rewrite(node: Node, { page, scope, builtIns }: WxssOptions): void {
  if (node.type === 'class') {
    if (scope) node.value = `${scope}--${node.value}`
  } else if (node.type === 'id') {
    // The engine writes prefix--id; the impossible #id keeps the specificity of an id.
    node.replaceWith(selectorParser.string({ value: `:is([id$="--${node.value}"], #\\:id)` }))
  } else if (isPageTag(node)) {
    const value = page ? `wx-page:where([is="${page}"])` : 'wx-page'
    node.replaceWith(selectorParser.string({ value }))
  } else if (node.type === 'tag') {
    if (builtIns.has(node.value)) node.value = `wx-${node.value}`
  } else if (node.type === 'pseudo' && node.value === ':host') {
    const value = scope ? `[wx-host="${scope}"]` : 'wx-page'
    node.replaceWith(selectorParser.string({ value }))
  }
}
