import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { readFiles } from '../shared/list-files'
import { unique, type Problem } from './problem'
import { reach, references } from './references'

/** Where wcc and wcsc lie: there are builds for x64 Linux, macOS and Windows. */
const FOLDERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'mac', win32: 'windows' }
const BIN = path.join(
  __dirname,
  '../../node_modules/miniprogram-compiler/bin',
  FOLDERS[process.platform] ?? process.platform,
)

/** The `code` of what is thrown where the compilers of WeChat cannot run. */
export const UNAVAILABLE = 'WECHAT_COMPILER_UNAVAILABLE'

/**
 * Compiles every .wxml, .wxs and .wxss below a folder with wcc and wcsc, the compilers inside
 * WeChat DevTools (npm package miniprogram-compiler), and returns what they reject: an empty list
 * when all is well. Files are compiled one by one, so that each broken one is named, then together.
 *
 * @param root The mini program's folder.
 * @param bin Where wcc and wcsc lie. Default: inside the npm package.
 * @throws Error with the code `UNAVAILABLE`, where the compilers cannot run
 */
export function compileWithWeChat(root: string, bin: string = BIN): Problem[] {
  const files = readFiles(root, ['.wxml', '.wxs', '.wxss'])
  const styles = [...files.keys()].filter((file) => file.endsWith('.wxss'))
  const templates = [...files.keys()].filter((file) => !file.endsWith('.wxss'))
  return unique([
    ...[...templates.map(withDependencies), templates].flatMap(wcc),
    ...styles.map(withDependencies).flatMap(wcsc),
  ])

  /** A file and all that it names, directly or not: no other broken file can hide its errors. */
  function withDependencies(file: string): string[] {
    const named = (current: string) =>
      references(current, files.get(current) ?? '').map(({ target }) => target)
    return [...reach([file], (current) => named(current).filter((target) => files.has(target)))]
  }

  function wcc(files: string[]): Problem[] {
    return run('wcc', ['-d', '-cc', '0'], files, ['-gn', '$gwx'])
  }

  /** Compiles the first file; the others are those that it imports. */
  function wcsc(files: string[]): Problem[] {
    return run('wcsc', ['-db', '-pc', '1'], files)
  }

  function run(tool: string, options: string[], files: string[], last: string[] = []): Problem[] {
    // Only with a leading `./` do they find absolute imports (`/styles/base.wxss`).
    const args = [...options, ...files.map((file) => `./${file}`), ...last]
    const { error, status, signal, stderr } = spawnSync(executable(bin, tool), args, {
      cwd: root,
      encoding: 'utf8',
      // The compiled code goes to stdout; only the errors matter here.
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    if (error) throw unavailable(error.message)
    if (status === 0) return []
    const found = stderr.split(/\r?\n/).flatMap(parseLine)
    if (found.length > 0) return found
    const message = stderr.trim() || `${tool} ended with ${signal ?? `exit code ${status}`}`
    return [{ file: files[0] ?? '.', message }]
  }
}

/** One line of what the compilers print on stderr, in any of their four forms. */
function parseLine(line: string): Problem[] {
  const place =
    // wcc: `./a.wxml:3:2: end tag missing` and `./a.wxs:2:8:Expected LineFeed`
    // wcsc: `ERR: ./a.wxss(3:6): unexpected token`, the prefix only in the first line
    /^(?:ERR: )?(?<file>.+?\.wx\w+)[:(](?<line>\d+):\d+\)?: ?(?<message>.+)$/.exec(line) ??
    // wcsc: "ERR: path `./none.wxss` not found from `./a.wxss`."
    /^ERR: (?<message>path `.+?` not found) from `(?<file>.+?)`\.$/.exec(line)
  if (!place?.groups) return []
  const { file = '', line: lineNumber, message = '' } = place.groups
  const problem: Problem = { file: path.posix.normalize(file), message }
  return [lineNumber === undefined ? problem : { ...problem, line: Number(lineNumber) }]
}

/** The package ships the Linux builds without the x bit. */
function executable(bin: string, tool: string): string {
  const file = path.join(bin, process.platform === 'win32' ? `${tool}.exe` : tool)
  try {
    fs.chmodSync(file, 0o755)
  } catch {
    // It may be executable all the same: another user has installed it.
  }
  return file
}

function unavailable(reason: string): Error {
  const system = `${process.platform} ${process.arch}`
  const message = `WeChat's compilers cannot run on this system (${system}): ${reason}`
  return Object.assign(new Error(message), { code: UNAVAILABLE })
}
