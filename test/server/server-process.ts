import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { endProcess } from '../helpers/end-process'

const ROOT = join(__dirname, '..', '..')
/** Nothing listens there: an address of STS that is enough to start. */
export const LOCAL_CLOUD = 'http://127.0.0.1:9000'
/** Every variable, empty: neither this machine's environment nor a server/.env comes through. */
const NOTHING = Object.fromEntries(
  [...readFileSync(join(ROOT, 'server', '.env.example'), 'utf8').matchAll(/^(\w+)=/gm)].map(
    ([, name]) => [name, ''],
  ),
)

/** `npm run server -- ...options`, as a process of its own. */
export function runServer(env: Record<string, string>, options: string[] = []) {
  const script = join('server', 'main.ts')
  return spawn(process.execPath, ['--require', 'tsx/cjs', script, ...options], {
    cwd: ROOT,
    env: { ...process.env, ...NOTHING, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** @returns its exit code, and the lines of stderr */
export async function runToEnd(env: Record<string, string>, options: string[] = []) {
  const child = runServer(env, options)
  const exited = once(child, 'exit')
  child.stdout.resume()
  const stderr = await text(child.stderr)
  const [code] = await exited
  return { code: code as number | null, lines: stderr.trim().split('\n') }
}

/** Runs `use` with the address at which a server process listens, the process, and its output so far. */
export async function withServer(
  env: Record<string, string>,
  use: (url: string, child: ReturnType<typeof runServer>, output: () => string) => Promise<void>,
) {
  const child = runServer({ STS_ENDPOINT: LOCAL_CLOUD, PORT: '0', ...env })
  let output = ''
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        output += chunk
        const line = /^server (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)
        if (line) resolve(line[1]!)
      })
      child.stderr.on('data', (chunk) => (output += chunk))
      child.on('exit', () => reject(new Error(`ended with: ${output}`)))
    })
    await use(url, child, () => output)
  } finally {
    await endProcess(child)
  }
}
