import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { checkStandalone } from './standalone'
import { checkDocsCode } from './docs-code'
import { checkImports } from './imports'
import { checkMessages } from './messages'
import { checkCompileModes, checkMiniProgram } from './miniprogram'
import { checkSize, type PackSettings } from './size'
import { checkTexts } from './texts'
import { checkWxmlTypes } from './wxml-types/wxml-types'
import { checkOtherProjects } from './other-projects'
import { formatProblem, type Problem } from './problem'
import type { Outcome, Step } from './run-steps'
import { samplesProblem } from '../samples'
import { ONE_THREAD } from '../shared/tsc'
import { compileWithWeChat, type WeChatCompilerUnavailable } from './wechat-compile'

/** The typings of mini programs declare a `require` of their own. */
const moduleRequire = createRequire(__filename)

/** What has not changed is not checked again. */
const CACHE = 'node_modules/.cache/'
const STYLE_CACHE = [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  `${CACHE}stylelint`,
]
const STYLES = ['miniprogram/**/*.wxss', 'preview/**/*.css', 'local-cloud/**/*.css']

/**
 * The whole gate: every rule that a machine can hold the project to, but for its tests. The slow
 * ones come first, so that the two or more cores end together.
 *
 * @param root The project's folder.
 */
export function checkSteps(root: string): Step[] {
  const miniProgram = path.join(root, 'miniprogram')
  const cos = path.join(miniProgram, 'cos')
  return [
    {
      name: 'types in other projects',
      run: () => outcome(checkOtherProjects(root), 'miniprogram/'),
    },
    ...['test', 'scripts', 'server', 'local-cloud', 'preview', '.'].map((folder) => {
      const name = folder === '.' ? 'types' : `types ${folder}`
      const cache = `${CACHE}${name.replace(' ', '-')}.tsbuildinfo`
      const options = ['--incremental', '--tsBuildInfoFile', cache, '--pretty', 'false']
      return tool(root, name, 'typescript', ['-p', folder, ...ONE_THREAD, ...options])
    }),
    tool(root, 'styles', 'stylelint', [...STYLE_CACHE, ...STYLES]),
    tool(root, 'format', 'oxfmt', ['--check', '.']),
    tool(root, 'lint', 'oxlint', []),
    { name: 'package size', run: () => packageSize(root) },
    { name: 'types of WXML', run: () => outcome(checkWxmlTypes(miniProgram), 'miniprogram/') },
    { name: 'types of cos alone', run: () => outcome(checkStandalone(cos), 'miniprogram/cos/') },
    { name: "docs' code", run: () => outcome(checkDocsCode(root)) },
    { name: 'unused messages', run: () => outcome(checkMessages(miniProgram), 'miniprogram/') },
    { name: 'untranslated texts', run: () => outcome(checkTexts(miniProgram), 'miniprogram/') },
    {
      name: 'mini program files',
      run: () => outcome(checkMiniProgram(miniProgram), 'miniprogram/'),
    },
    { name: 'compile modes', run: () => outcome(checkCompileModes(root)) },
    { name: 'imports', run: () => outcome(checkImports(miniProgram), 'miniprogram/') },
    { name: 'samples', run: async () => samplesOutcome() },
    { name: 'WeChat compilers', run: () => weChatCompilers(miniProgram) },
  ]
}

/** A step that runs the command of an npm package, without a shell: as it is on Windows, too. */
function tool(root: string, name: string, packageName: string, args: string[]): Step {
  const manifest = moduleRequire.resolve(`${packageName}/package.json`)
  const { bin } = moduleRequire(manifest) as { bin: string | Record<string, string> }
  const command = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '')
  const script = path.join(path.dirname(manifest), command)
  return { name, run: () => runNode(root, [script, ...args]) }
}

/** Plain text: under CI=true, oxlint colors even what it writes to a pipe. */
function runNode(cwd: string, args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        status: code === 0 ? 'ok' : 'failed',
        output: stripVTControlCharacters(Buffer.concat(output).toString()).trim(),
      }),
    )
  })
}

async function weChatCompilers(miniProgram: string): Promise<Outcome> {
  try {
    return await outcome(compileWithWeChat(miniProgram), 'miniprogram/')
  } catch (error) {
    const { code, message } = error as WeChatCompilerUnavailable
    if (code !== 'WECHAT_COMPILER_UNAVAILABLE') throw error
    return { status: 'skipped', output: message }
  }
}

function samplesOutcome(): Outcome {
  const output = samplesProblem()
  return { status: output ? 'failed' : 'ok', output }
}

async function packageSize(root: string): Promise<Outcome> {
  const configuration = fs.readFileSync(path.join(root, 'project.config.json'), 'utf8')
  const project = JSON.parse(configuration) as PackSettings
  const { problem, note } = await checkSize(path.join(root, 'miniprogram'), project)
  return { status: problem ? 'failed' : 'ok', output: problem, note }
}

/** @param folder What the paths of the problems are below; ends with `/`. */
async function outcome(found: Problem[] | Promise<Problem[]>, folder = ''): Promise<Outcome> {
  const problems = await found
  const lines = problems.map((problem) =>
    formatProblem({ ...problem, file: folder + problem.file }),
  )
  return { status: lines.length === 0 ? 'ok' : 'failed', output: lines.join('\n') }
}
