import os from 'node:os'

export interface Outcome {
  /** `skipped` is for what this system cannot do: it is shown, and does not fail the run. */
  status: 'ok' | 'failed' | 'skipped'
  /** Shown unless the step is ok. */
  output: string
  /** A figure worth a look, shown in any case, on the line of the step. */
  note?: string
}

export interface Step {
  name: string
  run: () => Promise<Outcome>
}

/**
 * Runs steps side by side, one for each core, and prints one line for each as it ends, then one
 * for all. A failed or skipped step shows its output.
 *
 * @returns How many failed. A step that throws is a failed one.
 */
export async function runSteps(steps: Step[], print: (line: string) => void): Promise<number> {
  const waiting = [...steps]
  const width = Math.max(...steps.map(({ name }) => name.length))
  const start = performance.now()
  let failed = 0

  async function work(): Promise<void> {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const stepStart = performance.now()
      const { status, output, note } = await step.run().catch(failedBy)
      if (status === 'failed') failed += 1
      const figure = note === undefined ? '' : `  ${note}`
      print(`${step.name.padEnd(width)}  ${status.padEnd(7)}  ${seconds(stepStart)}${figure}`)
      if (status !== 'ok') print(output.replace(/^/gm, '  '))
    }
  }
  await Promise.all(Array.from({ length: os.availableParallelism() }, work))
  print(`${steps.length} steps, ${failed} failed, ${seconds(start)}`)
  return failed
}

function failedBy(error: Error): Outcome {
  return { status: 'failed', output: error.stack ?? String(error) }
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
