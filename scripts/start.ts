import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { chooseLanAddress, lanNotice } from './start/lan'
import { startParts, type Parts } from './start/parts'
import { createPrivateConfig } from './start/private-config'
import { HELP, parseStartOptions, type StartOptions } from './start/options'

const ROOT = path.join(__dirname, '..')
/** How long open connections may delay the end. */
const STOP_TIMEOUT_MS = 1000

let parts: Promise<Parts> | undefined
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

async function start({ lan, ...options }: StartOptions): Promise<void> {
  createDataFolder(options.data)
  createPrivateConfig(ROOT)
  const lanAddress = lan ? chooseLanAddress(lan === true ? undefined : lan) : undefined
  // Everybody knows the default key of the local cloud: not one for all who are on the network.
  const secretKey = lan ? randomBytes(16).toString('hex') : undefined
  parts = startParts({ ...options, lanAddress, secretKey })
  const { preview, server, cloud, control } = await parts

  console.log(`Open in a browser / 在浏览器中打开：
  ${preview}/

WeChat DevTools: Import Project, choose ${ROOT}
微信开发者工具：导入项目，选择上面的文件夹

server ${server}/
local cloud ${cloud}/
API docs ${server}/docs
console ${control}/
`)
  if (secretKey) {
    console.log(lanNotice({ serverUrl: server, secretKey, colored: process.stdout.isTTY }))
  }
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

/** Ends every part, then the process. A second signal changes nothing. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(exitCode), STOP_TIMEOUT_MS)
  await parts?.then(
    (running) => running.stop(),
    () => {}, // Told by `main`. None is left running.
  )
  process.exit(exitCode)
}
