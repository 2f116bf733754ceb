import path from 'node:path'
import { checkSteps } from './check/steps'
import { runSteps } from './check/run-steps'

void main()

async function main(): Promise<void> {
  const steps = checkSteps(path.join(__dirname, '..'))
  const failed = await runSteps(steps, (line) => console.log(line))
  process.exitCode = failed === 0 ? 0 : 1
}
