import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { tempDir } from './temp-dir'

export interface Stack {
  serverUrl: string
  cloudUrl: string
  /** Lines of the local cloud's log. */
  log: string[]
  stop(): Promise<void>
}

/** The local cloud and the server, for real, on free ports. */
export async function startStack(): Promise<Stack> {
  const data = tempDir()
  const log: string[] = []
  const cloud = createLocalCloud({ data: data.path, port: 0, log: (line) => log.push(line) })
  const { url: cloudUrl } = await cloud.start()
  const app = createApp(readConfig({ STS_ENDPOINT: cloudUrl }))
  const serverUrl = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    serverUrl,
    cloudUrl,
    log,
    async stop() {
      await app.close()
      await cloud.stop()
      data.remove()
    },
  }
}
