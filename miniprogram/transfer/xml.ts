const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
])

/** The text of the first element of this name in an answer of COS, or undefined. */
export function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text?.replace(/&(?:#(x[\da-f]{1,5}|\d{1,6})|(\w+));/gi, (whole, code, entity: string) =>
    code ? String.fromCodePoint(Number(`0${code}`)) : (ENTITIES.get(entity) ?? whole),
  )
}
