import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tryClients } from './clients/try-clients'
import { formatted } from './shared/formatted'

const README = path.join(__dirname, '../local-cloud/README.md')
const TABLE = /(?<=<!-- `npx tsx scripts\/clients\.ts` writes this table -->\n\n)[^]*?(?=\n\n)/

/** Writes the table of clients in the README of the local cloud. */
async function main(): Promise<void> {
  const rows = [['client', 'calls', 'result'], ['---', '---', '---'], ...(await tryClients())]
  const table = rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
  const text = readFileSync(README, 'utf8').replace(TABLE, () => table)
  writeFileSync(README, await formatted(README, text))
}

void main()
