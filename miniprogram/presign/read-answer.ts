import { restoreFormatString, type FormatStringHints } from './format-string'
import { findCosCode } from '../transfer/cos-errors'
import { unquoted } from './unquoted'

/** What an error document of COS says (manual page 436/7730), as far as a paste has it. */
export interface CosAnswer {
  /** The document, rebuilt from what was found. */
  xml: string
  code: string
  message: string
  /** HTTP status, where the paste has it. */
  statusCode: number | undefined
  requestId: string
  resource: string
  /** The request as COS saw it, and what it made of that: only with `SignatureDoesNotMatch`. */
  formatString: string | undefined
  stringToSign: string | undefined
  /** Copying changed the white space of the FormatString. */
  isRestored: boolean
  lacksBlankLine: boolean
  /** The SHA-1 of the FormatString is not the one that COS states. */
  isDamaged: boolean
}

/** The elements of the document, and what SDKs and logs call them. */
const ELEMENTS: Record<string, string> = {
  Code: '(?:Cos |Server ?)?(?:Error[ _]?)?Code',
  Message: '(?:Cos )?(?:Error[ _]?)?(?:Message|Msg)',
  StringToSign: 'String_?To_?Sign',
  FormatString: 'Format_?String',
  Resource: 'Resource(?:Addr)?',
  RequestId: '(?:X?Cos ?|x-cos-)?Request[ _-]?Id',
  TraceId: '(?:X?Cos ?|x-cos-)?Trace[ _-]?Id',
  ServerTime: 'Server_?Time',
}

/**
 * Finds COS's error document in a paste: XML, with or without its tags and escapes, JSON, objects as
 * JavaScript, Python and Objective-C print them, and the one-line errors of the SDKs.
 * @param hints what is known of the signature, to rebuild a FormatString that copying has changed
 */
export function readAnswer(text: string, hints: FormatStringHints = {}): CosAnswer | undefined {
  const found = find(tidy(text))
  if (!found) return undefined
  const { Code = '', Message = '', FormatString, RequestId = '' } = found
  const stringToSign = stringToSignIn(found.StringToSign ?? '')
  const restored =
    FormatString === undefined
      ? undefined
      : restoreFormatString(FormatString, { ...hints, stringToSign })
  const formatString = restored?.text ?? FormatString
  return {
    xml: toXml({ ...found, FormatString: formatString, StringToSign: stringToSign }),
    code: Code,
    message: Message,
    statusCode: statusIn(text),
    requestId: RequestId,
    resource: found.Resource ?? '',
    formatString,
    stringToSign,
    isRestored: restored?.isRestored ?? false,
    lacksBlankLine: restored?.lacksBlankLine ?? false,
    isDamaged: restored?.isVerified === false,
  }
}

type Found = Partial<Record<string, string>>

/** The fields in the text as it is, or else in what its escapes and entities stand for. */
function find(text: string): Found | undefined {
  const levels = [text]
  for (let i = 0; i < MAX_NESTING; i++) levels.push(unescape(levels[i]!))
  const variants = levels.flatMap((level) => [level, fromHtml(level)]).map(fields)
  const last = levels[MAX_NESTING]!
  const mismatch = variants.find((found) => found.FormatString !== undefined && isPlain(found))
  return (
    variants.find((found) => found.Code !== undefined && isPlain(found)) ??
    [text, last].map(inPlainText).find((found) => found.Code !== undefined) ??
    // Only a mismatch has a FormatString.
    (mismatch && { ...mismatch, Code: 'SignatureDoesNotMatch' }) ??
    [text, last].map(formatStringAlone).find((found) => found.Code !== undefined)
  )
}

/** JSON in JSON in JSON. */
const MAX_NESTING = 3

/** A FormatString has line feeds and pairs of its own: without them, it is still escaped. */
function isPlain({ FormatString = '' }: Found): boolean {
  const isEscaped = !FormatString.includes('\n') && FormatString.includes('\\')
  return !isEscaped && !/=[^\s&]*&amp;[\w-]+=/.test(FormatString)
}

function fields(text: string): Found {
  const found: Found = {}
  Object.entries(ELEMENTS).forEach(([name, label]) => {
    const value = inTag(text, name) ?? assigned(text, name, label)
    if (value !== undefined) found[name] = value
  })
  return { ...inOneLine(text), ...found }
}

function inTag(text: string, name: string): string | undefined {
  const value = new RegExp(`<${name}>([^<]*)(?:</${name}>|<|$)`).exec(text)?.[1]
  if (value === undefined) return undefined
  return isText(name) ? decodeEntities(value) : decodeEntities(value).trim()
}

/** Its white space counts. */
function isText(name: string): boolean {
  return name === 'FormatString' || name === 'StringToSign'
}

const LABELS = Object.values(ELEMENTS).join('|')

/** Where a value without quotes ends: at the next label, or with its object. */
const END_OF_TEXT = [
  String.raw`[,;]\s*["']?(?:${LABELS})["']?\s*(?:[:=]|=>)`,
  String.raw`\n\s*\[?(?:${LABELS})\]?\s*(?::\s|=>)`,
  String.raw`\s+[)}\]][\s)}\]]*(?:[,;]\s|$)`,
  '$',
].join('|')
const END_OF_VALUE = [
  String.raw`[,;]\s*["']?[\w -]+["']?\s*[:=]`,
  String.raw`\s(?:${LABELS})[:=]\S`,
  String.raw`[,;]?\s*(?:[)}\]]+\s*(?:[,;\n]|$)|\n|$)`,
].join('|')

/** `['x']` and `{"_text":"x"}` of XML parsers, `Some("x")`, `Optional("x")`, `string(1) "x"`. */
const WRAPPER = String.raw`(?:\[\s*|\{\s*["']?(?:_text|#text|_)["']?\s*:\s*|(?:Some|Optional)\(|string\(\d+\)\s*)?`
const inQuotes = (group: '(' | '(?:') =>
  ['"', "'", '`'].map((mark) => `${mark}${group}(?:[^${mark}\\\\]|\\\\[^])*)${mark}`).join('|')
const QUOTED = inQuotes('(')
const LITERAL = inQuotes('(?:')

/** A value without quotes. */
function bareOf(name: string): string {
  if (name === 'Code') return '([A-Z][A-Za-z]+)\\b'
  if (name === 'RequestId' || name === 'TraceId') return '([\\w+/=*-]+)'
  return `([^"'\\s][^]*?)\\s*(?=${isText(name) ? END_OF_TEXT : END_OF_VALUE})`
}

/** `Code: 'x'`, `"Code":"x"`, `Code = x;`, `Error Code: x;`, `[Code] => x`, and blocks of YAML. */
function assigned(text: string, name: string, label: string): string | undefined {
  const before = String.raw`(?:^|[\s{(\[,;"'<])(?:${label})["']?\]?\s*(?:[:=]|=>)>?\s*(?:\|\s)?\s*`
  const pattern = new RegExp(`${before}(?:${WRAPPER}(?:${QUOTED})|${bareOf(name)})`, 'gi')
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, double, single, tick, bare = ''] = match
    const quoted = double ?? single ?? tick
    const value = quoted === undefined ? withoutRest(bare) : unescape(quoted)
    // `Code: 403` is a status, and `code: 'ETIMEDOUT'` one of Node.
    if (name !== 'Code' || /^[A-Z]\w*[a-z]\w*$/.test(value)) return value
  }
  return undefined
}

/** The headers are the last line: what closes an object right behind them, and after, is no part. */
function withoutRest(text: string): string {
  return text.replace(/(\bhost=[^\s,;)}\]]*)[,;)}\]][^]*$/, '$1')
}

/** What has no label: the code of Go, `403 NoSuchKey(Message: …`, the message of Java, both of boto3. */
function inOneLine(text: string): Found {
  const [, occurred, words] =
    /error occurred \(([A-Z][A-Za-z]+)\) when calling [^:]*: ([^\n]*)/.exec(text) ?? []
  const [, Code = occurred] = /\b\d{3} ([A-Z][A-Za-z]+)\(Message:/.exec(text) ?? []
  const [, Message = words] =
    /(?:^|[\w.]+: )([^\n:]+) \((?:Service: [^;]*; )?Status Code: \d/.exec(text) ?? []
  return { ...(Code && { Code }), ...(Message && { Message }) }
}

/** A browser that shows XML without its tags: `SignatureDoesNotMatch The Signature… sha1 … get /a …` */
function inPlainText(text: string): Found {
  const Code = findCosCode(text)
  if (!Code) return {}
  const after = text.slice(text.indexOf(Code) + Code.length)
  const found: Found = { Code }
  const requestId = /\bN[A-Za-z0-9+/]{15,}[=*]{0,4}/.exec(after)?.[0]
  if (requestId) found.RequestId = requestId
  const [, message] = /^\W*([A-Z][^.\n]*\.)/.exec(after) ?? []
  if (message) found.Message = message
  const [, StringToSign, tail] = /(sha1\s+\d+;\d+\s+[\da-f]{40})\s*([^]*)$/.exec(after) ?? []
  if (StringToSign && tail) {
    Object.assign(found, { StringToSign, FormatString: cutFormatString(tail) })
  }
  return found
}

/** Only a mismatch has a FormatString. */
function formatStringAlone(text: string): Found {
  const isAlone = /^\s*(get|head|put|post|delete)\s+\/[^?]*\shost=\S+\s*$/.test(text)
  return isAlone ? { Code: 'SignatureDoesNotMatch', FormatString: text } : {}
}

/** The FormatString at the beginning of a text: it ends with its headers. */
function cutFormatString(tail: string): string {
  return /^[^]*?\bhost=\S*/.exec(tail)?.[0] ?? tail
}

function stringToSignIn(text: string): string | undefined {
  const [, time, digest] = /\bsha1\s+(\d+;\d+)\s+([\w]+)/.exec(text) ?? []
  return time === undefined ? undefined : `sha1\n${time}\n${digest}\n`
}

/** `HTTP/1.1 403`, `Status Code: 403`, `statusCode: 403`, `: 403 AccessDenied(` */
function statusIn(text: string): number | undefined {
  const status = /(?:HTTP\/[\d.]+|status(?: ?code)?["']?\s*[:=]?|Code[=:]|: )\s*([45]\d\d)\b/i.exec(
    text,
  )?.[1]
  return status === undefined ? undefined : Number(status)
}

/** One kind of line feed, and strings in one piece. */
function tidy(text: string): string {
  return unquoted(text.replace(/\r\n?|<br ?\/?>|[↵⏎]/g, '\n'))
    .replace(PIECES, joined)
    .replace(/<!\[CDATA\[([^]*?)\]\]>/g, (_, value: string) => escapeXml(value))
}

/** A long string of Node's util.inspect: `'a\n' +\n  "b"`. */
const PIECES = new RegExp(`(?:${LITERAL})(?:\\s*\\+\\s*\\n\\s*(?:${LITERAL}))+`, 'g')

function joined(pieces: string): string {
  const contents = pieces.match(new RegExp(LITERAL, 'g'))!.map((piece) => piece.slice(1, -1))
  return `"${contents.join('').replace(/\\?"/g, '\\"')}"`
}

const ESCAPES = new Map([
  ['n', '\n'],
  ['r', ''],
  ['t', '\t'],
])

/** `\xe6\x8a\xa5`, as Python prints bytes of UTF-8. */
function decodeBytes(bytes: string): string {
  try {
    return decodeURIComponent(bytes.replace(/\\x/g, '%'))
  } catch {
    return bytes
  }
}

/** Undoes the escapes of JSON, JavaScript, Python and Objective-C, once. */
function unescape(text: string): string {
  const plain = text.replace(/(?:\\x[\da-f]{2})+/gi, decodeBytes)
  return plain.replace(/\\(u[\da-f]{4}|[^])/gi, (_, code: string) =>
    code.length > 1
      ? String.fromCharCode(parseInt(code.slice(1), 16))
      : (ESCAPES.get(code) ?? code),
  )
}

function fromHtml(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  apos: "'",
  gt: '>',
  lt: '<',
  nbsp: ' ',
  quot: '"',
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(x[\da-f]{1,5}|\d{1,6})|(\w+));/gi, (whole, code, name: string) =>
    code ? String.fromCodePoint(Number(`0${code}`)) : (ENTITIES[name] ?? whole),
  )
}

function toXml(found: Found): string {
  const elements = Object.keys(ELEMENTS).map((name) => {
    const value = found[name]
    return value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`
  })
  return `<Error>${elements.join('')}</Error>`
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
