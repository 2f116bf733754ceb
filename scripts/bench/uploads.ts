import { randomBytes } from 'node:crypto'
import COS from '../../miniprogram/cos/index'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { installNodeWx, type NodeWx } from '../../test/helpers/node-wx'
import { BUCKET, REGION } from '../../test/local-cloud/names'
import { SECRET_ID, SECRET_KEY } from '../../test/local-cloud/sign'
import { MB, medians, time } from './measure'

/** Of the local cloud. */
export const ACCOUNT = {
  SecretId: SECRET_ID,
  SecretKey: SECRET_KEY,
  Bucket: BUCKET,
  Region: REGION,
  Protocol: 'http:',
}

/** What uploads to the local cloud on this port need beside the file. */
export function uploadOptions(port: number) {
  const { signRequest } = new COS({ ...ACCOUNT, Domain: `127.0.0.1:${port}` })
  return { key: 'bench', contentType: 'application/octet-stream', signRequest }
}

/** The `wx` of the tests. Gives, too, how many requests were sent. */
export async function withWx<T>(run: (wx: NodeWx, requests: () => number) => Promise<T>) {
  const { wx, restore } = installNodeWx()
  const { request } = wx
  let requests = 0
  wx.request = (option) => {
    requests++
    wx.calls.length = 0 // they would keep every part in memory
    return request(option)
  }
  try {
    return await run(wx, () => requests)
  } finally {
    await restore()
  }
}

/** One megabyte again and again: longer than any part. */
const CHUNK = Buffer.alloc(17 * MB, randomBytes(MB))

/** Memory before and during the upload of a file of so many bytes, which are made when they are read. */
export async function uploadMemory(port: number, size: number) {
  await uploadChunks(port, 1)
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 10)
  await uploadChunks(port, size)
  clearInterval(watch)
  return { before, peak }
}

async function uploadChunks(port: number, size: number): Promise<void> {
  await withWx(async (wx) => {
    const fill = (from: number, length: number) => CHUNK.subarray(from % MB).subarray(0, length)
    const filePath = wx.addTempFile({ size, fill })
    await multipartUpload({ ...uploadOptions(port), filePath, parallel: 3 })
  })
}

/** Milliseconds of a verified upload of 12 MB, and of one that is not. */
export async function verificationTimes(port: number) {
  return medians(3, {
    verified: () => timeUpload(port, true),
    unverified: () => timeUpload(port, false),
  })
}

/** Without verification: on a phone whose storage is full no part can be digested. */
async function timeUpload(port: number, isVerified: boolean): Promise<number> {
  return withWx(async (wx) => {
    if (!isVerified) {
      const errMsg = 'writeFile:fail the maximum size of the file storage limit is exceeded'
      wx.getFileSystemManager().writeFile = ({ fail }) => fail?.({ errMsg, errCode: 1300202 })
    }
    const filePath = wx.addTempFile(randomBytes(12 * MB))
    return time(async () => {
      const { verified } = await multipartUpload({ ...uploadOptions(port), filePath, partSize: MB })
      if (verified !== isVerified) throw new Error(`verified is ${verified}`)
    })
  })
}
