import { createHash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { tempDir } from './helpers/temp-dir'
import { until } from './helpers/until'
import { usePhones } from './helpers/use-phones'

/** 200 MB through a real Chromium: paused, closed, resumed, downloaded, in little memory. */

const MB = 1024 * 1024
const SIZE = 200 * MB
const phones = usePhones()
const files = tempDir()

afterAll(() => files.remove())

/** Writes a file of random bytes, and gives its path and SHA-1. */
function randomFile(): { path: string; digest: string } {
  const path = join(files.path, 'large.bin')
  const sha1 = createHash('sha1')
  const descriptor = openSync(path, 'w')
  for (let written = 0; written < SIZE; written += MB) {
    const block = randomBytes(MB)
    sha1.update(block)
    writeSync(descriptor, block)
  }
  closeSync(descriptor)
  return { path, digest: sha1.digest('hex') }
}

/** Gives the resident memory of all tabs, in MB, without what only waits to be collected. */
async function memoryMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().browser()!.newBrowserCDPSession()
  return async () => {
    await page.requestGC()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const tabs = processInfo.filter(({ type }) => type === 'renderer')
    return tabs.reduce((sum, { id }) => sum + residentMemory(id), 0)
  }
}

/** 0 where it is not known: only Linux tells it. */
function residentMemory(pid: number): number {
  const file = `/proc/${pid}/status`
  if (!existsSync(file)) return 0
  const status = readFileSync(file, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}

/** Numbers of the parts that COS has confirmed to this page. */
function watchParts(page: Page): { confirmed: Set<string>; sent: string[] } {
  const parts = { confirmed: new Set<string>(), sent: [] as string[] }
  const partOf = (url: string) => new URL(url).searchParams.get('partNumber')
  page.on('request', (request) => {
    const part = partOf(request.url())
    if (part && request.method() === 'PUT') parts.sent.push(part)
  })
  page.on('response', (response) => {
    const part = partOf(response.url())
    if (part && response.request().method() === 'PUT' && response.ok()) parts.confirmed.add(part)
  })
  return parts
}

test('a file of 200 MB is paused, resumed after a reload without sending a part twice, and comes back', async () => {
  const { path, digest } = randomFile()
  const phone = await phones.open('multipart-upload')
  const { page } = phone
  const choose = async () => {
    const chooser = page.waitForEvent('filechooser')
    await phone.button('从聊天记录选择').tap()
    await (await chooser).setFiles(path)
    await phone.button('更换').waitFor()
  }
  const percent = async () =>
    Number(await page.getByRole('progressbar').getAttribute('aria-valuenow'))

  await phone.button('从聊天记录选择').waitFor()
  const memory = await memoryMeter(page)
  const before = await memory()
  const grown: number[] = []
  const first = watchParts(page)
  await choose()
  await phone.button('上传').tap()
  const seen = new Set<number>()
  const isPartial = async () => seen.add(await percent()) && Math.max(...seen) >= 30
  await until(isPartial, 'a third')
  expect(seen.size).toBeGreaterThan(5)
  grown.push((await memory()) - before)
  await phone.button('暂停').tap()
  await phone.seen('已暂停')
  const confirmed = new Set(first.confirmed)
  expect(confirmed.size).toBeLessThan(SIZE / MB)

  page.removeAllListeners('request').removeAllListeners('response')
  const second = watchParts(page)
  await page.reload()
  await phone.seen('large.bin')
  await choose()
  await phone.button('上传').tap()
  await until(async () => (await percent()) >= 80, 'most of it')
  grown.push((await memory()) - before)
  await phone.seen('上传完成')
  expect(second.sent.filter((part) => confirmed.has(part))).toEqual([])
  expect(second.confirmed.size).toBeGreaterThan(0)

  await phone.button('下载这个对象').tap()
  await phone.button('下载').tap()
  await phone.seen('下载完成')
  grown.push((await memory()) - before)
  const downloaded = await page.evaluate(
    () =>
      new Promise((resolve, fail) => {
        const { preview } = getCurrentPages().at(-1)!.data as { preview: { path: string } }
        const digestAlgorithm = 'sha1'
        const success = resolve as () => void
        wx.getFileSystemManager().getFileInfo({
          filePath: preview.path,
          digestAlgorithm,
          success,
          fail,
        })
      }),
  )
  expect(downloaded).toMatchObject({ size: SIZE, digest })
  expect(Math.max(...grown)).toBeLessThan(100)
})
