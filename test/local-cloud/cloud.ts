import { afterAll } from '@jest/globals'
import {
  createLocalCloud,
  type LocalCloud,
  type LocalCloudOptions,
} from '../../local-cloud/local-cloud'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { BUCKET, REGION, RESOURCE } from './names'

export { BUCKET, REGION, RESOURCE }

export interface TestCloud {
  cloud: LocalCloud
  port: number
  data: string
  /** When the options have a control port. */
  controlUrl?: string
  /** Every line logged so far. */
  log: string[]
  /**
   * Waits for a line with this text: it comes after the answer, and maybe after later requests' lines.
   * Each line is given once: that of an earlier request does not stand for this one's.
   */
  logged: (text: string) => Promise<string>
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
  const { port, controlUrl } = await cloud.start()
  let stopping: Promise<void> | undefined
  const stop = () => (stopping ??= cloud.stop())
  cleanups.push(stop)
  const given = new Set<number>()
  const logged = async (text: string) => {
    const isMeant = (line: string, index: number) => !given.has(index) && line.includes(text)
    await until(() => log.some(isMeant), `a line with ${text}`)
    const index = log.findIndex(isMeant)
    given.add(index)
    return log[index]!
  }
  return { cloud: { ...cloud, stop }, port, data, controlUrl, log, logged }
}
