import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { checkMiniProgram } from './check-miniprogram'
import { codeCardsProblem } from './code-cards'
import { formatProblem, type Problem } from './problem'
import { runSteps, type Outcome, type Step } from './run-steps'
import { compileWithWeChat, type WeChatCompilerUnavailable } from './wechat-compile'

/** The typings of mini programs declare a `require` of their own. */
const moduleRequire = createRequire(__filename)
const ROOT = path.join(__dirname, '..')
const MINIPROGRAM = path.join(ROOT, 'miniprogram')

/** The slow ones first, so that the two or more cores end together. */
const STEPS: Step[] = [
  tool('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  tool('styles', 'stylelint', [
    'miniprogram/**/*.wxss',
    'preview/**/*.css',
    'local-cloud/**/*.css',
  ]),
  ...['.', 'server', 'local-cloud', 'preview', 'scripts', 'test'].map((folder) =>
    tool(folder === '.' ? 'types' : `types ${folder}`, 'typescript', ['-p', folder]),
  ),
  tool('lint', 'oxlint', []),
  { name: 'mini program files', run: async () => outcome(checkMiniProgram(MINIPROGRAM)) },
  { name: 'code cards', run: async () => codeCardsOutcome() },
  { name: 'WeChat compilers', run: weChatCompilers },
]

void main()

async function main(): Promise<void> {
  const failed = await runSteps(STEPS, (line) => console.log(line))
  process.exitCode = failed === 0 ? 0 : 1
}

/** A step that runs the command of an npm package, without a shell: as it is on Windows, too. */
function tool(name: string, packageName: string, args: string[]): Step {
  const manifest = moduleRequire.resolve(`${packageName}/package.json`)
  const { bin } = moduleRequire(manifest) as { bin: string | Record<string, string> }
  const command = typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? '')
  const script = path.join(path.dirname(manifest), command)
  return { name, run: () => runNode([script, ...args]) }
}

function runNode(args: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        status: code === 0 ? 'ok' : 'failed',
        output: Buffer.concat(output).toString().trim(),
      }),
    )
  })
}

async function weChatCompilers(): Promise<Outcome> {
  try {
    return outcome(compileWithWeChat(MINIPROGRAM))
  } catch (error) {
    const { code, message } = error as WeChatCompilerUnavailable
    if (code !== 'WECHAT_COMPILER_UNAVAILABLE') throw error
    return { status: 'skipped', output: message }
  }
}

function codeCardsOutcome(): Outcome {
  const output = codeCardsProblem()
  return { status: output ? 'failed' : 'ok', output }
}

function outcome(problems: Problem[]): Outcome {
  const lines = problems.map((problem) => formatProblem(inRepository(problem)))
  return { status: lines.length === 0 ? 'ok' : 'failed', output: lines.join('\n') }
}

function inRepository(problem: Problem): Problem {
  return { ...problem, file: `miniprogram/${problem.file}` }
}
