import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { samplesProblem } from '../samples'
import { ONE_THREAD } from '../shared/tsc'
import { checkCosAlone, checkOtherProjects } from './copied-code'
import { checkDocsCode } from './docs-code'
import { checkImports } from './imports'
import { checkMessages } from './messages'
import { checkCompileModes, checkMiniProgram } from './miniprogram'
import { formatProblem, type Problem } from './problem'
import type { Outcome, Step } from './run-steps'
import { checkSize, type PackSettings } from './size'
import { checkTexts } from './texts'
import { compileWithWeChat, UNAVAILABLE } from './wechat-compile'
import { checkWxmlTypes } from './wxml-types/wxml-types'

/** What has not changed is not checked again. */
const CACHE = 'node_modules/.cache/'
const STYLE_CACHE = ['--cache', '--cache-strategy=content', `--cache-location=${CACHE}stylelint`]
const STYLES = ['miniprogram/**/*.wxss', 'preview/**/*.css', 'local-cloud/**/*.css']

/**
 * The whole gate: every rule that a machine can hold the project to, but for its tests. The slow
 * ones come first, so that the two or more cores end together.
 *
 * @param root The project's folder.
 */
export function checkSteps(root: string): Step[] {
  const miniProgram = path.join(root, 'miniprogram')
  const inMiniProgram = (
    name: string,
    check: (root: string) => Problem[] | Promise<Problem[]>,
  ) => ({
    name,
    run: async () => outcome(await check(miniProgram), 'miniprogram/'),
  })
  return [
    inMiniProgram('types in other projects', checkOtherProjects),
    ...['test', 'scripts', 'server', 'local-cloud', 'preview', '.'].map((folder) => {
      const name = folder === '.' ? 'types' : `types ${folder}`
      const cache = `${CACHE}${name.replace(' ', '-')}.tsbuildinfo`
      const options = ['--incremental', '--tsBuildInfoFile', cache, '--pretty', 'false']
      return tool(root, name, 'typescript/bin/tsc', ['-p', folder, ...ONE_THREAD, ...options])
    }),
    tool(root, 'styles', 'stylelint/bin/stylelint.mjs', [...STYLE_CACHE, ...STYLES]),
    tool(root, 'format', 'oxfmt/bin/oxfmt', ['--check', '.']),
    tool(root, 'lint', 'oxlint/bin/oxlint', []),
    { name: 'package size', run: () => packageSize(root, miniProgram) },
    inMiniProgram('types of WXML', checkWxmlTypes),
    inMiniProgram('types of cos alone', checkCosAlone),
    { name: "docs' code", run: async () => outcome(await checkDocsCode(root)) },
    inMiniProgram('unused messages', checkMessages),
    inMiniProgram('untranslated texts', checkTexts),
    inMiniProgram('mini program files', checkMiniProgram),
    { name: 'compile modes', run: async () => outcome(checkCompileModes(root)) },
    inMiniProgram('imports', checkImports),
    { name: 'samples', run: async () => failedIf(samplesProblem()) },
    { name: 'WeChat compilers', run: async () => weChatCompilers(miniProgram) },
  ]
}

/** A step that runs a command below node_modules/, without a shell: as it is on Windows, too. */
function tool(cwd: string, name: string, script: string, args: string[]): Step {
  const file = path.join(__dirname, '../../node_modules', script)
  const run = () =>
    new Promise<Outcome>((resolve) => {
      execFile(process.execPath, [file, ...args], { cwd }, (error, stdout, stderr) => {
        // Plain text: under CI=true, oxlint colors even what it writes to a pipe.
        const output = stripVTControlCharacters(stdout + stderr).trim()
        resolve({ status: error ? 'failed' : 'ok', output: output || String(error) })
      })
    })
  return { name, run }
}

function weChatCompilers(miniProgram: string): Outcome {
  try {
    return outcome(compileWithWeChat(miniProgram), 'miniprogram/')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== UNAVAILABLE) throw error
    return { status: 'skipped', output: message }
  }
}

async function packageSize(root: string, miniProgram: string): Promise<Outcome> {
  const configuration = fs.readFileSync(path.join(root, 'project.config.json'), 'utf8')
  const { problem, note } = await checkSize(miniProgram, JSON.parse(configuration) as PackSettings)
  return { ...failedIf(problem), note }
}

/** @param folder What the paths of the problems are below; ends with `/`. */
function outcome(problems: Problem[], folder = ''): Outcome {
  const lines = problems.map((problem) =>
    formatProblem({ ...problem, file: folder + problem.file }),
  )
  return failedIf(lines.join('\n'))
}

function failedIf(output: string): Outcome {
  return { status: output ? 'failed' : 'ok', output }
}
