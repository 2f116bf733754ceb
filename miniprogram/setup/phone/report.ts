/** What is pasted into an issue. */

/** A Markdown table. The first row is its head. */
export function markdownTable([head, ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(cellText).join(' | ')} |`
  const rule = head!.map(() => '---')
  return [line(head!), line(rule), ...rows.map(line)].join('\n')
}

function cellText(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/\s*\n\s*/g, '<br>')
}

/** Addresses, paths, buckets, and what may be a key, a token or an id. */
const PRIVATE = [
  /\w+:\/\/[^\s"']*/g,
  /\b\d{1,3}(\.\d{1,3}){3}(:\d+)?/g,
  /(\b[\da-f]{1,4}|\B):[\da-f]{0,4}:[\da-f:.]*(%\w+)?(\]:\d+)?/gi,
  /\b[\w.-]+-1\d{9}\b[\w.-]*/g,
  /\b(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16,}/gi,
]

/**
 * Takes out of an error message what tells whose phone, server or bucket it was.
 * @param secrets what is known of it
 */
export function redact(text: string, secrets: string[]): string {
  const withoutKnown = secrets.reduce((rest, secret) => rest.split(secret).join('…'), text)
  return PRIVATE.reduce((rest, pattern) => rest.replace(pattern, '…'), withoutKnown)
}
