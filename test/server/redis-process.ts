import { spawn, spawnSync } from 'node:child_process'

import { test } from '@jest/globals'

import { closedPort } from '../helpers/closed-port'
import { endProcess } from '../helpers/end-process'
import { until } from '../helpers/until'

const isInstalled = spawnSync('redis-server', ['--version']).status === 0

/** For the title of a group of `testWithRedis`. */
export const SKIPPED = isInstalled ? '' : ' (skipped: no redis-server is installed)'

/** `test` where there is a redis-server. */
export const testWithRedis = isInstalled ? test : test.skip

/** A redis-server of its own process that writes no file. */
export async function startRedis({ password = '' } = {}) {
  let port = await closedPort()
  const options = ['--bind', '127.0.0.1', '--save', '', '--requirepass', password]
  const start = () => spawn('redis-server', ['--port', String(port), ...options])

  const listen = async (): Promise<ReturnType<typeof start>> => {
    const child = start()
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    await until(() => output.includes('Ready to accept connections') || child.exitCode !== null)
    if (child.exitCode === null) return child
    // Somebody else was given the port since.
    port = await closedPort()
    return listen()
  }
  let child = await listen()
  const stop = () => endProcess(child, 'SIGKILL')
  return {
    url: `redis://${password && `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    stop,
    async restart() {
      await stop()
      child = await listen()
    },
  }
}
