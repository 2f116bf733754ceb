import { randomBytes } from 'node:crypto'
import { serverSigning } from '../../miniprogram/signing/server-signed'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { downloadObject } from '../../miniprogram/transfer/download-object'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { expectBytes, expectEqual } from './expect-answer'
import type { Step } from './step'
import type { Target } from './target'

const SOURCES = { 'temporary-key': temporaryKeySigning, 'server-signed': serverSigning }

const UPLOADS = { putObject, postObject, multipartUpload }

/** The code of the mini program: each way up, and down again, with each source of signatures. */
export const appSteps: Step[] = Object.keys(SOURCES).map((source) => ({
  name: `the app, signed by ${source}`,
  run: (target) => allWays(target, source as keyof typeof SOURCES),
}))

async function allWays(target: Target, source: keyof typeof SOURCES): Promise<void> {
  const { wx, restore } = installNodeWx({ storage: { 'server-url': target.serverUrl } })
  try {
    const { signRequest, signPostForm } = SOURCES[source](createSession())
    const content = randomBytes(2 * 1024 * 1024 + 1)
    for (const [name, upload] of Object.entries(UPLOADS)) {
      const key = target.key(`${source} ${name} 照片+.png`)
      const filePath = wx.addTempFile(content)
      const options = { key, filePath, contentType: 'image/png', signRequest, signPostForm }
      const { size } = await upload(options)
      expectEqual(name, size, content.length)
      const { tempFilePath } = await downloadObject({ key, signRequest })
      expectBytes(name, await read(wx, tempFilePath), content)
    }
  } finally {
    await restore()
  }
}

function read(wx: NodeWx, filePath: string): Promise<Buffer> {
  return new Promise((resolve, fail) => {
    const success = ({ data }: { data: string | ArrayBuffer }) =>
      resolve(Buffer.from(data as ArrayBuffer))
    wx.getFileSystemManager().readFile({ filePath, success, fail })
  })
}
