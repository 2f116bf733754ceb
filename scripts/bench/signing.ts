import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { median } from './median'

const ROOT = join(__dirname, '../..')
const ROUNDS = 5

/** What is compared: the task, whether with a JIT, and the least ratios that we want. */
const RACES = [
  { task: 'one', jit: true, wx: 6, node: 0.8, what: 'getAuthorization, a fresh key each time' },
  { task: 'one', jit: false, wx: 1.4, what: 'the same without a JIT' },
  { task: 'list', jit: true, wx: 12, node: 1.4, what: '1,000 URLs, one key, one time' },
  { task: 'list', jit: false, wx: 3, what: 'the same without a JIT' },
]

/** Speed of signing against the official SDKs, its growth, and the size of what ships. */
export function benchSigning(print: (line: string) => void): void {
  const script = bundle(`import ${JSON.stringify(join(__dirname, 'signing-subject.ts'))}`, 'node')
  print('signing: times as fast as the official SDKs (median of 5 rounds; goal in brackets)')
  for (const { task, jit, wx, node, what } of RACES) {
    const rounds = Array.from({ length: ROUNDS }, () => {
      const [ours, sdk, native] = ['ours', 'wx', 'node'].map((subject) =>
        cost(script, subject, task, jit),
      )
      return { ours: ours!, wx: sdk! / ours!, node: native! / ours! }
    })
    const ratio = (of: 'wx' | 'node') => `${median(rounds.map((round) => round[of])).toFixed(2)}×`
    const micro = (median(rounds.map(({ ours }) => ours)) / 1000).toFixed(1)
    const native = node === undefined ? '' : `  node SDK ${ratio('node')} (≥ ${node})`
    print(`  ${what.padEnd(42)} ${micro.padStart(6)} µs  wx SDK ${ratio('wx')} (≥ ${wx})${native}`)
  }
  printGrowth(script, print)
  printSizes(print)
}

/** The cost must grow with the number of parameters and headers, and no faster. */
function printGrowth(script: string, print: (line: string) => void): void {
  const costs = ['1', '10', '100'].map((count) => cost(script, 'ours', count, true) / 1000)
  const [one, ten, hundred] = costs.map((micro) => micro.toFixed(1))
  print(`  1, 10, 100 parameters and as many headers: ${one}, ${ten}, ${hundred} µs`)
}

function printSizes(print: (line: string) => void): void {
  const cos = JSON.stringify(join(ROOT, 'miniprogram/cos/index.ts'))
  const sizes = [
    ['all of cos/', `export * from ${cos}; export { default } from ${cos}`, '≤ 14 KB, 6.2 KB'],
    ['new COS(…) alone', `import COS from ${cos}; globalThis.COS = COS`, ''],
    ['presignedUrl alone', `export { presignedUrl } from ${cos}`, '≤ 7 KB, 3 KB'],
  ] as const
  print('size in bytes: minified, gzip')
  for (const [what, source, goal] of sizes) {
    const code = bundle(source, 'browser')
    print(`  ${what.padEnd(20)} ${code.length}, ${gzipSync(code, { level: 9 }).length}  ${goal}`)
  }
  const sdk = readFileSync(join(ROOT, 'node_modules/cos-wx-sdk-v5/dist/cos-wx-sdk-v5.min.js'))
  print(`  cos-wx-sdk-v5        ${sdk.length}, ${gzipSync(sdk, { level: 9 }).length}`)
}

function bundle(contents: string, platform: 'node' | 'browser'): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    format: platform === 'node' ? 'cjs' : 'esm',
    platform,
  })
  return outputFiles[0]!.text
}

/** Nanoseconds for one signature, in a process of its own. */
function cost(script: string, subject: string, task: string, jit: boolean): number {
  const flags = jit ? [] : ['--jitless']
  const output = execFileSync(process.execPath, [...flags, '-', subject, task], {
    cwd: ROOT,
    input: script,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  return Number(output.trim().split('\n').at(-1))
}
