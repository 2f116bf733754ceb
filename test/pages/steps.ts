import { expect } from '@jest/globals'
import type { Mounted } from '../helpers/mount'
import type { NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'

/** What a person does on an upload page. */

export async function pick(page: Mounted, wx: NodeWx, name: string, bytes: Buffer): Promise<void> {
  wx.nextChosen([{ name, bytes }])
  await page.tap('file-picker .choice', 1)
  await until(() => page.data.file, 'the file')
}

export const start = (page: Mounted) => page.tap('transfer-panel button')

export async function ended(page: Mounted): Promise<void> {
  await until(() => ['done', 'failed', 'cancelled'].includes(page.data.phase), 'the end')
}

/** Uploads a file and expects that to come to a good end. */
export async function uploads(page: Mounted, wx: NodeWx, name: string, bytes: Buffer) {
  await pick(page, wx, name, bytes)
  await start(page)
  await ended(page)
  expect(page.data.failure).toBeNull()
  expect(page.data.phase).toBe('done')
}
