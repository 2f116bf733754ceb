import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import { compile } from '../shared/tsc'
import type { Problem } from './problem'
import { lineOf, withoutComments } from './references'

/** Stricter than this project: a reader's may be. */
const OPTIONS = {
  types: [],
  lib: ['ES2020'],
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
}

/**
 * What compiles, and needs more than the language: a declared global other than the console and the
 * timers, which any platform may have; the time of the platform.
 */
const PLATFORM =
  /^\s*declare\b(?! (?:const|function) (?:console|setTimeout|clearTimeout)\b)|\bnew Date\(\)|\bDate(?:\.now)?\(\)/gm

/**
 * Checks a folder that readers copy, alone: its scripts need nothing of WeChat, a browser or Node,
 * nothing that lies beside the folder, and no clock.
 */
export async function checkStandalone(folder: string): Promise<Problem[]> {
  const files = listFiles(folder, ['.ts']).map(
    (file) => [file, fs.readFileSync(path.join(folder, file), 'utf8')] as const,
  )
  const diagnostics = await compile(files, OPTIONS)
  return [
    ...files.flatMap(([file, text]) => platformIn(file, withoutComments(text, '.ts'))),
    ...diagnostics.map(({ file, line, message }) => ({ file, line, message })),
  ]
}

function platformIn(file: string, code: string): Problem[] {
  return [...code.matchAll(PLATFORM)].map((match) => ({
    file,
    line: lineOf(code, match.index + match[0].length - 1),
    message: `${match[0].trim()}: the folder asks nothing of its platform`,
  }))
}
