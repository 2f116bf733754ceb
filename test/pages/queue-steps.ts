import { randomBytes } from 'node:crypto'
import { beforeEach, jest } from '@jest/globals'
import { mount, type Mounted } from '../helpers/mount'
import { wx } from '../helpers/page-environment'
import { until } from '../helpers/until'
import { pickAll, prefixOf, queue } from './steps'

/** What a person does with several files on the upload page. */

let later = 0
const { now } = Date
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(() => now() + later)
})

/** Moves the time on by a second. */
export const aSecondLater = () => void (later += 1000)

export const PAGE = 'pages/post-object/post-object'

export async function open(query: Record<string, string> = {}): Promise<Mounted> {
  const page = mount(PAGE, { query })
  await until(() => prefixOf(page), 'the prefix')
  return page
}

export interface Row {
  id: number
  name: string
  phase: string
  percent: number
  problem: string
}

export const rows = (page: Mounted): Row[] => queue(page).rows
export const phases = (page: Mounted) => rows(page).map(({ phase }) => phase)
export const isOver = (page: Mounted) => until(() => !queue(page).busy, 'the end of the queue')

export const files = (...names: string[]) =>
  names.map((name) => ({ name, bytes: randomBytes(1000) }))
export const FIVE = ['1.txt', '2.txt', '3.txt', '4.txt', '5.txt']

export async function openWith(...names: string[]): Promise<Mounted> {
  const page = await open()
  await pickAll(page, wx, files(...names))
  return page
}

/** Types the key of a row. */
export const name = (page: Mounted, row: number, value: string) =>
  page.trigger('upload-row input', 'input', { value, cursor: value.length }, row)

/** Taps a button of a row, a second after whatever was tapped before it. */
export async function tapRow(page: Mounted, row: number, text: string): Promise<void> {
  aSecondLater()
  const labels = page.texts('upload-row button')
  const counts = rows(page).map(({ phase }) =>
    phase === 'failed' || phase === 'cancelled' ? 2 : 1,
  )
  const first = counts.slice(0, row).reduce((sum, count) => sum + count, 0)
  const index = labels.indexOf(text, first)
  if (index < 0 || index >= first + counts[row]!)
    throw new Error(`no ${text} in row ${row}: ${labels}`)
  await page.tap('upload-row button', index)
}

/** Keys that have left the phone. Those that run at the same time leave in any order. */
export const sent = () =>
  wx.calls
    .filter(({ api }) => api === 'uploadFile')
    .map(({ option }) => (option.formData as { key: string }).key)
    .toSorted()
