import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import { medians } from './measure'

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
export async function benchSigning(): Promise<void> {
  const script = bundle(`import ${JSON.stringify(join(__dirname, 'signing-subject.ts'))}`, 'node')
  console.log('signing: times as fast as the official SDKs (median of 5 rounds; goal in brackets)')
  for (const { task, jit, wx, node, what } of RACES) {
    const run = (subject: string) => async () => cost(script, subject, task, jit)
    const runs = { ours: run('ours'), wx: run('wx'), node: run('node') }
    const nanoseconds = await medians(ROUNDS, runs)
    const ratio = (of: 'wx' | 'node') => `${(nanoseconds[of] / nanoseconds.ours).toFixed(2)}×`
    const micro = (nanoseconds.ours / 1000).toFixed(1)
    const native = node === undefined ? '' : `  node SDK ${ratio('node')} (≥ ${node})`
    console.log(
      `  ${what.padEnd(42)} ${micro.padStart(6)} µs  wx SDK ${ratio('wx')} (≥ ${wx})${native}`,
    )
  }
  printGrowth(script)
  printSizes()
}

/** The cost must grow with the number of parameters and headers, and no faster. */
function printGrowth(script: string): void {
  const costs = ['1', '10', '100'].map((count) => cost(script, 'ours', count, true) / 1000)
  const [one, ten, hundred] = costs.map((micro) => micro.toFixed(1))
  console.log(`  1, 10, 100 parameters and as many headers: ${one}, ${ten}, ${hundred} µs`)
}

function printSizes(): void {
  const cos = JSON.stringify(join(ROOT, 'miniprogram/cos/index.ts'))
  const all = `export * from ${cos}; export { default } from ${cos}`
  const alone = `import COS from ${cos}; globalThis.COS = COS`
  const presigned = `export { presignedUrl } from ${cos}`
  const sdk = join(ROOT, 'node_modules/cos-wx-sdk-v5/dist/cos-wx-sdk-v5.min.js')
  const sizes = [
    ['all of cos/', bundle(all, 'browser'), '≤ 14 KB, 6.2 KB'],
    ['new COS(…) alone', bundle(alone, 'browser'), ''],
    ['presignedUrl alone', bundle(presigned, 'browser'), '≤ 7 KB, 3 KB'],
    ['cos-wx-sdk-v5', readFileSync(sdk), ''],
  ] as const
  console.log('size in bytes: minified, gzip')
  for (const [what, code, goal] of sizes) {
    const size = `${code.length}, ${gzipSync(code, { level: 9 }).length}`
    console.log(`  ${what.padEnd(20)} ${size}  ${goal}`)
  }
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
