import { afterEach, expect, test } from '@jest/globals'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { FREE_PORTS } from '../helpers/npm-start'
import { tempDir, type TempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'

const ROOT = path.join(__dirname, '../..')
const IS_WINDOWS = process.platform === 'win32'

const started: ChildProcess[] = []
const folders: TempDir[] = []

afterEach(() => {
  for (const child of started) signalGroup(child, 'SIGKILL')
  for (const folder of folders) folder.remove()
  started.length = 0
  folders.length = 0
})

function newFolder(): TempDir {
  const folder = tempDir()
  folders.push(folder)
  return folder
}

/** `npm run <script>`, once it listens: npm itself, and the addresses that the script prints. */
async function npmRun(script: string, args: string[], env: Record<string, string> = {}) {
  // In a group of its own, as a terminal starts it.
  const options = { cwd: ROOT, env: { ...process.env, ...env }, detached: !IS_WINDOWS }
  const child = IS_WINDOWS
    ? spawn(process.execPath, [npmCli(), 'run', script, '--', ...args], options)
    : spawn('npm', ['run', script, '--', ...args], options)
  started.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const addresses = await until(
    () => output.match(/http:\/\/127\.0\.0\.1:\d+/g),
    `the addresses of ${script}`,
  )
  return { child, addresses }
}

/** Sends a signal to npm and all that it started. */
function signalGroup({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(IS_WINDOWS ? pid : -pid, signal)
  } catch (error) {
    // All of it has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function npmCli(): string {
  return path.join(path.dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js')
}

/** Whether nothing takes connections there. Of a request, a process that ends might leave the answer out. */
const isGone = (url: string) =>
  new Promise<boolean>((resolve) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.once('error', () => resolve(true))
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
  })

const cloudOptions = () => ['--port', '0', '--control-port', '0', '--data', newFolder().path]

const scripts = {
  start: () => [...FREE_PORTS, '--data', newFolder().path],
  server: () => [],
  'local-cloud': cloudOptions,
}
const serverEnv = { PORT: '0', HOST: '127.0.0.1', STS_ENDPOINT: 'http://127.0.0.1:1' }

/** With SIGKILL npm cannot pass anything on. */
test.each([
  ['SIGKILL', ['start', 'server', 'local-cloud']],
  ['SIGTERM', ['local-cloud']],
  ['SIGINT', ['local-cloud']],
  ['SIGHUP', ['local-cloud']],
] as const)('when npm alone gets %s, %j end', async (signal, names) => {
  const runs = await Promise.all(names.map((name) => npmRun(name, scripts[name](), serverEnv)))
  for (const { child } of runs) child.kill(signal)
  for (const url of runs.flatMap(({ addresses }) => addresses)) {
    await until(() => isGone(url), `${url} is free`)
  }
})

const onLinux = process.platform === 'linux' ? test : test.skip

onLinux('ends with npm although nobody takes note of its end', async () => {
  const command = `npm run local-cloud -- ${cloudOptions().join(' ')} & echo "npm $!"; exec sleep 600`
  const child = spawn('sh', ['-c', command], { cwd: ROOT, detached: true })
  started.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const found = await until(
    () => /^npm (\d+)$[^]*(http:\S+)\/\nconsole/m.exec(output),
    'the addresses',
  )
  process.kill(Number(found[1]), 'SIGKILL')
  await until(() => isGone(String(found[2])), 'the port is free')
})

// Windows has no signals: this would end npm alone.
const onUnix = IS_WINDOWS ? test.skip : test

onUnix(
  'npm run local-cloud ends in order on Ctrl-C, which a terminal sends to npm and all below it',
  async () => {
    const { path: data } = newFolder()
    const ports = ['--port', '0', '--control-port', '0']
    const { child } = await npmRun('local-cloud', [...ports, '--data', data])
    const isLocked = () =>
      readdirSync(data, { recursive: true }).some((file) => /\block$/.test(String(file)))
    expect(isLocked()).toBe(true)
    const ended = once(child, 'exit')
    signalGroup(child, 'SIGINT')
    // npm forwards the signal, too. If it arrives while Node exits, the exit code is null.
    expect([0, null]).toContain((await ended)[0])
    expect(isLocked()).toBe(false)
  },
)

test('after a kill, the same folder and port can be used at once', async () => {
  const { path: data } = newFolder()
  const first = await npmRun('local-cloud', ['--port', '0', '--control-port', '0', '--data', data])
  const [url = ''] = first.addresses
  first.child.kill('SIGKILL')
  await until(() => isGone(url), 'the port is free')
  const port = ['--port', new URL(url).port, '--control-port', '0']
  const second = await npmRun('local-cloud', [...port, '--data', data])
  expect(second.addresses[0]).toBe(url)
})
