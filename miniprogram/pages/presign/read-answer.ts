import { elementOf } from '../../transfer/xml'

/** What an error document of COS says (manual page 436/7730). */
export interface CosAnswer {
  /** The document itself, as XML. */
  xml: string
  code: string
  /** The request as COS saw it, and what it made of that: only with `SignatureDoesNotMatch`. */
  formatString: string | undefined
  stringToSign: string | undefined
}

const ELEMENTS = ['Code', 'Message', 'FormatString', 'StringToSign', 'ServerTime', 'RequestId']

/**
 * Finds COS's error document in what was pasted: XML, XML whose line feeds and quotes a log has
 * escaped, XML escaped once more for HTML, or JSON with the same names.
 */
export function readAnswer(text: string): CosAnswer | undefined {
  return [text, unescapeJson(text), fromHtml(text), fromJson(text)].map(fromXml).find(Boolean)
}

/** A FormatString has line feeds of its own: where there are none, they are escaped still. */
function fromXml(text: string): CosAnswer | undefined {
  const xml = text.replace(/\r\n/g, '\n')
  const [code, formatString, stringToSign] = ['Code', 'FormatString', 'StringToSign'].map((name) =>
    elementOf(xml, name),
  )
  if (code === undefined || formatString?.includes('\n') === false) return undefined
  return { xml, code, formatString, stringToSign }
}

function fromHtml(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
}

function fromJson(text: string): string {
  return ELEMENTS.map((name) => {
    const value = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1]
    return value === undefined ? '' : `<${name}>${escapeXml(unescapeJson(value))}</${name}>`
  }).join('')
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function unescapeJson(text: string): string {
  return text.replace(/\\(u[\da-fA-F]{4}|.)/g, (_, code: string) =>
    code.length > 1
      ? String.fromCharCode(parseInt(code.slice(1), 16))
      : (ESCAPES.get(code) ?? code),
  )
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
