import fs from 'node:fs'
import path from 'node:path'
import { outcomeTable } from '../test/transfer/hostile-situations'
import { formatted } from './shared/formatted'

const FILE = path.join(__dirname, '../miniprogram/transfer/README.md')
const TABLE = /(<!-- hostile situations: begin -->)[\s\S]*(<!-- hostile situations: end -->)/

/** Writes what becomes of each hostile situation into `transfer/README.md`, between two comments. */
async function main(): Promise<void> {
  const readme = fs.readFileSync(FILE, 'utf8')
  const written = readme.replace(TABLE, `$1\n\n${outcomeTable()}\n\n$2`)
  fs.writeFileSync(FILE, await formatted(FILE, written))
}

void main()
