import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Before the first test of a run: starts what keeps the stacks. The workers inherit its address. */
export default async function setUp(): Promise<void> {
  const child = fork(join(__dirname, 'main.ts'), { execArgv: ['--require', 'tsx/cjs'] })
  const [url] = (await once(child, 'message')) as [string]
  process.env['STACKS_URL'] = url
  Object.assign(globalThis, { stacks: child } satisfies { stacks: ChildProcess })
}
