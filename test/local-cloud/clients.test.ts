import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../../scripts/shared/launch-chromium'
import { expectTable } from '../helpers/docs-table'
import { tempDir } from '../helpers/temp-dir'
import { addClients, browserSdkClient, uppyClient } from './clients/browser-clients'
import { nodeSdkClient, stsClient, type Client } from './clients/node-clients'
import { startCloud } from './cloud'

const files = tempDir()
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
afterAll(files.remove)

test('clients that nobody here wrote do what README says', async () => {
  const { port, controlUrl = '' } = await startCloud({ controlPort: 0 })
  const host = `127.0.0.1:${port}`
  const page = await browser.newPage({ bypassCSP: true })
  // Of another origin than COS. A page from nowhere may not send requests to this computer.
  await page.goto(controlUrl)
  await addClients(page)
  const clients = [
    nodeSdkClient(host, files.path),
    browserSdkClient(page, host),
    stsClient(host),
    await uppyClient(page, host),
  ]
  const rows = [['client', 'calls', 'result']]
  for (const client of clients) rows.push(...(await tryCalls(client)))
  expectTable('local-cloud/README.md', 'test/local-cloud/clients', rows)
})

/** Calls in order; one row for each result. */
async function tryCalls({ name, calls }: Client): Promise<string[][]> {
  const results = new Map<string, string[]>()
  for (const [call, run] of Object.entries(calls)) {
    const result = await run().then(() => 'works', describeError)
    results.set(result, [...(results.get(result) ?? []), `\`${call}\``])
  }
  const manifest = path.join(__dirname, '../../node_modules', name, 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return Array.from(results, ([result, names]) => [
    `\`${name}\` ${version}`,
    names.join(', '),
    result,
  ])
}

/** `501 NotImplemented`, as the SDKs report it; else what the error says. */
function describeError(error: { statusCode?: number; code?: string; message?: string }): string {
  const { statusCode, code, message } = error
  return code ? [statusCode, `\`${code}\``].filter(Boolean).join(' ') : `fails: ${message}`
}
