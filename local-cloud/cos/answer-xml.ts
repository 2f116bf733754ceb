import type { Exchange } from './exchange'
import { xmlDocument, type Element } from './xml'

/** Answers with 200 and a document. */
export function answerXml({ response, writeHead }: Exchange, root: Element, headers = {}): void {
  const body = Buffer.from(xmlDocument(root))
  writeHead(200, {
    ...headers,
    'Content-Type': 'application/xml',
    'Content-Length': body.length,
  })
  response.end(body)
}
