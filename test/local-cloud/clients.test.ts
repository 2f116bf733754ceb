import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { tryClients } from '../../scripts/clients/try-clients'

const README = path.join(__dirname, '../../local-cloud/README.md')

/** The cells of the table below the comment that names the script. */
function tableOfReadme(): string[][] {
  const [, text = ''] = readFileSync(README, 'utf8').split('scripts/clients.ts` writes this table')
  const [, rows = ''] = /\n\n(\| [^]*?)\n\n/.exec(text) ?? []
  const [, , ...cells] = rows.split('\n').map((row) => row.slice(1, -1).split('|'))
  return cells.map((row) => row.map((cell) => cell.trim()))
}

test('the clients do what README says (npx tsx scripts/clients.ts writes it)', async () => {
  expect(await tryClients()).toEqual(tableOfReadme())
})
