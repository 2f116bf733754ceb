import { join } from 'node:path'
import { Worker, type JestWorkerFarm } from 'jest-worker'
import { END_WITH_PARENT } from '../../test/helpers/npm-start'
import { tempDir } from '../../test/helpers/temp-dir'
import type * as CloudProcess from './cloud-process'

export interface Processes {
  /** An empty folder. */
  folder: string
  /** Gives functions of a module of this folder, which run in one process of their own. */
  start<Module extends Record<string, unknown>>(
    module: string,
    functions: (keyof Module & string)[],
    nodeOptions?: string[],
  ): JestWorkerFarm<Module>
  /** Starts a local cloud in a process of its own, with a fault if one is given. Gives its port. */
  startCloud(data: string, fault?: string): Promise<number>
}

/** Runs a bench. At its end, its processes have ended and its folder is removed. */
export async function withProcesses(run: (processes: Processes) => Promise<void>): Promise<void> {
  const folder = tempDir()
  const workers: Worker[] = []
  const start: Processes['start'] = (module, functions, nodeOptions = []) => {
    const worker = new Worker(join(__dirname, module), {
      numWorkers: 1,
      // Without names this process would load the module, too: a large heap slows what moves bytes.
      exposedMethods: functions,
      forkOptions: { execArgv: [...nodeOptions, ...END_WITH_PARENT] },
    })
    workers.push(worker)
    return worker as JestWorkerFarm<never>
  }
  const startCloud: Processes['startCloud'] = (data, fault) =>
    start<typeof CloudProcess>('cloud-process.ts', ['startCloud']).startCloud(data, fault)
  try {
    await run({ folder: folder.path, start, startCloud })
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
    folder.remove()
  }
}

/** As `withProcesses`, with a local cloud that has this fault; '' is none. */
export async function withCloud(
  fault: string,
  run: (port: number, processes: Processes) => Promise<void>,
): Promise<void> {
  await withProcesses(async (processes) => {
    await run(await processes.startCloud(processes.folder, fault), processes)
  })
}
