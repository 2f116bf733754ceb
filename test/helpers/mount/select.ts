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

type Fits = (element: Rendered) => boolean

const SIMPLE = /([.#]?)([\w-]+)|\[([\w:-]+)(?:="([^"]*)")?\]/g

/** Reads one part of a selector, such as `button.primary[data-id="1"]`. */
function matcherOf(part: string): Fits {
  if (part.replace(SIMPLE, '') !== '') throw new TypeError(`selector: cannot read "${part}"`)
  const all = [...part.matchAll(SIMPLE)].map(([, kind, word = '', name, value]): Fits => {
    if (name !== undefined) {
      return (element) => {
        const attrs = attributes(element)
        return name in attrs && (value === undefined || String(attrs[name]) === value)
      }
    }
    if (kind === '.')
      return (element) => String(attributes(element).class).split(/\s+/).includes(word)
    return (element) => word === (kind === '#' ? attributes(element).id : tagOf(element))
  })
  return (element) => all.every((fits) => fits(element))
}

/** Everything below `root` that fits a selector, in document order. */
export function select(root: Element, selector: string): Rendered[] {
  const [own, ...above] = selector.trim().split(/\s+/).map(matcherOf).toReversed()
  const within = (element: Rendered, [fits, ...rest]: Fits[]): boolean => {
    if (fits === undefined) return true
    for (let at = element.parentElement; at && root.contains(at); at = at.parentElement) {
      if (fits(at) && within(at, rest)) return true
    }
    return false
  }
  return [...elementsBelow(root)].filter((element) => own!(element) && within(element, above))
}

/** In document order. jsdom's own `querySelectorAll('*')` is slow. */
function* elementsBelow(root: Element): Generator<Rendered> {
  for (let at = root.firstElementChild; at; at = at.nextElementSibling) {
    yield at
    yield* elementsBelow(at)
  }
}
