import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { launchChromium } from '../shared/launch-chromium'
import { browserSdkClient, openClientsPage, uppyClient } from './browser-clients'
import type { Client } from './client'
import { nodeSdkClient, stsClient } from './node-clients'

const ROOT = path.join(__dirname, '../..')

/**
 * Tries clients that nobody here wrote with a local cloud of its own, those of the browser in a real one.
 *
 * @returns rows for a table in Markdown: client, calls, result
 */
export async function tryClients(): Promise<string[][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'clients-'))
  const cloud = createLocalCloud({ data: path.join(folder, 'data'), port: 0 })
  const { port } = await cloud.start()
  const browser = await launchChromium()
  let stopPage = () => {}
  try {
    const host = `127.0.0.1:${port}`
    const page = await browser.newPage()
    stopPage = await openClientsPage(page)
    const clients = [
      nodeSdkClient(host, folder),
      browserSdkClient(page, host),
      stsClient(host),
      await uppyClient(page, host),
    ]
    const rows: string[][] = []
    for (const client of clients) rows.push(...(await tryCalls(client)))
    return rows
  } finally {
    await browser.close()
    stopPage()
    await cloud.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Calls in order; one row for each result. */
async function tryCalls({ name, calls }: Client): Promise<string[][]> {
  const results = new Map<string, string[]>()
  for (const [call, run] of Object.entries(calls)) {
    const result = await run().then(() => 'works', describeError)
    results.set(result, [...(results.get(result) ?? []), `\`${call}\``])
  }
  const { version } = JSON.parse(
    readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
  )
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
