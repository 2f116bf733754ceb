import { randomUUID } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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

/**
 * Writes a record whole or not at all: aside, then renamed into place. Synchronous, so that two writers of
 * one record cannot interleave between disk and memory. What a killed process leaves does not end in `.json`.
 */
export function writeRecord(path: string, record: object): void {
  const aside = `${path}.${randomUUID()}`
  try {
    writeFileSync(aside, JSON.stringify(record))
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** @throws Error that names the file when it is not a record */
export function readRecord<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path} is not a record of the local cloud`, { cause: error })
  }
}
