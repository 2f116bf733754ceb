import { fill, formatBytes, messages } from '../../i18n/index'
import type { Downloaded } from '../../transfer/download-object'
import { readRange, readText } from '../../transfer/file'

/** What wx.openDocument can show. */
export type DocumentType = 'doc' | 'docx' | 'xls' | 'xlsx' | 'ppt' | 'pptx' | 'pdf'
const DOCUMENTS = /\.(docx?|xlsx?|pptx?|pdf)$/i

/** Bytes of a text that are shown, at most. */
const MAX_TEXT_BYTES = 2048

/** How a downloaded file is shown. */
export interface Preview {
  kind: 'image' | 'video' | 'text' | 'document' | 'other'
  key: string
  path: string
  /** What there is to say of it. */
  about: string
  text: string
}

const texts = messages().downloadObject

const ABOUT: Record<Preview['kind'], string> = {
  image: texts.preview,
  video: texts.video,
  text: texts.text,
  document: '',
  other: texts.notShown,
}

export async function previewOf({ key, tempFilePath: path, contentType, size }: Downloaded) {
  const kind = kindOf(contentType, key)
  const shown: Preview = { kind, key, path, about: ABOUT[kind], text: '' }
  if (kind !== 'text') return shown
  try {
    const length = size > MAX_TEXT_BYTES ? await endOfCharacter(path, MAX_TEXT_BYTES) : size
    const text = await readText(path, length)
    if (length < size) {
      return { ...shown, text, about: fill(texts.textPart, { bytes: formatBytes(MAX_TEXT_BYTES) }) }
    }
    return text ? { ...shown, text } : { ...shown, about: texts.noText }
  } catch {
    return noPreview(shown) // its type says text, but it is none
  }
}

/** What turned out not to be what its type says. */
export function noPreview(shown: Preview): Preview {
  return { ...shown, kind: 'other', about: texts.notShown }
}

/** The type of a document by its key: wx.openDocument cannot tell it from a temporary path. */
export function documentType(key: string): DocumentType | undefined {
  return DOCUMENTS.exec(key)?.[1]?.toLowerCase() as DocumentType | undefined
}

function kindOf(contentType: string, key: string): Preview['kind'] {
  if (contentType.startsWith('image/')) return 'image'
  if (contentType.startsWith('video/')) return 'video'
  if (documentType(key)) return 'document'
  return /^text\/|[/+](json|xml)\b/.test(contentType) ? 'text' : 'other'
}

/** The most bytes up to `limit` that do not end amid a character of UTF-8, which has up to four. */
async function endOfCharacter(path: string, limit: number): Promise<number> {
  const start = limit - 3
  const bytes = new Uint8Array(await readRange(path, start, 4))
  let next = 3
  // What begins with the bits 10 continues a character.
  while (next > 0 && (bytes[next]! & 0xc0) === 0x80) next--
  return start + next
}
