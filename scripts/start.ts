import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { createLocalCloud } from '../local-cloud/local-cloud'
import { createPreview } from '../preview/preview'
import { createApp } from '../server/app'
import { readConfig } from '../server/config'
import { chooseLanAddress, lanNotice } from './start/lan'
import { createPrivateConfig } from './start/private-config'
import { HELP, parseStartOptions, type StartOptions } from './start/options'

const ROOT = path.join(__dirname, '..')
/** How long open connections may delay the end. */
const STOP_TIMEOUT_MS = 1000

/** Called in reverse order of starting. */
const stops: (() => Promise<unknown>)[] = []
let stopping = false

process.on('SIGINT', () => void stop(0))
process.on('SIGTERM', () => void stop(0))
void main()

async function main(): Promise<void> {
  try {
    const options = readOptions()
    if (options.help) console.log(HELP)
    else await start(options)
  } catch (error) {
    console.error(`npm start: ${(error as Error).message}`)
    await stop(1)
  }
}

function readOptions(): StartOptions {
  try {
    return parseStartOptions(process.argv.slice(2))
  } catch (error) {
    // Node explains some of its messages in further lines.
    const [message] = (error as Error).message.split('\n')
    throw new Error(`${message} (see --help)`, { cause: error })
  }
}

async function start(options: StartOptions): Promise<void> {
  createDataFolder(options.data)
  createPrivateConfig(ROOT)
  const { data, cloudPort, controlPort, lan } = options
  const host = lan ? chooseLanAddress(lan === true ? undefined : lan) : '127.0.0.1'
  // Everybody knows the default key of the local cloud: not one for all who are on the network.
  const secretKey = lan ? randomBytes(16).toString('hex') : undefined
  const cloud = createLocalCloud({ data, host, port: cloudPort, controlPort, secretKey })
  stops.push(() => cloud.stop())
  const { url: cloudUrl, controlUrl } = await listen(cloud.start(), {
    '--cloud-port': cloudPort,
    '--control-port': controlPort,
  })

  // The server must know the preview's origin, and the preview the server's address: the preview
  // listens first, and reads its storage at every load of the page.
  const storage: Record<string, string> = {}
  const preview = createPreview({ host, port: options.previewPort, storage })
  stops.push(() => preview.stop())
  const { url: previewUrl, port } = await listen(preview.start(), {
    '--preview-port': options.previewPort,
  })

  const config = readConfig({
    STS_ENDPOINT: cloudUrl,
    TENCENT_SECRET_KEY: secretKey,
    CORS_ORIGINS: lan ? previewUrl : `${previewUrl},http://localhost:${port}`,
    // The console listens on this computer only.
    FAULTS_URL: lan ? undefined : `${controlUrl}/faults`,
    API_DOCS: 'on',
  })
  const server = createApp(config)
  stops.push(() => server.close())
  const serverUrl = await listen(server.listen({ host, port: options.serverPort }), {
    '--server-port': options.serverPort,
  })
  storage['server-url'] = serverUrl

  console.log(`Open in a browser / 在浏览器中打开：
  ${previewUrl}/

WeChat DevTools: Import Project, choose ${ROOT}
微信开发者工具：导入项目，选择上面的文件夹

server ${serverUrl}/
local cloud ${cloudUrl}/
API docs ${serverUrl}/docs
console ${controlUrl}/
`)
  if (secretKey) console.log(lanNotice({ serverUrl, secretKey, colored: process.stdout.isTTY }))
}

/** The folder must take files: better said now than at the first upload. */
function createDataFolder(data: string): void {
  try {
    fs.mkdirSync(data, { recursive: true })
    fs.accessSync(data, fs.constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Error(`cannot write to ${path.resolve(data)} (${code}): choose another --data DIR`, {
      cause: error,
    })
  }
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

/** Ends every part, then the process. A second signal changes nothing. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(exitCode), STOP_TIMEOUT_MS)
  await Promise.allSettled(stops.toReversed().map(async (stopPart) => stopPart()))
  process.exit(exitCode)
}
