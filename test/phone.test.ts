import { beforeAll, expect, test } from '@jest/globals'
import type { Phone } from './helpers/phone'
import { DEADLINE } from './helpers/until'
import { usePhones } from './helpers/use-phones'

/** The phone check in a real Chromium, which is no phone: some of it differs. */

const phones = usePhones()
let quick: Phone
let large: Phone

/** Both checks run at once: most of the time they wait. */
beforeAll(async () => {
  quick = await phones.open('phone', { language: 'en-US' })
  large = await phones.open('phone', { language: 'en-US' })
  await large.button('Check large files').tap()
})

/** The row of a probe, once it has its result: name, result, what was expected and found. */
async function row({ page }: Phone, name: string, result: string): Promise<string> {
  const line = page.locator('[class*="row "]:visible').filter({
    has: page.getByText(name, { exact: true }),
    hasText: result,
  })
  await line.waitFor({ timeout: 2 * DEADLINE }) // one probe alone takes over a minute
  return (await line.innerText()).replace(/\s+/g, ' ')
}

test('each probe gets its result, and the report is copied as one table', async () => {
  const { page } = quick
  const words: string[] = []
  page.on('request', (request) => {
    const { host, pathname, searchParams } = new URL(request.url())
    const user = /^\/users\/([^/]+)/.exec(pathname)?.[1]
    words.push(host, user ?? host, searchParams.get('q-ak') ?? host)
  })
  await quick.button('Start the check').tap()
  expect(await row(quick, 'downloadFile · 1 MB', 'passes')).toContain('found MD5 matches')
  expect(await row(quick, 'ETag · request', 'differs')).toMatch(
    /expected ETag, x-cos-request-id found etag, x-cos-request-id$/,
  )
  expect(await row(quick, 'Origin', 'differs')).toContain('expected not sent found sent')
  expect(await row(quick, 'timeout', 'passes')).toContain('downloadFile:fail timeout (errno 5)')
  expect(await row(quick, 'all APIs × 5', 'differs')).toMatch(/found \d \/ 15$/)
  await quick.seen(/^\d+ as expected, \d+ different, 0 could not run$/)

  await quick.button('Copy report').tap()
  const report = await page.evaluate(() => navigator.clipboard.readText())
  const head = '| probe | expected | found | result |\n| --- | --- | --- | --- |\n'
  expect(report.startsWith(head)).toBe(true)
  expect(report).toContain('| Base library |  | 3.8.0 |  |\n')
  expect(report).toContain('| PUT · 0 B | MD5 matches | MD5 matches | passes |\n')
  expect(new Set(words).size).toBeGreaterThan(3)
  expect(words.filter((word) => report.includes(word))).toEqual([])
  expect(phones.keptLog()).toEqual([])
})

test('large files and slow requests go through on request', async () => {
  for (const name of [
    'uploadFile · 11 MB',
    'PUT · 30 MB',
    'uploadFile · 30 MB',
    'multipart · 30 MB',
  ]) {
    expect(await row(large, name, 'passes')).toContain('found MD5 matches')
  }
  expect(await row(large, 'downloadFile · 30 MB', 'passes')).toContain('found MD5 matches')
  expect(await row(large, 'more than 60 s', 'passes')).toMatch(
    /found request:ok \d+ s uploadFile:ok \d+ s downloadFile:ok \d+ s$/,
  )
  expect(phones.keptLog()).toEqual([])
})
