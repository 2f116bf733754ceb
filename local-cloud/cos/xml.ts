/** An element: its name, and its text or its children. Children that are `undefined` are left out. */
export type Element = readonly [name: string, content: string | number | boolean | Elements]
type Elements = readonly (Element | undefined)[]

/** Writes a document as COS does: tabs, and `<Name/>` for an empty element. */
export function xmlDocument(root: Element): string {
  return `<?xml version='1.0' encoding='utf-8' ?>\n${write(root, '')}`
}

function write([name, content]: Element, indent: string): string {
  // An attribute (the namespace of an answer) may follow the name.
  const end = `</${name.split(' ')[0]}>\n`
  if (typeof content === 'object') {
    const children = content.map((child) => child && write(child, `${indent}\t`)).join('')
    return `${indent}<${name}>\n${children}${indent}${end}`
  }
  const text = escapeXml(String(content))
  return text === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>${text}${end}`
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (character) => XML_ENTITIES[character] ?? character)
      // XML 1.0 has no way to write these; a key may hold them.
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  )
}
