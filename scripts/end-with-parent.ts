import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Preload it with `node --import`: the process ends when the one that started it is gone.
 *
 * npm runs a script in a shell. It hands SIGINT and SIGTERM to that shell, which dies of them and leaves its
 * child behind; SIGHUP and SIGKILL reach npm alone. So this looks at the parent and, where that is a shell, at
 * the shell's own parent, too. (On Windows the shell dies with npm: Node puts its children into a job.)
 */

const CHECK_MS = 100
/** For what a process does on SIGTERM. */
const STOP_MS = 1000
const SHELL = /(^|[/-])(ba|da|z|k|a)?sh$/

const parent = process.ppid
const shells = shellsFrom(parent)
const timer = setInterval(() => {
  if (process.ppid === parent && isAlive(parent) && shells.every(hasItsParent)) return
  clearInterval(timer)
  // Not `process.kill`: on Windows, that runs no handler.
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(1)
  setTimeout(() => process.exit(1), STOP_MS).unref()
}, CHECK_MS).unref()

interface Shell {
  pid: number
  parentId: number
}

/** A process and those above it, as far as they are shells. */
function shellsFrom(pid: number): Shell[] {
  const { name, parentId } = describeProcess(pid)
  return SHELL.test(name) && parentId > 1 ? [{ pid, parentId }, ...shellsFrom(parentId)] : []
}

/** A process that has ended stays visible until its own parent takes note, but loses its children at once. */
function hasItsParent({ pid, parentId }: Shell): boolean {
  return process.platform === 'linux'
    ? describeProcess(pid).parentId === parentId
    : isAlive(parentId)
}

function describeProcess(pid: number): { name: string; parentId: number } {
  if (process.platform === 'win32') return { name: '', parentId: 0 }
  try {
    const text =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \((.*)\) \w (\d+) .*$/s, '$2 $1')
        : execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parentId = 0, name = ''] = /^\s*(\d+)\s+(.*?)\s*$/s.exec(text) ?? []
    return { name, parentId: Number(parentId) }
  } catch {
    // It is gone, or cannot be looked at: then its own end is all that can be seen.
    return { name: '', parentId: 0 }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
