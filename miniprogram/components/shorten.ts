/** Two lines of a name beside a picture on a small phone, in half-widths. */
const TWO_LINES = 36

/**
 * Takes out the middle of a long name: its start and its extension say most.
 * @param width half-widths that fit
 */
export function shorten(name: string, width = TWO_LINES): string {
  const characters = Array.from(name)
  if (widthOf(characters) <= width) return name
  let head = characters.length >> 1
  let tail = head
  while (widthOf(characters.slice(0, head)) > width / 2) head--
  while (widthOf(characters.slice(tail)) > width / 2 - 1) tail++
  return [...characters.slice(0, head), '…', ...characters.slice(tail)].join('')
}

/** `users/0a1b2c3d4e5f/` -> `users/0a1b…e5f/` */
export function shortPrefix(prefix: string): string {
  return prefix.replace(/([^/]{4})[^/]{3,}([^/]{3})\/$/, '$1…$2/')
}

/** A Chinese character is as wide as two of the alphabet. */
function widthOf(characters: string[]): number {
  return characters.reduce((width, character) => width + (character > '\u2e7f' ? 2 : 1), 0)
}
