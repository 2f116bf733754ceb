import { tempDir } from '../helpers/temp-dir'
import { crashTest } from './crash'

/** The long run, by hand: `npx tsx test/local-cloud/run-crash.ts [kills]`, 200 by default. */
async function main(): Promise<void> {
  const dir = tempDir()
  try {
    const report = await crashTest(dir.path, Number(process.argv[2] ?? 200))
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    process.exitCode = report.problems.length === 0 ? 0 : 1
  } finally {
    dir.remove()
  }
}

void main()
