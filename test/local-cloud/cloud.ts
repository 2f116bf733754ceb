import { afterAll } from '@jest/globals'
import {
  createLocalCloud,
  type LocalCloud,
  type LocalCloudOptions,
} from '../../local-cloud/local-cloud'
import { tempDir } from '../helpers/temp-dir'

export const BUCKET = 'examplebucket-1250000000'
export const REGION = 'ap-beijing'
export const RESOURCE = `qcs::cos:${REGION}:uid/1250000000:${BUCKET}/`

export interface TestCloud {
  cloud: LocalCloud
  port: number
  data: string
  /** Every line logged so far. */
  log: string[]
}

const cleanups: (() => Promise<void> | void)[] = []

afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

/** Starts a local cloud on a free port and an empty folder (or the given one); stopped after the file. */
export async function startCloud(options: Partial<LocalCloudOptions> = {}): Promise<TestCloud> {
  const log: string[] = []
  let { data } = options
  if (data === undefined) {
    const dir = tempDir()
    cleanups.push(dir.remove)
    data = dir.path
  }
  const cloud = createLocalCloud({ port: 0, log: (line) => log.push(line), ...options, data })
  const { port } = await cloud.start()
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= cloud.stop())
  cleanups.push(stop)
  return { cloud: { ...cloud, stop }, port, data, log }
}
