import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './list-files'
import type { Problem } from './problem'
import { compile } from './tsc'

/** Stricter than this project: a reader's may be. */
const OPTIONS = {
  types: [],
  lib: ['ES2020'],
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
}

/**
 * Type-checks a folder that readers copy, alone: nothing of WeChat, of a browser or of Node is
 * there, and nothing that lies beside the folder.
 */
export async function checkAlone(folder: string): Promise<Problem[]> {
  const files = listFiles(folder, ['.ts']).map(
    (file) => [file, fs.readFileSync(path.join(folder, file), 'utf8')] as const,
  )
  const diagnostics = await compile(files, OPTIONS)
  return diagnostics.map(({ file, line, message }) => ({ file, line, message }))
}
