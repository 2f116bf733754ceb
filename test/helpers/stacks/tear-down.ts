import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** After the last test of a run. */
export default async function tearDown(): Promise<void> {
  const { stacks } = globalThis as unknown as { stacks: ChildProcess }
  const exited = once(stacks, 'exit')
  stacks.disconnect()
  await exited
}
