import { createServer, type Server } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from 'playwright-core'
import { en } from '../miniprogram/presign/i18n/en'
import { buildSite } from '../scripts/site/build-site'
import { closeBrowser, openPreview, type OpenOptions } from './helpers/browser'
import { PASTES } from './presign/corpus'

let folder: string
let server: Server
let urls: { file: string; http: string }

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'site-'))
  const html = await buildSite()
  const file = path.join(folder, 'index.html')
  await writeFile(file, html)
  server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  urls = { file: pathToFileURL(file).href, http: `http://127.0.0.1:${port}/tools/` }
})
afterAll(async () => {
  await closeBrowser()
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens the site; `end` gives what it has sent and complained about since. */
async function open(url: string, options: OpenOptions = {}) {
  const opened = await openPreview(url, { language: 'en', ...options })
  const requests: string[] = []
  opened.page.context().on('request', (request) => requests.push(request.url()))
  return {
    page: opened.page,
    async end() {
      await opened.close()
      expect(requests).toEqual([])
      expect(opened.errors).toEqual([])
    },
  }
}

const field = (page: Page, label: string) => page.locator(`textarea[aria-label="${label}"]:visible`)
const request = (page: Page) => field(page, en.inspector.signed)
const answer = (page: Page) => field(page, en.inspector.answerLabel)
/** Waits until a text shows. */
async function see(page: Page, text: string | RegExp) {
  const found = page.getByText(text).filter({ visible: true }).first()
  await found.waitFor()
  return found.isVisible()
}

describe.each(['file', 'http'] as const)('from %s', (kind) => {
  test('opens with two fields, and says what a paste is due to', async () => {
    const { page, end } = await open(urls[kind])
    expect(await page.locator('textarea:visible').count()).toBe(2)
    const { evidence } = PASTES.find(({ name }) => name === 'another host')!
    await request(page).fill(evidence.request!)
    await answer(page).fill(evidence.answer!)
    expect(await see(page, 'host differs')).toBe(true)
    await end()
  })
})

describe('pastes, one after the other', () => {
  let opened: Awaited<ReturnType<typeof open>>
  beforeAll(async () => {
    opened = await open(urls.file)
  })
  afterAll(() => opened.end())

  test.each<[name: string, text: string | RegExp]>([
    ['nothing differs: no verdict on the key, but candidates', /^1\. Signed for another method/],
    [
      'a signed header was not sent: FormatString leaves it out',
      /content-disposition is signed, but was not sent/,
    ],
    ['the only unknown is the value of a header', /Whether that was signed is not known/],
    ['another host, and another path: both are named', /host differs/],
    ['spaces for line feeds, a signed header that was not sent, Chinese', /Its lines were rebuilt/],
    ['the blank line was lost, and the host is another one', en.inspector.blankLineLost],
    ['Safari, which shows no tags', en.inspector.pasteUrl],
    ['JSON', /No difference found/],
    ['the two swapped', /host differs/],
    ['a URL encoded as a whole', en.inspector.suspicions.ENCODED_WHOLE.title],
    ['milliseconds for seconds', en.inspector.suspicions.MILLISECONDS.title],
    ['a signature of Alibaba Cloud OSS', /signature of Alibaba Cloud OSS/],
  ])('%s', async (name, text) => {
    const { evidence } = PASTES.find((paste) => paste.name === name)!
    const { page } = opened
    for (const field of [request(page), answer(page)]) await field.fill('')
    await page.getByText(text).filter({ visible: true }).first().waitFor({ state: 'hidden' })
    await request(page).fill(evidence.request ?? '')
    await answer(page).fill(evidence.answer ?? '')
    expect(await see(page, text)).toBe(true)
  })
})

test('a SecretKey settles it, and stays in the page', async () => {
  const { evidence } = PASTES.find(({ name }) => /no verdict on the key/.test(name))!
  const { page, end } = await open(urls.file)
  await request(page).fill(evidence.request!)
  await answer(page).fill(evidence.answer!)
  await page.locator('input[aria-label="SecretKey"]:visible').fill('another-key')
  await see(page, en.compare.kinds.OTHER_KEY)
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  )
  expect(stored).not.toMatch(/another-key|q-sign/)
  await end()
})

test('the workbench signs with a typed key, and sends nothing', async () => {
  const { page, end } = await open(urls.file)
  await page.getByText(en.presign.playground).first().tap()
  await see(page, 'StringToSign')
  await page.locator('input[aria-label="SecretId"]:visible').fill('AKIDTYPED')
  await see(page, /q-ak=AKIDTYPED/)
  await page.locator('input[aria-label="SecretKey"]:visible').fill('')
  await see(page, en.playground.problems.SecretKey)
  expect(await page.getByText(en.playground.send, { exact: true }).count()).toBe(0)
  await end()
})

test.each<[string, OpenOptions, string]>([
  ['Chinese, dark, on a phone', { language: 'zh-CN', dark: true }, '诊断 403'],
  ['English, on a small phone', { viewport: { width: 320, height: 568 } }, 'Inspect a 403'],
  ['English, on a computer', { viewport: { width: 1280, height: 800 } }, 'Inspect a 403'],
])('%s', async (_name, options, title) => {
  const { page, end } = await open(urls.file, options)
  await see(page, title)
  const { scrollWidth, clientWidth } = await page
    .locator('.mp-page')
    .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))
  expect(scrollWidth).toBe(clientWidth)
  await end()
})

test('its policy allows no connection', async () => {
  const { page } = await open(urls.http)
  const policy = await page.locator('meta[http-equiv]').getAttribute('content')
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/connect-src|unsafe-eval|https?:/)
  const sent = await page.evaluate(() => fetch('/x').then(String, (error: Error) => error.name))
  expect(sent).toBe('TypeError')
})
