import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { CosError } from './errors'

/** A part as the client names it. */
export interface NamedPart {
  number: number
  /** Without quotes. */
  etag: string
}

export const MAX_PARTS = 10_000

const parser = new XMLParser({
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  removeNSPrefix: true,
  // This also decodes `&#34;`, as the Go SDK writes the quotes of an ETag.
  htmlEntities: true,
  isArray: (name) => name === 'Part',
})

/**
 * Reads `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>…</ETag></Part>…` (436/7742). A
 * document type, with which entities could be defined, is refused.
 *
 * @throws CosError `MissingRequestBodyError`, `MalformedXML`
 */
export function parseCompleteRequest(text: string): NamedPart[] {
  if (text.trim() === '') throw new CosError('MissingRequestBodyError')
  const root = parseXml(text)
  if (Object.keys(root).join() !== 'CompleteMultipartUpload') throw malformed('another root')
  const { Part: parts, ...rest } = Object(root['CompleteMultipartUpload']) as { Part?: unknown }
  if (Object.keys(rest).length > 0) throw malformed('something beside Part')
  if (!Array.isArray(parts)) throw malformed('no Part')
  if (parts.length > MAX_PARTS) throw malformed(`more than ${MAX_PARTS} parts`)
  return parts.map(readPart)
}

function readPart(part: unknown): NamedPart {
  const { PartNumber: number, ETag: etag, ...rest } = Object(part) as Record<string, unknown>
  if (typeof number !== 'string' || !/^\d{1,5}$/.test(number)) throw malformed('no PartNumber')
  if (typeof etag !== 'string') throw malformed('no ETag')
  if (Object.keys(rest).length > 0) throw malformed('something beside PartNumber and ETag')
  return { number: Number(number), etag: etag.replaceAll('"', '') }
}

/** A reference that XML does not define by itself. */
const UNDECLARED = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/
/** Where `&` is only a character. */
const UNPARSED = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>/g

function parseXml(text: string): Record<string, unknown> {
  if (/<!DOCTYPE/i.test(text)) throw malformed('a document type')
  const valid = XMLValidator.validate(text)
  if (valid !== true) throw malformed(valid.err.msg)
  if (UNDECLARED.test(text.replace(UNPARSED, '')))
    throw malformed('an entity without a declaration')
  try {
    return parser.parse(text)
  } catch (error) {
    throw malformed(String(error))
  }
}

function malformed(reason: string): CosError {
  return new CosError('MalformedXML', { reason: `the document has ${reason}` })
}
