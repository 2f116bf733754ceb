import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { createApp } from './app'
import { checkAccount } from './check-account'
import { readConfig, type Config } from './config'
import { shutDown } from './shut-down'

/** Container platforms send SIGKILL 10 to 30 seconds after SIGTERM. */
const SHUT_DOWN_MS = 10_000

/**
 * Listens as the environment says (server/.env is read when it is there); a problem ends it with 1.
 * With `--check` it tries the configured account instead, and ends: 0 when nothing failed.
 */
async function main(): Promise<void> {
  const [option, ...rest] = process.argv.slice(2)
  if (rest.length > 0 || (option !== undefined && option !== '--check')) {
    throw new Error(
      `unknown option ${rest[0] ?? option}: there is only --check, which tries the account`,
    )
  }
  const envFile = join(__dirname, '.env')
  if (existsSync(envFile)) process.loadEnvFile(envFile)
  const config = readConfig(process.env)

  if (option === '--check') {
    const passed = await checkAccount(config, (line) => console.log(line))
    process.exitCode = passed ? 0 : 1
  } else {
    await listen(config)
  }
}

async function listen(config: Config): Promise<void> {
  const app = createApp(config, { logStream: process.stdout })
  console.log(`server ${await app.listen({ host: config.host, port: config.port })}`)

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    const finished = await shutDown(app, SHUT_DOWN_MS)
    process.exit(finished ? 0 : 1)
  }
  // A second signal changes nothing: npm passes on the Ctrl+C that the terminal has sent, too.
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

main().catch((error: Error & { code?: string; port?: number }) => {
  const isTaken = error.code === 'EADDRINUSE'
  console.error(isTaken ? `port ${error.port} is in use: set another PORT` : error.message)
  if (error.code === 'INVALID_CONFIG') {
    console.error('Each variable is explained in server/.env.example')
  }
  process.exitCode = 1
})
