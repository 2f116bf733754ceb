/**
 * Preload it with `node --require`: the process ends soon after a signal, and when the process that started it
 * is gone.
 *
 * npm runs a script in a shell, which would keep the signals that npm passes on (SIGINT, SIGTERM). So the
 * script begins with `exec`: the shell makes way for node. SIGHUP and SIGKILL reach npm alone. (On Windows
 * there is no such signal, and the shell stays; it dies with npm, because Node puts its children into a job.)
 */

const CHECK_MS = 100
/** For what a process does on a signal. */
const STOP_MS = 500

const parent = process.ppid
const timer = setInterval(() => {
  // The parent of a process that is left behind is another one.
  if (process.ppid === parent && isAlive(parent)) return
  clearInterval(timer)
  // Not `process.kill`: on Windows, that runs no handler.
  process.emit('SIGTERM', 'SIGTERM')
}, CHECK_MS).unref()

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)

function end(): void {
  setTimeout(() => process.exit(), STOP_MS).unref()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
