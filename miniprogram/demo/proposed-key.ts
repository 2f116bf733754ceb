import { messages } from '../i18n/index'

/** UTF-16 units of a name that are kept besides its extension: far below what a key may hold. */
const MAX_NAME_LENGTH = 100

/**
 * A key for a file, below the prefix: `2026-11-23/<name>`, by the date of the phone, with a number
 * where the key is taken: `2026-11-23/<name>-2.png`. What makes a key illegal, or unreadable, is
 * not taken over from the name.
 */
export function proposedKey(
  name: string,
  { taken = [], now = new Date() }: { taken?: string[]; now?: Date } = {},
): string {
  const folder = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
  const [stem, extension] = parts(name)
  for (let number = 1; ; number++) {
    const key = `${folder}/${stem}${number > 1 ? `-${number}` : ''}${extension}`
    if (!taken.includes(key)) return key
  }
}

/** A name, made harmless, as what comes before the extension, and the extension with its dot. */
function parts(name: string): [stem: string, extension: string] {
  const clean = readable(name).replace(/^[.\s-]+/, '')
  const extension = /\.\w{1,10}$/.exec(clean)?.[0] ?? ''
  const stem = clean.slice(0, clean.length - extension.length)
  return [readable(stem.slice(0, MAX_NAME_LENGTH)) || messages().file.plain, extension]
}

/** Without control characters, marks that turn the direction of a text, slashes, halves of a character. */
function readable(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- they are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '')
      .replace(/[\\/]+/g, '-')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, '')
      .replace(/(^|[^\ud800-\udbff])[\udc00-\udfff]+/g, '$1')
      .trim()
  )
}
