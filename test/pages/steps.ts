import { expect } from '@jest/globals'
import type { Mounted } from '../helpers/mount'
import type { ChosenFile, NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'

/** What a person does on an upload page. */

/** The state of a component of the page. */
const part = (id: string) => (page: Mounted) =>
  page.has(id) ? page.instance.selectComponent(id).data : {}
export const panel = part('#panel')
export const queue = part('#queue')
export const prefixOf = (page: Mounted): string => part('#key')(page).prefix

/** The key, below the prefix, that is proposed today for a file of this name. */
export function todays(name: string): string {
  const now = new Date()
  const month = String(now.getMonth() + 1).padStart(2, '0')
  return `${now.getFullYear()}-${month}-${String(now.getDate()).padStart(2, '0')}/${name}`
}

/** Chooses a file from a chat, also in place of another one. */
export async function pick(page: Mounted, wx: NodeWx, name: string, bytes: Buffer): Promise<void> {
  const before = page.data.file
  if (before) await page.tap('file-picker .link')
  wx.nextChosen([{ name, bytes }])
  await page.tap('file-picker .choice', 1)
  await until(() => page.data.file !== before, 'the file')
}

/** Chooses several files at once, from a chat. */
export async function pickAll(page: Mounted, wx: NodeWx, files: ChosenFile[]): Promise<void> {
  const before = (queue(page).rows ?? []).length
  wx.nextChosen(files)
  await page.tap('file-picker .choice', 1)
  await until(() => queue(page).rows?.length > before, 'the rows')
}

export const start = (page: Mounted) => page.tap('transfer-controls button')

export async function ended(page: Mounted): Promise<void> {
  await until(() => ['done', 'failed', 'cancelled'].includes(panel(page).phase), 'the end')
}

/** Uploads a file and expects that to come to a good end. */
export async function uploads(page: Mounted, wx: NodeWx, name: string, bytes: Buffer) {
  await pick(page, wx, name, bytes)
  await start(page)
  await ended(page)
  expect(panel(page).failure).toBeNull()
  expect(panel(page).phase).toBe('done')
}
