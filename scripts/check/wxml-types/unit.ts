import { TmplGroup } from 'glass-easel-template-compiler-1'
import type { Problem } from '../problem'
import { blanked, lineOf, withoutComments } from '../references'
import { attribute, parseWxml } from '../wxml'

/** A part of a .wxml file that has data of its own: a template, or all that is in none. */
export interface WxmlUnit {
  /** Path below the mini program. */
  file: string
  /** Its expressions as the compiler writes them in TypeScript: one line. */
  code: string
  /** The line of the file, counted from 1, that a place of the code comes from. */
  lineAt(index: number): number
}

export interface Wxml {
  body: WxmlUnit
  /** By name. */
  templates: Map<string, WxmlUnit>
  /** What the compiler could not read, and what would go unchecked. */
  faults: Problem[]
}

const SCRIPT = /<wxs\b[^>]*?(?:\/>|>[^]*?<\/wxs>)/g
const DEFINITION = /<template\s[^>]*?\bname=["']([^"']*)["'][^>]*?(?:\/>|>[^]*?<\/template>)/g

/**
 * Takes a .wxml file apart. Where a template is used, the code has a tag `use-` and its name, whose
 * `data` is what the template is given.
 */
export function readWxml(file: string, source: string): Wxml {
  const faults = uncheckedIn(file, source)
  const text = withUses(withoutComments(source, '.wxml'))
  const scripts = (text.match(SCRIPT) ?? []).join('').replaceAll('\n', ' ')
  const templates = new Map<string, WxmlUnit>()
  for (const { index, 0: found, 1: name = '' } of text.matchAll(DEFINITION)) {
    const content = blanked(found, /^<[^>]*>|<\/template>$/g)
    templates.set(name, unit(scripts + '\n'.repeat(lineOf(text, index) - 1) + content))
  }
  return { body: unit(blanked(text, DEFINITION)), templates, faults }

  function unit(part: string): WxmlUnit {
    const group = new TmplGroup()
    const complaints = group.addTmpl(file, part) as { message: string; startLine: number }[]
    for (const { message, startLine } of complaints) {
      faults.push({ file, line: startLine + 1, message })
    }
    const converted = group.getTmplConvertedExpr(file, '')
    const lines = (converted.code() ?? '').split('\n')
    // The others are types of the compiler's own.
    const last = lines.length - 1
    return {
      file,
      code: lines[last] ?? '',
      lineAt: (index) => (converted.getSourceLocation(last, index, last, index + 1)?.[0] ?? 0) + 1,
    }
  }
}

/** `<template is="list" data="{{files}}">` -> `<use-list data="{{ {files} }}">`. */
function withUses(source: string): string {
  return parseWxml(source).elements.reduceRight((text, element) => {
    const name = element.tag === 'template' ? attribute(element, 'is') : undefined
    if (name === undefined || name.includes('{{')) return text
    const tag = text
      .slice(element.index, element.end)
      .replace('<template', `<use-${name}`)
      .replace(/(?<=\s)is=("[^"]*"|'[^']*')/, '')
      .replace(/(?<=\sdata=["'])\{\{([^]*?)\}\}(?=["'])/, '{{ {$1} }}')
    const after = text.slice(element.end)
    const rest = tag.endsWith('/>') ? after : after.replace('</template>', `</use-${name}>`)
    return text.slice(0, element.index) + tag + rest
  }, source)
}

/** What would go unchecked. */
function uncheckedIn(file: string, source: string): Problem[] {
  return parseWxml(source).elements.flatMap((element) => {
    const line = lineOf(source, element.index)
    if (element.tag === 'include') {
      return { file, line, message: '<include> goes unchecked: import a template.' }
    }
    if (element.tag !== 'template' || !attribute(element, 'is')?.includes('{{')) return []
    return { file, line, message: 'a template that is="{{…}}" goes unchecked: write its name.' }
  })
}
