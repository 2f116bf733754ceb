import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')

/** The check runs a step on each core already, and every further thread checks shared types again. */
export const ONE_THREAD = ['--singleThreaded']

/** A complaint of the TypeScript compiler. */
export interface Diagnostic {
  /** Relative to the project, with `/`. Empty where it is about no file. */
  file: string
  /** Counted from 1. */
  line: number
  /** Counted from 1. */
  column: number
  /** As in `TS2339`. */
  code: number
  /** Further lines, which explain the first, are indented. */
  message: string
}

/**
 * Runs the TypeScript compiler on any project.
 * @param project A folder with a tsconfig.json.
 * @param compiler Its package, as this repository calls it.
 * @throws Error when it could not compile at all
 */
export function tsc(project: string, compiler = 'typescript'): Promise<Diagnostic[]> {
  const script = path.join(ROOT, 'node_modules', compiler, 'bin/tsc')
  const threads = compiler === 'typescript' ? ONE_THREAD : []
  const args = [script, '-p', project, ...threads, '--pretty', 'false']
  const options = { cwd: project, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const diagnostics = parse(stdout)
      // Anything else than diagnostics means that nothing was compiled.
      if (stderr || (error && diagnostics.length === 0)) reject(new Error(stdout + stderr))
      else resolve(diagnostics)
    })
  })
}

/**
 * Type-checks a project that exists in memory only, with the compiler options of the mini program.
 * What it declares and does not use is no fault here.
 *
 * @param files Path -> text.
 * @param options More compiler options; `types` are looked for among those of this repository.
 * @param compiler As for `tsc`.
 */
export async function compile(
  files: Iterable<readonly [string, string]>,
  options: object = {},
  compiler?: string,
): Promise<Diagnostic[]> {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), 'check-types-'))
  // Not by `extends`: an old compiler complains of the options that it does not know there.
  const base = JSON.parse(fs.readFileSync(path.join(ROOT, 'tsconfig.json'), 'utf8')) as {
    compilerOptions: object
  }
  const compilerOptions = {
    ...base.compilerOptions,
    typeRoots: [path.join(ROOT, 'node_modules')],
    skipLibCheck: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    ...options,
  }
  const configuration = JSON.stringify({ compilerOptions, include: ['.'] })
  try {
    for (const [file, text] of [...files, ['tsconfig.json', configuration] as const]) {
      fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
      fs.writeFileSync(path.join(project, file), text)
    }
    return await tsc(project, compiler)
  } finally {
    fs.rmSync(project, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** `file(line,column): error TS1234: message`, its further lines indented. */
function parse(output: string): Diagnostic[] {
  return output
    .split(/\r?\n(?! )/)
    .filter(Boolean)
    .map((text) => {
      const [, file = '', line, column, code, message] =
        /^(?:(.+?)\((\d+),(\d+)\): )?error TS(\d+): ([^]*)$/.exec(text) ?? []
      return {
        file: file.replaceAll('\\', '/'),
        line: Number(line ?? 0),
        column: Number(column ?? 0),
        code: Number(code ?? 0),
        message: message ?? text,
      }
    })
}
