import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { createPreview } from '../../preview/preview'
import { closeBrowser, openPreview, type OpenPreview } from '../helpers/browser'

const preview = createPreview({
  port: 0,
  source: path.join(__dirname, 'fixture'),
  storage: { preset: 'x' },
})
let url: string
let opened: OpenPreview
let page: Page

beforeAll(async () => {
  ;({ url } = await preview.start())
})
afterAll(async () => {
  await closeBrowser()
  await preview.stop()
})
beforeEach(async () => {
  opened = await openPreview(url)
  page = opened.page
})
afterEach(async () => {
  await opened.close()
  if (opened.errors.length > 0) throw new Error(opened.errors.join('\n'))
})

const info = () => page.evaluate(() => wx.getStorageInfoSync())

test('lists the keys, before and after a reload', async () => {
  expect(await info()).toEqual({ keys: ['preset'], currentSize: 1, limitSize: 10240 })
  await page.evaluate(() => wx.setStorageSync('unfinished-upload:a', { digest: 'b'.repeat(5000) }))
  await page.reload()
  const { keys, currentSize } = await info()
  expect(keys.toSorted()).toEqual(['preset', 'unfinished-upload:a'])
  expect(currentSize).toBe(10)
  await page.evaluate(() => wx.removeStorageSync('unfinished-upload:a'))
  expect((await info()).keys).toEqual(['preset'])
})

test('throws when the storage is full, and keeps what it had', async () => {
  const thrown = await page.evaluate(() => {
    const megabyte = 'x'.repeat(1024 * 1024)
    for (let i = 0; i < 20; i += 1) {
      try {
        wx.setStorageSync('growing', megabyte.repeat(i))
      } catch (error) {
        const { message, errMsg } = error as Error & { errMsg: string }
        const kept = (wx.getStorageSync('growing') as string).length / megabyte.length
        return { message, errMsg, isOneLess: kept === i - 1 }
      }
    }
    return undefined
  })
  const errMsg = 'setStorageSync:fail exceed storage max size 10Mb'
  expect(thrown).toEqual({ message: errMsg, errMsg, isOneLess: true })
})
