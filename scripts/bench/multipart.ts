import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { installNodeWx, type SyntheticFile } from '../../test/helpers/node-wx'
import { permanentKeySigning } from '../../miniprogram/signing/permanent-key'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { putObject } from '../../miniprogram/transfer/put-object'
import { partSizeFor } from '../../miniprogram/transfer/part-size'

const MB = 1024 * 1024
const GB = 1024 * MB
const CHUNK = new Uint8Array(16 * MB).map((_, index) => index * 7)
const SPEED_BYTES = 24 * MB
/** What the network of each request has: 50 ms until the answer, and 8 MB in a second. */
const SLOW = `slow,share=1,delay=50,rate=${8 * MB}`
const ROUNDS = 3
const CONTENT_TYPE = 'application/octet-stream'

/** Multipart uploads against one PUT, and what they hold in memory. Prints one line for each. */
export async function benchMultipart(print: (line: string) => void): Promise<void> {
  await withCloud(SLOW, async (port) => {
    const put = median(await times(() => upload(port, SPEED_BYTES)))
    for (const parallel of [1, 3, 6]) {
      const parts = median(await times(() => upload(port, SPEED_BYTES, parallel)))
      const ratio = (put / parts).toFixed(2)
      print(`multipart 24 MB, ${parallel} parts at once: ${ratio}x one PUT (${seconds(parts)})`)
    }
    print(`  one PUT ${seconds(put)}; 50 ms and 8 MB/s for each request`)
  })
  for (const size of [20 * MB, 2 * GB]) print(await memoryOf(size))
}

/** Bytes that are made when they are read. */
function syntheticFile(size: number): SyntheticFile {
  return { size, fill: (_position, length) => CHUNK.subarray(0, length) }
}

/** Uploads a file to a local cloud: in parts, or with one PUT. */
export async function upload(port: number, size: number, parallel?: number): Promise<void> {
  const { wx, restore } = installNodeWx()
  const { request: send } = wx
  wx.request = (option) => {
    wx.calls.length = 0 // they would keep every part in memory
    return send(option)
  }
  const { signRequest } = permanentKeySigning({
    SecretId: 'local-secret-id',
    SecretKey: 'local-secret-key',
    Bucket: 'examplebucket-1250000000',
    Region: 'ap-beijing',
    Protocol: 'http:',
    Domain: `127.0.0.1:${port}`,
  })
  const filePath = wx.addTempFile(syntheticFile(size))
  const options = { key: 'bench', filePath, contentType: CONTENT_TYPE, signRequest }
  try {
    await (parallel ? multipartUpload({ ...options, parallel }) : putObject(options))
  } finally {
    await restore()
  }
}

/** Peak memory of a process of its own that uploads a file of this size. */
async function memoryOf(size: number): Promise<string> {
  return withCloud('', async (port) => {
    const child = start('multipart-memory.ts', [String(port), String(size)])
    const [{ before, peak }] = (await once(child, 'message')) as [{ before: number; peak: number }]
    await once(child, 'exit')
    const part = `${partSizeFor(size) / MB} MB`
    const name = size >= GB ? `${size / GB} GB` : `${size / MB} MB`
    const megabytes = (bytes: number) => Math.round(bytes / MB)
    return (
      `multipart ${name}, 3 parts of ${part} at once: at most ${megabytes(peak - before)} MB ` +
      `over the ${megabytes(before)} MB that the process begins with`
    )
  })
}

async function withCloud<T>(fault: string, run: (port: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-multipart-'))
  const child = start('cloud-server.ts', [folder, fault])
  try {
    const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    const { port } = Object(answer) as { port?: number }
    if (port === undefined) throw new Error(`the local cloud did not start: exit code ${answer}`)
    return await run(port)
  } finally {
    child.kill()
    await (child.exitCode ?? once(child, 'exit'))
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(script: string, args: string[]): ChildProcess {
  return fork(path.join(__dirname, script), args, { execArgv: ['--import', 'tsx'] })
}

/** Milliseconds of each round. */
async function times(run: () => Promise<void>): Promise<number[]> {
  const all: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now()
    await run()
    all.push(performance.now() - begin)
  }
  return all
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
