import { randomBytes } from 'node:crypto'
import { partSizeFor } from '../../miniprogram/transfer/part-size'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { putObject } from '../../miniprogram/transfer/put-object'
import { MB, medians, time } from './measure'
import { compareWithSdk, SLOW } from './multipart-sdk'
import { withCloud } from './processes'
import { uploadOptions, withWx } from './uploads'
import type * as Uploads from './uploads'

const GB = 1024 * MB

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`

/** Multipart uploads against the official SDK and one PUT, and what they cost. Prints one line for each. */
export async function benchMultipart(): Promise<void> {
  await compareWithSdk()
  await withCloud(SLOW, compareWithPut)
  await measureVerification()
  for (const size of [20 * MB, 2 * GB]) await measureMemory(size)
}

async function compareWithPut(port: number): Promise<void> {
  await withWx(async (wx) => {
    const filePath = wx.addTempFile(randomBytes(24 * MB))
    const options = { ...uploadOptions(port), filePath }
    const inParts = (parallel: number) => () =>
      time(() => multipartUpload({ ...options, parallel }))
    const { put, ...multipart } = await medians(3, {
      put: () => time(() => putObject(options)),
      '1 part': inParts(1),
      '3 parts': inParts(3),
      '6 parts': inParts(6),
    })
    for (const [parts, ms] of Object.entries(multipart)) {
      const ratio = (put / ms).toFixed(2)
      console.log(`multipart 24 MB, ${parts} at once: ${ratio}x one PUT (${seconds(ms)})`)
    }
    console.log(`  one PUT ${seconds(put)}; 50 ms and 8 MB/s for each request`)
  })
}

/** What verification costs where JavaScript has no JIT, as on an iPhone. */
async function measureVerification(): Promise<void> {
  const fault = `slow,share=1,delay=0,rate=${Math.round((2 * MB) / 3)}`
  await withCloud(fault, async (port, { start }) => {
    const uploads = start<typeof Uploads>('uploads.ts', ['verificationTimes'], ['--jitless'])
    const { verified, unverified } = await uploads.verificationTimes(port)
    const cost = verified / unverified - 1
    console.log(
      `verification without a JIT, 2 MB/s in all, 3 parts at once: ${(cost * 100).toFixed(1)}% of the time ` +
        `(${seconds(verified)} against ${seconds(unverified)}; at most 10%${cost > 0.1 ? ', missed' : ''})`,
    )
  })
}

/** Peak memory of a process of its own that uploads a file of this size. */
async function measureMemory(size: number): Promise<void> {
  await withCloud('', async (port, { start }) => {
    const uploads = start<typeof Uploads>('uploads.ts', ['uploadMemory'])
    const { before, peak } = await uploads.uploadMemory(port, size)
    const name = size >= GB ? `${size / GB} GB` : `${size / MB} MB`
    const megabytes = (bytes: number) => Math.round(bytes / MB)
    console.log(
      `multipart ${name}, 3 parts of ${partSizeFor(size) / MB} MB at once: ` +
        `at most ${megabytes(peak - before)} MB ` +
        `over the ${megabytes(before)} MB that the process begins with`,
    )
  })
}
