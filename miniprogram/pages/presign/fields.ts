/** Parameters or headers as a person types them: one on each line. */
export interface TypedFields {
  fields: Record<string, string>
  /** The first line that is no such field, or names one for the second time. */
  wrongLine?: string
}

/** `name=value` on each line, not encoded. A name alone has an empty value. */
export function readQuery(text: string): TypedFields {
  return read(text, /^([^=]+)=?(.*)$/)
}

/** `Name: value` on each line. */
export function readHeaders(text: string): TypedFields {
  return read(text, /^\s*([!#$%&'*+.^`|~\w-]+)\s*:(.*)$/, (value) => value.trim())
}

/** The headers as `readHeaders` takes them. */
export function headerLines(headers: Record<string, string>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

/** The header of this name, whatever its case. */
export function fieldOf(headers: Record<string, string>, name: string): string | undefined {
  return Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1]
}

function read(text: string, form: RegExp, tidy = (value: string) => value): TypedFields {
  const fields = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const [, name, value = ''] = form.exec(line) ?? []
    if (!name || fields.has(name)) return { fields: {}, wrongLine: line }
    fields.set(name, tidy(value))
  }
  return { fields: Object.fromEntries(fields) }
}
