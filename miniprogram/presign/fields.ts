import type { Method } from '../cos/index'

/** A field of a form: the template `field` of `form.wxml`. */
export interface FieldView {
  name: string
  label: string
  placeholder: string
  /** What stands below. */
  hint: string
  /** Takes several lines: all are shown, or they scroll. */
  lines: '' | 'all' | 'scroll'
}

export function fieldView(
  name: string,
  label: string,
  placeholder: string,
  lines: FieldView['lines'] = '',
  hint = '',
): FieldView {
  return { name, label, placeholder, hint, lines }
}

export const METHODS: Method[] = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']

/** For choice-chips: each is called what it is. */
export function choices(values: string[]): { value: string; title: string }[] {
  return values.map((value) => ({ value, title: value }))
}

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

function read(text: string, form: RegExp, tidy = (value: string) => value): TypedFields {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const found = lines.map((line) => form.exec(line) ?? [])
  const names = found.map(([, name]) => name)
  const wrongLine = lines.find((_, i) => !names[i] || names.indexOf(names[i]) < i)
  if (wrongLine !== undefined) return { fields: {}, wrongLine }
  return { fields: Object.fromEntries(found.map(([, name, value]) => [name, tidy(value ?? '')])) }
}
