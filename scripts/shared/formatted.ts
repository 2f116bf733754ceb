import { readFileSync } from 'node:fs'
import path from 'node:path'
import { format, type FormatConfig } from 'oxfmt'

const OPTIONS = path.join(__dirname, '../../.oxfmtrc.json')

/** A text as `npm run format` leaves it. */
export async function formatted(file: string, text: string): Promise<string> {
  const options = JSON.parse(readFileSync(OPTIONS, 'utf8')) as FormatConfig
  return (await format(file, text, options)).code
}
