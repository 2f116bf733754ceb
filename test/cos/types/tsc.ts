import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

/** A complaint of the compiler. */
export interface Diagnostic {
  /** Relative to the project, with `/`. */
  file: string
  line: number
  message: string
}

/**
 * Runs the compiler of this project on another one.
 * @param project a folder with a tsconfig.json
 */
export function tsc(project: string): Promise<Diagnostic[]> {
  const require = createRequire(__filename)
  const manifest = require.resolve('typescript/package.json')
  const { bin } = require(manifest) as { bin: { tsc: string } }
  const script = path.join(path.dirname(manifest), bin.tsc)
  const args = [script, '-p', project, '--pretty', 'false']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: project }, (error, stdout, stderr) => {
      const diagnostics = parse(stdout)
      // Anything else than diagnostics means that nothing was compiled.
      if (stderr || (error && diagnostics.length === 0)) reject(new Error(stdout + stderr))
      else resolve(diagnostics)
    })
  })
}

/** `file(line,column): error TS1234: message`, its further lines indented. */
function parse(output: string): Diagnostic[] {
  return output
    .split(/\r?\n(?! )/)
    .filter(Boolean)
    .map((text) => {
      const [, file = '', line, message] =
        /^(.+?)\((\d+),\d+\): error TS\d+: ([^]*)$/.exec(text) ?? []
      return { file: file.replaceAll('\\', '/'), line: Number(line ?? 0), message: message ?? text }
    })
}
