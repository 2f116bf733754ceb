import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createPreview } from '../../preview/preview'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'

export interface PartsOptions {
  /** Folder of the local cloud's objects. */
  data: string
  /** An address on the local network, for other devices. Default: 127.0.0.1, for this computer alone. */
  lanAddress?: string
  /** The permanent key of the local cloud. Default: the one that everybody knows. */
  secretKey?: string
  /** 0 takes any free port. */
  previewPort: number
  serverPort: number
  cloudPort: number
  controlPort: number
}

/** Addresses without a trailing slash. */
export interface Parts {
  preview: string
  server: string
  cloud: string
  control: string
  stop(): Promise<void>
}

/**
 * Starts the preview, the server and the local cloud, each knowing the others.
 *
 * @throws Error of the part that does not start, with the option where its port is at fault; the other
 * parts are stopped by then
 */
export async function startParts(options: PartsOptions): Promise<Parts> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    await Promise.allSettled(stops.toReversed().map((stopPart) => stopPart()))
  }
  try {
    return { ...(await startEach(options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startEach(options: PartsOptions, stops: (() => Promise<unknown>)[]) {
  const { data, lanAddress, secretKey, previewPort, serverPort, cloudPort, controlPort } = options
  const host = lanAddress ?? '127.0.0.1'
  const localCloud = createLocalCloud({ data, host, port: cloudPort, controlPort, secretKey })
  stops.push(() => localCloud.stop())
  const { url: cloud, controlUrl: control = '' } = await listen(localCloud.start(), {
    '--cloud-port': cloudPort,
    '--control-port': controlPort,
  })

  // The server must know the preview's origin, and the preview the server's address: the preview
  // listens first, and reads its storage at every load of the page.
  const storage: Record<string, string> = {}
  const pages = createPreview({ host, port: previewPort, storage })
  stops.push(() => pages.stop())
  const { url: preview, port } = await listen(pages.start(), { '--preview-port': previewPort })

  const config = readConfig({
    STS_ENDPOINT: cloud,
    TENCENT_SECRET_KEY: secretKey,
    CORS_ORIGINS: lanAddress ? preview : `${preview},http://localhost:${port}`,
    // The console listens on this computer only.
    FAULTS_URL: lanAddress ? undefined : `${control}/faults`,
    API_DOCS: 'on',
  })
  const app = createApp(config)
  stops.push(() => app.close())
  const server = await listen(app.listen({ host, port: serverPort }), {
    '--server-port': serverPort,
  })
  storage['server-url'] = server
  return { preview, server, cloud, control }
}

/** Waits for a part to listen; where a port is at fault, names the option that mends it. */
async function listen<T>(started: Promise<T>, ports: Record<string, number>): Promise<T> {
  try {
    return await started
  } catch (error) {
    const { code = '', port } = error as NodeJS.ErrnoException & { port?: number }
    const reason = PORT_FAULTS[code]
    const [option] = Object.entries(ports).find(([, wanted]) => wanted === port) ?? []
    if (reason === undefined || option === undefined) throw error
    throw new Error(`port ${port} ${reason}: choose another ${option} PORT (0 for any free one)`, {
      cause: error,
    })
  }
}

const PORT_FAULTS: Record<string, string> = {
  EADDRINUSE: 'is in use',
  EACCES: 'needs rights that you do not have',
}
