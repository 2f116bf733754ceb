import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { downloadObject } from '../../miniprogram/transfer/download-object'
import type { Progress } from '../../miniprogram/transfer/progress'
import { putObject } from '../../miniprogram/transfer/put-object'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { startTransferCloud, type TransferCloud } from './cloud'

let cloud: TransferCloud
let wx: NodeWx
let restore: () => Promise<void>

beforeEach(async () => {
  cloud = await startTransferCloud()
  ;({ wx, restore } = installNodeWx())
})
afterEach(async () => {
  await restore()
  await cloud.stop()
})

function download(key: string, seen: Progress[]) {
  const { signRequest } = cloud
  return downloadObject({ key, signRequest, onProgress: (progress) => seen.push(progress) })
}

test('a refusal has a body, and is never shown as a download that is complete', async () => {
  const seen: Progress[] = []
  await expect(download('never', seen)).rejects.toMatchObject({ code: 'NO_SUCH_KEY' })
  expect(seen.map(({ percent }) => percent)).not.toContain(100)
})

test('a download that succeeds ends with 100 percent, however small', async () => {
  const filePath = wx.addTempFile('a')
  const { signRequest } = cloud
  await putObject({ key: 'a', filePath, contentType: 'text/plain', signRequest })
  const seen: Progress[] = []
  await download('a', seen)
  expect(seen.at(-1)).toMatchObject({ percent: 100, loaded: 1, total: 1 })
})
