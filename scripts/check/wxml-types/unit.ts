import fs from 'node:fs'
import path from 'node:path'
import { TmplGroup, type TmplConvertedExpr } from 'glass-easel-template-compiler-1'
import type { Problem } from '../problem'
import { lineOf } from '../references'
import { attribute, parseWxml, type Element } from '../wxml'

/** A .wxml file, and its expressions as the compiler writes them in TypeScript. */
export interface WxmlUnit {
  /** Path below the mini program. */
  file: string
  source: string
  elements: Element[]
  expr: TmplConvertedExpr
  code: string
  /** Where in the code the expressions are, without the compiler's own types. */
  body: Range
  /** Name of a `<template>` -> where in the code its expressions are. */
  templates: Map<string, Range>
  /** What the compiler could not read. */
  faults: Problem[]
}

export interface Range {
  start: number
  end: number
}

/** A part of the code that is not taken as it is. */
export interface Part extends Range {
  /** The template that is used there; none where one is defined. */
  uses?: string
}

/** How the compiler complains; lines are counted from 0. */
interface ParseError {
  message: string
  startLine: number
}

/** How the compiler begins the block of a `<template name>`: its data could be anything. */
const TEMPLATE = '{const data:any=0;'

export function readWxmlUnit(root: string, file: string): WxmlUnit {
  const source = fs.readFileSync(path.join(root, file), 'utf8')
  const group = new TmplGroup()
  const errors = group.addTmpl(file, source) as ParseError[]
  const expr = group.getTmplConvertedExpr(file, '')
  const code = expr.code() ?? ''
  const body = { start: code.indexOf('\n', code.indexOf('type _ForKey_')) + 1, end: code.length }
  const { elements } = parseWxml(source)
  const faults = errors.map(({ message, startLine }) => ({ file, line: startLine + 1, message }))
  return { file, source, elements, expr, code, body, templates: templatesOf(), faults }

  function templatesOf(): Map<string, Range> {
    const templates = new Map<string, Range>()
    let from = body.start
    for (const element of elements) {
      const name = element.tag === 'template' ? attribute(element, 'name') : undefined
      if (name === undefined) continue
      const start = code.indexOf(TEMPLATE, from)
      from = bracketEnd(code, start)
      templates.set(name, { start: start + TEMPLATE.length, end: from - 1 })
    }
    return templates
  }
}

/** The name in a `<template is>`; none where it is known only at run time. */
export function usedTemplate(element: Element | undefined): string | undefined {
  const name = element?.tag === 'template' ? attribute(element, 'is') : undefined
  return name?.includes('{{') ? undefined : name
}

/** Whether it uses a template whose name is known only at run time. */
export function hasTemplateOfRunTime(element: Element): boolean {
  return element.tag === 'template' && (attribute(element, 'is')?.includes('{{') ?? false)
}

/** Where in a range of the code templates are defined and used, in order. */
export function templateParts(unit: WxmlUnit, { start, end }: Range): Part[] {
  const defined = [...unit.templates.values()]
    .map((range) => ({ start: range.start - TEMPLATE.length, end: range.end + 1 }))
    .filter((range) => range.start >= start && range.end <= end)
  const isDefinition = (index: number) =>
    defined.some((range) => index > range.start && index < range.end)
  const used = [...unit.code.slice(start, end).matchAll(/(?<=^|[;{}])\(\{/g)]
    .map(({ index }) => start + index)
    .filter((index) => !isDefinition(index))
    .flatMap((index): Part[] => {
      const place = sourceIndex(unit, index + '({'.length)
      const element = unit.elements.find((found) => place >= found.index && place < found.end)
      const uses = usedTemplate(element)
      // The statement ends with a semicolon behind its bracket.
      return uses ? [{ start: index, end: bracketEnd(unit.code, index) + 1, uses }] : []
    })
  return [...defined, ...used].toSorted((a, b) => a.start - b.start)
}

/** The place in the .wxml file that a place in its code comes from, both counted from 0. */
export function sourceIndex({ expr, code, source }: WxmlUnit, index: number): number {
  const line = lineOf(code, index) - 1
  const column = index - (code.lastIndexOf('\n', index - 1) + 1)
  const [sourceLine = 0, sourceColumn = 0] =
    expr.getSourceLocation(line, column, line, column + 1) ?? []
  const before = source.split('\n').slice(0, sourceLine)
  return before.reduce((sum, text) => sum + text.length + 1, sourceColumn)
}

/** Past the bracket that closes the one at a place; brackets in strings do not count. */
function bracketEnd(code: string, start: number): number {
  let depth = 0
  for (const match of code.slice(start).matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{(})]/g)) {
    if (match[0] === '{' || match[0] === '(') depth += 1
    if (match[0] === '}' || match[0] === ')') depth -= 1
    if (depth === 0) return start + match.index + 1
  }
  return code.length
}
