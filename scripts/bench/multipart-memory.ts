import type { SyntheticFile } from '../../test/helpers/node-wx'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { content, CONTENT_TYPE, MB, signRequestFor, withWx } from './upload'

/** One megabyte again and again: longer than any part. */
const CHUNK = Buffer.alloc(17 * MB, content(MB))

/** Uploads a file of so many bytes to a local cloud on a port, and sends its peak memory to the parent. */
async function main(): Promise<void> {
  const [port, size] = process.argv.slice(2).map(Number) as [number, number]
  await upload(port, 1)
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 10)
  await upload(port, size)
  clearInterval(watch)
  process.send?.({ before, peak })
}

async function upload(port: number, size: number): Promise<void> {
  await withWx(async (wx) => {
    const filePath = wx.addTempFile(syntheticFile(size))
    const options = { key: 'bench', filePath, contentType: CONTENT_TYPE, parallel: 3 }
    await multipartUpload({ ...options, signRequest: signRequestFor(port) })
  })
}

/** Bytes that are made when they are read. */
function syntheticFile(size: number): SyntheticFile {
  return {
    size,
    fill: (position, length) => {
      const start = position % MB
      return CHUNK.subarray(start, start + length)
    },
  }
}

void main()
