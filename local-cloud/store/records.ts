import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A record that is being written, or was when its process ended. */
const ASIDE = /\.json\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Writes a record whole or not at all: aside, then renamed into place. Synchronous, so that two writers of
 * one record cannot interleave between disk and memory.
 *
 * @param path ends in `.json`
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

/** The files of a folder that are records by their names. What a killed process left there is removed. */
export function recordNames(folder: string, name: RegExp): string[] {
  const names = readdirSync(folder)
  for (const aside of names.filter((one) => ASIDE.test(one))) rmSync(join(folder, aside))
  return names.filter((one) => name.test(one))
}

/** What the fields of a record must be. */
export type Shape = Record<string, (value: unknown) => boolean>

export const isText = (value: unknown): boolean => typeof value === 'string'
export const isNumber = (value: unknown): boolean => Number.isFinite(value)
export const isHeaders = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText)

/**
 * Reads a record.
 *
 * @param remedy What to do about a broken one: `remove it to forget the object`.
 * @throws Error that names the file and the remedy
 */
export function readRecord<T>(path: string, shape: Shape, remedy: string): T {
  let record: Record<string, unknown>
  try {
    record = Object(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new Error(`${path} is not a record of the local cloud: ${remedy}`, { cause: error })
  }
  const wrong = Object.keys(shape).find((field) => !shape[field]?.(record[field]))
  if (wrong === undefined) return record as T
  throw new Error(`${path} is not a record of the local cloud (its ${wrong} is wrong): ${remedy}`)
}
