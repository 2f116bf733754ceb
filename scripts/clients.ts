import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { tryClients } from './clients/try-clients'

const README = path.join(__dirname, '../local-cloud/README.md')
const TABLE = /(?<=<!-- `npx tsx scripts\/clients\.ts` writes this table -->\n\n)[^]*?(?=\n\n)/

/** Writes the table of clients in the README of the local cloud. */
async function main(): Promise<void> {
  const rows = [['client', 'calls', 'result'], ['---', '---', '---'], ...(await tryClients())]
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const text = readFileSync(README, 'utf8').replace(TABLE, () => table)
  const options = { ...(await resolveConfig(README)), filepath: README }
  writeFileSync(README, await format(text, options))
}

void main()
