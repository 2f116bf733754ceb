import { upload } from './multipart'

/** Uploads a file of so many bytes to a local cloud on a port, and sends its peak memory to the parent. */
async function main(): Promise<void> {
  const [port, size] = process.argv.slice(2).map(Number) as [number, number]
  await upload(port, 1, 3)
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 10)
  await upload(port, size, 3)
  clearInterval(watch)
  process.send?.({ before, peak })
}

void main()
