import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { closeBrowser, openPreview, type OpenPreview } from './helpers/browser'
import { npmStart } from './helpers/npm-start'

/** "Check this phone" in a real Chromium, which is no phone: some of it differs. */

let stack: Awaited<ReturnType<typeof npmStart>>
let preview: OpenPreview
let page: Page

beforeAll(async () => {
  stack = await npmStart()
})
afterAll(async () => {
  await closeBrowser()
  await stack.stop()
})
beforeEach(async () => {
  preview = await openPreview(`${stack.preview}/#/setup/setup`, { language: 'en-US' })
  page = preview.page
  await page.getByText('Check this phone').tap()
  await page.getByRole('button', { name: 'Start the check' }).waitFor()
})
afterEach(async () => {
  await preview.close()
  expect([...preview.errors, ...preview.warnings]).toEqual([])
})

const button = (name: string) => page.getByRole('button', { name, exact: true })

/** The row of a probe, once it has its result: name, result, what was expected and found. */
async function row(name: string, result: string): Promise<string> {
  const line = page.locator('[class*="row "]:visible').filter({
    has: page.getByText(name, { exact: true }),
    hasText: result,
  })
  await line.waitFor()
  return (await line.innerText()).replace(/\s+/g, ' ')
}

test('each probe gets its result, and the report is copied as one table', async () => {
  const words: string[] = []
  page.on('request', (request) => {
    const { host, pathname, searchParams } = new URL(request.url())
    const user = /^\/users\/([^/]+)/.exec(pathname)?.[1]
    words.push(host, user ?? host, searchParams.get('q-ak') ?? host)
  })
  await button('Start the check').tap()
  expect(await row('downloadFile · 1 MB', 'passes')).toContain('found MD5 matches')
  expect(await row('ETag · request', 'differs')).toMatch(
    /expected ETag, x-cos-request-id found etag, x-cos-request-id$/,
  )
  expect(await row('Origin', 'differs')).toContain('expected not sent found sent')
  expect(await row('timeout', 'passes')).toContain('downloadFile:fail timeout (errno 5)')
  expect(await row('all APIs × 5', 'differs')).toMatch(/found \d \/ 15$/)
  await page.getByText(/^\d+ as expected, \d+ different, 0 could not run$/).waitFor()

  await button('Copy report').tap()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  const head = '| probe | expected | found | result |\n| --- | --- | --- | --- |\n'
  expect(report.startsWith(head)).toBe(true)
  expect(report).toContain('| Base library |  | 3.8.0 |  |\n')
  expect(report).toContain('| PUT · 0 B | MD5 matches | MD5 matches | passes |\n')
  expect(new Set(words).size).toBeGreaterThan(3)
  expect(words.filter((word) => report.includes(word))).toEqual([])
})

test('large files and slow requests go through on request', async () => {
  await button('Check large files').tap()
  for (const name of [
    'uploadFile · 11 MB',
    'PUT · 30 MB',
    'uploadFile · 30 MB',
    'multipart · 30 MB',
  ]) {
    expect(await row(name, 'passes')).toContain('found MD5 matches')
  }
  expect(await row('downloadFile · 30 MB', 'passes')).toContain('found MD5 matches')
  expect(await row('more than 60 s', 'passes')).toMatch(
    /found request:ok \d+ s uploadFile:ok \d+ s downloadFile:ok \d+ s$/,
  )
})
