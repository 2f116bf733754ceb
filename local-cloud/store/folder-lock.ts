import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'

/** Locks held by this process: a process id alone does not tell them from those of a former one. */
const held = new Set<string>()

/** Thrown when another local cloud uses a folder. */
export class FolderInUseError extends Error {
  readonly code = 'FOLDER_IN_USE'
}

/**
 * Keeps a folder for this process, with a file that holds its process id. A killed process leaves the file;
 * the next one sees that no such process runs, and takes over. Returns what gives the folder free.
 *
 * @throws FolderInUseError, those of node:fs
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock')
  if (!createLock(path)) {
    if (ownerOf(path) === undefined) rmSync(path, { force: true })
    if (!createLock(path)) {
      throw new FolderInUseError(
        `${folder} is in use by the local cloud with process id ${ownerOf(path)}; if that is none, remove ${path}`,
      )
    }
  }
  held.add(path)
  return () => {
    held.delete(path)
    rmSync(path, { force: true })
  }
}

/** `false` when there is one already. */
function createLock(path: string): boolean {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** The living process that holds a lock, if any. */
function ownerOf(path: string): number | undefined {
  if (held.has(path)) return process.pid
  const stats = statSync(path, { throwIfNoEntry: false })
  const bootTime = Date.now() - uptime() * 1000
  if (!stats || stats.mtimeMs < bootTime - 1000) return undefined
  const pid = Number(readFileSync(path, 'utf8'))
  // In a container, a new process often has the id of the former one.
  return pid !== process.pid && isAlive(pid) ? pid : undefined
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is one, but it belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
