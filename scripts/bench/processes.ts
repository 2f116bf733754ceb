import { join } from 'node:path'
import { Worker, type JestWorkerFarm } from 'jest-worker'
import { tempDir } from '../../test/helpers/temp-dir'
import type * as Servers from './servers'
import type * as Uploads from './uploads'

export interface Processes {
  /** An empty folder. */
  folder: string
  /** A new process in which the functions of `servers.ts` run. */
  servers(...nodeOptions: string[]): JestWorkerFarm<typeof Servers>
  /** A new process in which the functions of `uploads.ts` run. */
  uploads(...nodeOptions: string[]): JestWorkerFarm<typeof Uploads>
}

/** Runs a bench. At its end, its processes have ended and its folder is removed. */
export async function withProcesses(run: (processes: Processes) => Promise<void>): Promise<void> {
  const folder = tempDir()
  const workers: Worker[] = []
  const start = (module: string, nodeOptions: string[]) => {
    const execArgv = [...nodeOptions, '--require', 'tsx/cjs']
    const worker = new Worker(join(__dirname, module), { numWorkers: 1, forkOptions: { execArgv } })
    workers.push(worker)
    return worker as JestWorkerFarm<never>
  }
  try {
    await run({
      folder: folder.path,
      servers: (...nodeOptions) => start('servers.ts', nodeOptions),
      uploads: (...nodeOptions) => start('uploads.ts', nodeOptions),
    })
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
    folder.remove()
  }
}

/** As `withProcesses`, with a local cloud in one of them that has this fault; '' is none. */
export async function withCloud(
  fault: string,
  run: (port: number, processes: Processes) => Promise<void>,
): Promise<void> {
  await withProcesses(async (processes) => {
    await run(await processes.servers().startCloud(processes.folder, fault), processes)
  })
}
