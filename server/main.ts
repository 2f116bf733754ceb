import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { createApp } from './app'
import { readConfig } from './config'

/** Listens as the environment says (server/.env is read when it is there); a fault ends it with 1. */
async function main(): Promise<void> {
  const envFile = join(__dirname, '.env')
  if (existsSync(envFile)) process.loadEnvFile(envFile)

  const config = readConfig(process.env)
  const app = createApp(config, { logStream: process.stdout })
  console.log(`server ${await app.listen({ host: config.host, port: config.port })}`)
}

main().catch((error: Error & { code?: string; port?: number }) => {
  const isTaken = error.code === 'EADDRINUSE'
  console.error(isTaken ? `port ${error.port} is in use: set another PORT` : error.message)
  if (error.code === 'INVALID_CONFIG') {
    console.error('Each variable is explained in server/.env.example')
  }
  process.exitCode = 1
})
