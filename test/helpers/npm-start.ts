import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from './until'

const ROOT = join(__dirname, '../..')
/** What ends a process when the test that started it is gone. */
export const END_WITH_PARENT = [
  '--require',
  'tsx/cjs',
  '--require',
  join(ROOT, 'scripts/end-with-parent.ts'),
]
export const FREE_PORTS = ['preview', 'server', 'cloud', 'control'].flatMap((part) => [
  `--${part}-port`,
  '0',
])

export interface Run {
  child: ChildProcess
  stdout: () => string
  stderr: () => string
  /** The exit code. */
  ended: Promise<number | null>
}

/** Runs `scripts/start.ts` as npm does, but without npm. */
export function runStart(...args: string[]): Run {
  const child = spawn(process.execPath, [...END_WITH_PARENT, 'scripts/start.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, stdout: () => output.stdout, stderr: () => output.stderr, ended }
}

/** The addresses that it prints when all of it runs, without trailing slashes. */
export async function addresses(run: Run) {
  const pattern = /^ {2}(\S+)\/\n[^]*^server (\S+)\/\nlocal cloud (\S+)\/\n[^]*^console (\S+)\/\n/m
  const [, preview = '', server = '', cloud = '', control = ''] = await until(() => {
    if (run.child.exitCode !== null) throw new Error(`ended too early: ${run.stderr()}`)
    return pattern.exec(run.stdout())
  }, 'the addresses')
  return { preview, server, cloud, control }
}
