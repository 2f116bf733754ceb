import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder that can be written to. Not with `recursive`: below /proc, that one never returns (Node 20).
 *
 * @throws those of node:fs
 */
export function makeFolder(path: string): void {
  if (!existsSync(path)) {
    makeFolder(dirname(path))
    mkdirSync(path)
  }
  accessSync(path, constants.W_OK)
}
