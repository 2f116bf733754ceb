import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import COS from '../../miniprogram/cos/index'
import { downloadObject } from '../../miniprogram/transfer/download-object'
import { multipartUpload } from '../../miniprogram/transfer/multipart-upload'
import { postObject } from '../../miniprogram/transfer/post-object'
import { putObject } from '../../miniprogram/transfer/put-object'
import { discardUpload, unfinishedUploads } from '../../miniprogram/transfer/unfinished-uploads'
import type { Wx } from '../../miniprogram/transfer/wx'
import { ACCOUNT } from './cloud'

// What transfers ask of wx is what WeChat's newest typings have: this compiles.
void ({} as WechatMiniprogram.Wx satisfies Wx)

const { signRequest, signPostForm } = new COS(ACCOUNT)
const signs = jest.fn<typeof signRequest>(signRequest)
const file = { key: 'a.png', filePath: 'wxfile://a.png', contentType: 'image/png' }
const upload = { key: 'a.png', size: 1, digest: 'd', uploadId: 'u', partSize: 1024 * 1024 }

const CALLS: [string, () => Promise<unknown>][] = [
  ['putObject', () => putObject({ ...file, signRequest: signs })],
  ['putObject of data', () => putObject({ ...file, data: 'a', signRequest: signs })],
  ['postObject', () => postObject({ ...file, signPostForm })],
  ['multipartUpload', () => multipartUpload({ ...file, signRequest: signs })],
  ['downloadObject', () => downloadObject({ key: 'a.png', signRequest: signs })],
  ['discardUpload', () => discardUpload(upload, signRequest)],
  ['unfinishedUploads', async () => unfinishedUploads()],
]

const scope = globalThis as { wx?: unknown }

describe.each([
  ['no wx, as in a build for another platform', undefined],
  ['the wx of a web page in WeChat, which moves no files', { miniProgram: {}, request() {} }],
])('with %s', (_name, wx) => {
  beforeEach(() => {
    if (wx) scope.wx = wx
  })
  afterEach(() => void delete scope.wx)

  test.each(CALLS)('%s says so, and signs nothing', async (_call, run) => {
    await expect(run()).rejects.toMatchObject({
      code: 'NO_WX',
      message: 'NO_WX: transfer/ needs wx: it runs in WeChat mini programs only',
    })
    expect(signs).not.toHaveBeenCalled()
  })

  test('the signer works without wx', async () => {
    const { url } = await signRequest({ method: 'GET', key: 'a.png' })
    expect(url).toContain('q-signature=')
  })
})
