import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { listFiles } from '../shared/list-files'
import { formatProblem, type Problem } from './problem'
import { references } from './references'

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'mac',
  win32: 'windows',
}

/** The compilers of WeChat exist for x64 Linux, macOS and Windows only. */
export interface WeChatCompilerUnavailable extends Error {
  code: 'WECHAT_COMPILER_UNAVAILABLE'
}

/**
 * Compiles every .wxml, .wxs and .wxss below a folder with wcc and wcsc, the compilers inside
 * WeChat DevTools (npm package miniprogram-compiler), and returns what they reject: an empty list
 * when all is well. Files are compiled one by one, so that each broken one is named, then together.
 *
 * @param root The mini program's folder.
 * @param bin Where wcc and wcsc lie. Default: inside the npm package.
 * @throws {WeChatCompilerUnavailable} with that `code` where the compilers cannot run.
 */
export function compileWithWeChat(root: string, bin: string = binFolder()): Problem[] {
  const wxml = listFiles(root, ['.wxml'])
  const wxs = listFiles(root, ['.wxs'])
  const wxss = listFiles(root, ['.wxss'])
  const problems = [
    ...[...wxs, ...wxml].flatMap((file) => wcc(withDependencies(root, file))),
    ...(wxml.length > 0 ? wcc([...wxml, ...wxs]) : []),
    ...wxss.flatMap((file) => wcsc(withDependencies(root, file))),
  ]
  const unique = new Map(problems.map((problem) => [formatProblem(problem), problem]))
  return [...unique.values()]

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

/** A file and all that it names, directly or not: no other broken file can hide its errors. */
function withDependencies(root: string, file: string): string[] {
  const found = new Set([file])
  for (const current of found) {
    for (const { target } of references(root, current)) {
      if (fs.existsSync(path.join(root, target))) found.add(target)
    }
  }
  return [...found]
}

/** One line of what the compilers print on stderr, in any of their four forms. */
function parseLine(line: string): Problem[] {
  const place =
    // wcc: `./a.wxml:3:2: end tag missing` and `./a.wxs:2:8:Expected LineFeed`
    /^(?<file>.+?\.(?:wxml|wxs)):(?<line>\d+):\d+: ?(?<message>.+)$/.exec(line) ??
    // wcsc: `ERR: ./a.wxss(3:6): unexpected token`, the prefix only in the first line
    /^(?:ERR: )?(?<file>.+?\.wxss)\((?<line>\d+):\d+\): (?<message>.+)$/.exec(line) ??
    // wcsc: "ERR: path `./none.wxss` not found from `./a.wxss`."
    /^ERR: (?<message>path `.+?` not found) from `(?<file>.+?)`\.$/.exec(line)
  if (!place?.groups) return []
  const { file = '', line: lineNumber, message = '' } = place.groups
  const problem: Problem = { file: path.posix.normalize(file), message }
  return [lineNumber === undefined ? problem : { ...problem, line: Number(lineNumber) }]
}

function binFolder(): string {
  const platform = PLATFORMS[process.platform]
  if (platform === undefined) throw unavailable('there is no build of them for it')
  const packageFolder = path.dirname(
    createRequire(__filename).resolve('miniprogram-compiler/package.json'),
  )
  return path.join(packageFolder, 'bin', platform)
}

function executable(bin: string, tool: string): string {
  const file = path.join(bin, process.platform === 'win32' ? `${tool}.exe` : tool)
  try {
    fs.accessSync(file, fs.constants.X_OK)
  } catch {
    makeExecutable(file)
  }
  return file
}

/** The package ships the Linux builds without the x bit. */
function makeExecutable(file: string): void {
  try {
    fs.chmodSync(file, 0o755)
  } catch (error) {
    throw unavailable((error as Error).message)
  }
}

function unavailable(reason: string): WeChatCompilerUnavailable {
  const system = `${process.platform} ${process.arch}`
  const message = `WeChat's compilers cannot run on this system (${system}): ${reason}`
  return Object.assign(new Error(message), { code: 'WECHAT_COMPILER_UNAVAILABLE' as const })
}
