import { blanked, withoutComments } from './references'

export interface Attribute {
  /** `aria-label`, `bind:tap`. */
  name: string
  /** What stands between the quotes; empty where there are none. */
  value: string
  /** Where the name begins, counted from 0. */
  index: number
}

export interface Element {
  tag: string
  attributes: Attribute[]
  /** Where the start tag begins and where it ends, counted from 0. */
  index: number
  end: number
}

export interface Text {
  /** With its `{{ }}`. */
  text: string
  index: number
}

const TOKEN =
  /<([\w-]+)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*\/?>|<\/[^>]*>|(?:\{\{[\s\S]*?\}\}|[^<])+/g
const ATTRIBUTE = /([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/g
/** What stands between the tags of WXS. */
const SCRIPT = /(?<=<wxs\b[^>]*[^/]>)[\s\S]*?(?=<\/wxs>)/g

/** The start tags and the texts of a .wxml file, in its order; comments and scripts are left out. */
export function parseWxml(source: string): { elements: Element[]; texts: Text[] } {
  const elements: Element[] = []
  const texts: Text[] = []
  for (const match of blanked(withoutComments(source, '.wxml'), SCRIPT).matchAll(TOKEN)) {
    const { index, 0: token, 1: tag, 2: attributes = '' } = match
    if (tag !== undefined) {
      const found = attributesOf(attributes, index + 1 + tag.length)
      elements.push({ tag, attributes: found, index, end: index + token.length })
    } else if (!token.startsWith('<')) texts.push({ text: token, index })
  }
  return { elements, texts }
}

/** The value of an attribute; undefined where it is not there. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attributes.find((found) => found.name === name)?.value
}

function attributesOf(text: string, start: number): Attribute[] {
  return [...text.matchAll(ATTRIBUTE)].map(({ index, 1: name = '', 2: double, 3: single }) => ({
    name,
    value: double ?? single ?? '',
    index: start + index,
  }))
}
