import { partSizeFor } from '../../miniprogram/transfer/part-size'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { putObject } from '../../miniprogram/transfer/put-object'
import { compareWithSdk } from './multipart-sdk'
import {
  content,
  CONTENT_TYPE,
  MB,
  seconds,
  signRequestFor,
  SLOW,
  time,
  withCloud,
  withWx,
} from './upload'
import { median } from './median'

const GB = 1024 * MB
const SPEED_BYTES = 24 * MB
const ROUNDS = 3

/** Multipart uploads against the official SDK and one PUT, and what they cost. Prints one line for each. */
export async function benchMultipart(print: (line: string) => void): Promise<void> {
  await compareWithSdk(print)
  await withCloud(SLOW, (port) => compareWithPut(port, print))
  await measureVerification(print)
  for (const size of [20 * MB, 2 * GB]) print(await memoryOf(size))
}

async function compareWithPut(port: number, print: (line: string) => void): Promise<void> {
  const put = await medianTime(port)
  for (const parallel of [1, 3, 6]) {
    const parts = await medianTime(port, parallel)
    const ratio = (put / parts).toFixed(2)
    print(`multipart 24 MB, ${parallel} parts at once: ${ratio}x one PUT (${seconds(parts)})`)
  }
  print(`  one PUT ${seconds(put)}; 50 ms and 8 MB/s for each request`)
}

/** Milliseconds of an upload in parts, or with one PUT. */
async function medianTime(port: number, parallel?: number): Promise<number> {
  return withWx(async (wx) => {
    const filePath = wx.addTempFile(content(SPEED_BYTES))
    const signRequest = signRequestFor(port)
    const options = { key: 'bench', filePath, contentType: CONTENT_TYPE, signRequest }
    const upload = () => (parallel ? multipartUpload({ ...options, parallel }) : putObject(options))
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round++) times.push(await time(upload))
    return median(times)
  })
}

/** What verification costs where JavaScript has no JIT, as on an iPhone. */
async function measureVerification(print: (line: string) => void): Promise<void> {
  await withCloud(`slow,share=1,delay=0,rate=${Math.round((2 * MB) / 3)}`, async (port, start) => {
    const { answer } = await start<Record<'verified' | 'unverified', number>>(
      'multipart-verification.ts',
      [String(port)],
      ['--jitless'],
    )
    const { verified, unverified } = answer
    const cost = verified / unverified - 1
    print(
      `verification without a JIT, 2 MB/s in all, 3 parts at once: ${(cost * 100).toFixed(1)}% of the time ` +
        `(${seconds(verified)} against ${seconds(unverified)}; at most 10%` +
        `${cost > 0.1 ? ', missed' : ''})`,
    )
  })
}

/** Peak memory of a process of its own that uploads a file of this size. */
async function memoryOf(size: number): Promise<string> {
  return withCloud('', async (port, start) => {
    const args = [String(port), String(size)]
    const { answer } = await start<{ before: number; peak: number }>('multipart-memory.ts', args)
    const { before, peak } = answer
    const part = `${partSizeFor(size) / MB} MB`
    const name = size >= GB ? `${size / GB} GB` : `${size / MB} MB`
    const megabytes = (bytes: number) => Math.round(bytes / MB)
    return (
      `multipart ${name}, 3 parts of ${part} at once: at most ${megabytes(peak - before)} MB ` +
      `over the ${megabytes(before)} MB that the process begins with`
    )
  })
}
