import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Phone } from './helpers/phone'
import { usePhones } from './helpers/use-phones'

/** Between the phases of a transfer nothing jumps, and what is over at once does not flash. */

const phones = usePhones()
let phone: Phone

/** A transfer that is about to start, and will wait for a slow COS. */
beforeEach(async () => {
  phone = await phones.open('multipart-upload')
  await phone.chooseOne('a.bin', Buffer.alloc(2 * 1024 * 1024))
  await phones.control.order({ kind: 'slow', delay: 12_000, times: 3, match: { method: 'PUT' } })
})

const topOf = async (name: string) => (await phone.button(name).boundingBox())!.y

describe('a transfer', () => {
  test('from its start to its pause: the buttons stay where they are', async () => {
    const top = await topOf('上传')
    await phone.page.clock.install()
    await phone.button('上传').tap()
    await phone.page.getByText('0%', { exact: true }).waitFor()
    const tops = [await topOf('取消')]
    await phone.page.clock.fastForward(120_000)
    await phone.seen('没有进度')
    tops.push(await topOf('取消'))
    await phone.button('暂停').tap()
    await phone.seen('已暂停')
    tops.push(await topOf('继续'))
    expect(tops).toEqual([top, top, top])
  })

  test('reads out each new phase, but not every percent', async () => {
    await phone.page.clock.install()
    await phone.button('上传').tap()
    const bar = phone.page.getByRole('progressbar', { name: '传输进度' })
    await bar.waitFor()
    await phone.page.getByText('0%', { exact: true }).waitFor()
    expect(await bar.getAttribute('aria-valuenow')).toBe('0')
    const readOut = (text: string) =>
      phone.page.locator('[aria-live="polite"]', { hasText: text }).waitFor()
    expect(await phone.page.locator('[aria-live="polite"]', { hasText: '2.0 MB' }).count()).toBe(0)
    await phone.page.clock.fastForward(120_000)
    await readOut('没有进度')
    await phone.button('暂停').tap()
    await readOut('已暂停')
  })

  test('in its first 300 ms: the screen stays as it was', async () => {
    await phone.page.addStyleTag({ content: '* { animation-play-state: paused !important }' })
    await phone.button('上传').tap()
    await phone.page.locator('wx-button', { hasText: '取消' }).waitFor({ state: 'attached' })
    /** The buttons that can be seen so many milliseconds after that. */
    const seenAfter = (milliseconds: number) =>
      phone.page.evaluate((time) => {
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
