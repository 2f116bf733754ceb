import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** WeChat's own tool, which npm fetches when a script asks for it. */
export const MINIPROGRAM_CI = 'miniprogram-ci@2.1.42'

/**
 * Runs npm: the one that runs this script, if there is one. On Windows only that one can be run.
 * @returns What npm printed.
 */
export async function npm(args: string[], cwd: string): Promise<string> {
  const { npm_execpath: script } = process.env
  const run = promisify(execFile)
  const { stdout } = script
    ? await run(process.execPath, [script, ...args], { cwd })
    : await run('npm', args, { cwd })
  return stdout
}
