import type { Node as ExparserNode } from 'miniprogram-exparser'

export type Rendered = Element & { __wxElement?: ExparserNode }

/** The simulator's own node of an element, which knows what the DOM does not. */
export function nodeOf({ __wxElement: node }: Rendered): ExparserNode {
  if (!node) throw new Error('the simulator did not render this element')
  return node
}

/** Attributes as bound in WXML. The DOM has only class, style and data-*. */
export function attributes(element: Rendered): Record<string, unknown> {
  const { _vt: source } = nodeOf(element)
  return Object.fromEntries(source.attrs.map(({ name, value }) => [name, value]))
}

function tagOf(element: Rendered): string {
  return element.tagName.toLowerCase().replace(/^wx-/, '')
}

const simple = /([.#]?)([\w-]+)|\[([\w:-]+)(?:="([^"]*)")?\]/g

/** Whether an element fits one part of a selector, such as `button.primary[data-id="1"]`. */
function fits(element: Rendered, part: string): boolean {
  if (part.replace(simple, '') !== '') throw new TypeError(`selector: cannot read "${part}"`)
  const attrs = attributes(element)
  return [...part.matchAll(simple)].every(([, kind, word = '', name, value]) => {
    if (name !== undefined) {
      return name in attrs && (value === undefined || String(attrs[name]) === value)
    }
    if (kind === '.') return String(attrs.class).split(/\s+/).includes(word)
    return word === (kind === '#' ? attrs.id : tagOf(element))
  })
}

/** Everything below `root` that fits a selector, in document order. */
export function select(root: Element, selector: string): Rendered[] {
  const [own = '', ...above] = selector.trim().split(/\s+/).toReversed()
  const within = (element: Rendered, parts: string[]): boolean => {
    const [part, ...rest] = parts
    if (part === undefined) return true
    for (let at = element.parentElement; at && root.contains(at); at = at.parentElement) {
      if (fits(at, part) && within(at, rest)) return true
    }
    return false
  }
  return [...root.querySelectorAll('*')].filter(
    (element) => fits(element, own) && within(element, above),
  )
}
