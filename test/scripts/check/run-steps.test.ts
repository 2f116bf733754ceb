import { describe, expect, test } from '@jest/globals'
import { runSteps, type Step } from '../../../scripts/check/run-steps'

async function run(steps: Step[]): Promise<{ failed: number; printed: string }> {
  const lines: string[] = []
  const failed = await runSteps(steps, (line) => lines.push(line))
  return { failed, printed: lines.join('\n') }
}

function step(name: string, status: 'ok' | 'failed' | 'skipped', output = ''): Step {
  return { name, run: async () => ({ status, output }) }
}

describe('runSteps', () => {
  test('prints one line for each step, and none of its output when it is ok', async () => {
    const { failed, printed } = await run([step('format', 'ok', 'noise'), step('lint', 'ok')])
    expect(failed).toBe(0)
    expect(printed).toMatch(
      /^format {2}ok {7}\d+\.\d s\nlint {4}ok {7}\d+\.\d s\n2 steps, 0 failed, \d+\.\d s$/,
    )
  })

  test('shows the figure of a step that is ok', async () => {
    const size: Step = {
      name: 'size',
      run: async () => ({ status: 'ok', output: 'noise', note: '9.9 KB of 10.0 KB' }),
    }
    const { printed } = await run([size])
    expect(printed).toMatch(/^size {2}ok {7}\d+\.\d s {2}9\.9 KB of 10\.0 KB\n1 steps/)
  })

  test('counts the failed ones, shows why, and runs the others', async () => {
    const broken: Step = { name: 'types', run: () => Promise.reject(new Error('no tsc')) }
    const { failed, printed } = await run([
      step('format', 'failed', 'a.ts\nb.ts'),
      broken,
      step('lint', 'ok'),
    ])
    expect(failed).toBe(2)
    expect(printed).toMatch(/^format +failed .*\n {2}a\.ts\n {2}b\.ts$/m)
    expect(printed).toMatch(/^types +failed .*\n {2}Error: no tsc$/m)
    expect(printed).toMatch(/^lint +ok /m)
    expect(printed).toMatch(/^3 steps, 2 failed/m)
  })

  test('says why a step was skipped, and does not count it as failed', async () => {
    const { failed, printed } = await run([step('compilers', 'skipped', 'not on this system')])
    expect(failed).toBe(0)
    expect(printed).toMatch(/^compilers +skipped .*\n {2}not on this system$/m)
  })
})
