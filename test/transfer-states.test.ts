import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { controlOf, type Control } from './helpers/control'
import { startStack, type Stack } from './helpers/stack'
import { tempDir } from './helpers/temp-dir'

/** Between the phases of a transfer nothing jumps, and what is over at once does not flash. */

const files = tempDir()
let stack: Stack
let control: Control
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await startStack()
  control = controlOf(stack.control)
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
  files.remove()
})

const PAGE = 'pages/multipart-upload/multipart-upload'
const button = (name: string) => page.getByRole('button', { name })

/** A transfer that has started, and waits for a slow COS. */
async function startSlowly() {
  const path = join(files.path, 'a.bin')
  writeFileSync(path, Buffer.alloc(2 * 1024 * 1024))
  const chooser = page.waitForEvent('filechooser')
  await button('从聊天记录选择').tap()
  await (await chooser).setFiles(path)
  await button('更换').waitFor()
  await control.order({ kind: 'slow', delay: 12_000, times: 3, match: { method: 'PUT' } })
}

beforeEach(async () => {
  preview = await openPreview(`${stack.preview}/#/${PAGE}`)
  page = preview.page
  await button('从聊天记录选择').waitFor()
})
afterEach(async () => {
  await control.clear()
  await preview.close()
})

const topOf = async (name: string) => (await button(name).boundingBox())!.y

describe('a transfer', () => {
  test('from its start to its pause: the buttons stay where they are', async () => {
    await startSlowly()
    const top = await topOf('上传')
    await page.clock.install()
    await button('上传').tap()
    await page.getByText('0%', { exact: true }).waitFor()
    const tops = [await topOf('取消')]
    await page.clock.fastForward(120_000)
    await page.getByText('没有进度').waitFor()
    tops.push(await topOf('取消'))
    await button('暂停').tap()
    await page.getByText('已暂停').waitFor()
    tops.push(await topOf('继续'))
    expect(tops).toEqual([top, top, top])
  })

  test('reads out each new phase, but not every percent', async () => {
    await startSlowly()
    await page.clock.install()
    await button('上传').tap()
    const bar = page.getByRole('progressbar', { name: '传输进度' })
    await bar.waitFor()
    await page.getByText('0%', { exact: true }).waitFor()
    expect(await bar.getAttribute('aria-valuenow')).toBe('0')
    const readOut = (text: string) =>
      page.locator('[aria-live="polite"]', { hasText: text }).waitFor()
    expect(await page.locator('[aria-live="polite"]', { hasText: '2.0 MB' }).count()).toBe(0)
    await page.clock.fastForward(120_000)
    await readOut('没有进度')
    await button('暂停').tap()
    await readOut('已暂停')
  })

  test('in its first 300 ms: the screen stays as it was', async () => {
    await startSlowly()
    await page.addStyleTag({ content: '* { animation-play-state: paused !important }' })
    await button('上传').tap()
    await page.locator('wx-button', { hasText: '取消' }).waitFor({ state: 'attached' })
    /** The buttons that can be seen so many milliseconds after that. */
    const seenAfter = (milliseconds: number) =>
      page.evaluate((time) => {
        for (const animation of document.getAnimations()) animation.currentTime = time
        return [...document.querySelectorAll('wx-button')]
          .filter((element) => getComputedStyle(element).visibility === 'visible')
          .map((element) => element.textContent.trim())
      }, milliseconds)
    const before = await seenAfter(299)
    expect(before).toContain('上传')
    expect(before).not.toContain('取消')
    const after = await seenAfter(300)
    expect(after).toContain('取消')
    expect(after).not.toContain('上传')
  })
})
