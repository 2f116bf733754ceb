import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { endProcess } from '../helpers/end-process'

export interface ForkedCloud {
  port: number
  child: ChildProcess
  /** The most memory it ever held, in bytes. */
  peakBytes(): Promise<number>
  /** As the kernel does it: no handler runs. */
  kill(): Promise<void>
}

/** Starts a local cloud in a process of its own. Rejects with an Error that says why it cannot start. */
export async function forkCloud(data: string): Promise<ForkedCloud> {
  const child = fork(path.join(__dirname, 'child-cloud.ts'), [data], {
    execArgv: ['--require', 'tsx/cjs'],
  })
  const [{ port, error }] = (await once(child, 'message')) as [{ port: number; error?: string }]
  const kill = () => endProcess(child, 'SIGKILL')
  if (error !== undefined) {
    await kill()
    throw new Error(error)
  }
  return {
    port,
    child,
    kill,
    async peakBytes() {
      child.send('peak')
      const [{ peakBytes }] = (await once(child, 'message')) as [{ peakBytes: number }]
      return peakBytes
    },
  }
}
