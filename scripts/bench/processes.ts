import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { endProcess } from '../../test/helpers/end-process'
import { tempDir } from '../../test/helpers/temp-dir'

export interface Processes {
  /** An empty folder. */
  folder: string
  /**
   * Runs a script of this folder in a process of its own, and waits for its first message.
   *
   * @throws Error when the process ends without one
   */
  start<Answer>(
    script: string,
    args: string[],
    nodeOptions?: string[],
  ): Promise<{ child: ChildProcess; answer: Answer }>
  /** Ends another process, too. */
  add(child: ChildProcess): void
}

/** Runs a bench. At its end, its processes have ended and its folder is removed. */
export async function withProcesses<T>(run: (processes: Processes) => Promise<T>): Promise<T> {
  const folder = tempDir()
  const children: ChildProcess[] = []
  try {
    return await run({
      folder: folder.path,
      async start(script, args, nodeOptions = []) {
        const execArgv = [...nodeOptions, '--require', 'tsx/cjs']
        const child = fork(path.join(__dirname, script), args, { execArgv })
        children.push(child)
        const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
        // A process that a signal has ended has no exit code: null.
        if (typeof answer !== 'object' || answer === null) {
          throw new Error(`${script} ended with exit code ${answer}`)
        }
        return { child, answer }
      },
      add: (child) => void children.push(child),
    })
  } finally {
    await Promise.all(children.map((child) => endProcess(child)))
    folder.remove()
  }
}
