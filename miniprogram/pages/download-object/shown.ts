import { fill, formatBytes, messages } from '../../i18n/index'
import type { Downloaded } from '../../transfer/download-object'
import { readRange, readText } from '../../transfer/file'

/** What wx.openDocument can show. */
export type DocumentType = 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf'
const DOCUMENTS = /\.(docx?|xlsx?|pptx?|pdf)$/i

/** Bytes of a text that are shown, at most. */
const TEXT_PART = 2048

/** How a downloaded file is shown. */
export interface Shown {
  kind: 'image' | 'video' | 'text' | 'document' | 'other'
  key: string
  path: string
  text: string
  /** Says whether the text is all of it. */
  textLabel: string
}

const texts = messages().downloadObject

export async function shownOf({ key, tempFilePath: path, contentType, size }: Downloaded) {
  const shown: Shown = { kind: kindOf(contentType, key), key, path, text: '', textLabel: '' }
  if (shown.kind !== 'text') return shown
  try {
    const length = size > TEXT_PART ? await wholeCharacters(path, TEXT_PART) : size
    const bytes = formatBytes(TEXT_PART)
    shown.text = await readText(path, length)
    shown.textLabel = length < size ? fill(texts.textPart, { bytes }) : texts.text
  } catch {
    shown.kind = 'other' // no text after all; it has been downloaded all the same
  }
  return shown
}

/** The type of a document by its key: wx.openDocument cannot tell it from a temporary path. */
export function documentType(key: string): DocumentType | undefined {
  return DOCUMENTS.exec(key)?.[1]?.toLowerCase() as DocumentType | undefined
}

function kindOf(contentType: string, key: string): Shown['kind'] {
  if (contentType.startsWith('image/')) return 'image'
  if (contentType.startsWith('video/')) return 'video'
  if (documentType(key)) return 'document'
  return /^text\/|[/+](json|xml)\b/.test(contentType) ? 'text' : 'other'
}

/** The most bytes up to `limit` that do not end amid a character of UTF-8, which has up to four. */
async function wholeCharacters(path: string, limit: number): Promise<number> {
  const start = limit - 3
  const bytes = new Uint8Array(await readRange(path, start, 4))
  let next = 3
  // What begins with the bits 10 continues a character.
  while (next > 0 && (bytes[next]! & 0xc0) === 0x80) next--
  return start + next
}
