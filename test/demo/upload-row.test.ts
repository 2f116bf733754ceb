import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { mount } from '../helpers/mount'
import { installNodeWx } from '../helpers/node-wx'

let restore: () => Promise<void>

beforeEach(() => {
  ;({ restore } = installNodeWx())
})
afterEach(async () => {
  jest.restoreAllMocks()
  await restore()
})

test.each([
  ['done', ['download']],
  ['failed', ['retry']],
  ['cancelled', ['retry', 'remove']],
])('a double tap on cancel reaches no button of a row that is %s', async (phase, after) => {
  const row = mount('demo/upload-row/upload-row', {
    properties: { number: 1, name: 'a.txt', phase: 'transferring' },
  })
  const events: string[] = []
  row.instance.triggerEvent = (event: string) => events.push(event)
  row.instance.cancel = () => events.push('cancel')
  const tapAll = async () => {
    for (const index of row.texts('.act').keys()) await row.tap('.act', index)
  }
  const tappedAt = Date.now()
  const clock = jest.spyOn(Date, 'now').mockReturnValue(tappedAt)
  await tapAll()
  row.instance.setData({ phase })
  await tapAll()
  expect(events).toEqual(['cancel'])

  clock.mockReturnValue(tappedAt + 1000)
  await tapAll()
  expect(events).toEqual(['cancel', ...after])
})
