import { describe, expect, test } from '@jest/globals'
import COS, { explain } from '../../miniprogram/cos'
import { blocks, read } from './documents'

describe.each(['docs/signing.md', 'docs/signing.zh-CN.md'])('%s', (file) => {
  test('shows the values that the signer computes', async () => {
    const cos = new COS({
      SecretId: 'SECRETID',
      SecretKey: 'SECRETKEY',
      SecurityToken: 'TOKEN',
      Clock: () => 1700000000 * 1000,
    })
    const { Url } = await cos.presign({
      Bucket: 'examplebucket-1250000000',
      Region: 'ap-beijing',
      Key: '照片/a b+c.png',
      Query: { 'imageMogr2/thumbnail/200x/': '' },
      Expires: 600,
    })
    const step = explain(Url, { SecretKey: 'SECRETKEY' })
    expect(blocks(read(file), 'text')).toEqual([
      `${step.KeyTime}\n`,
      `${step.SignKey}\n`,
      step.HttpString,
      step.StringToSign,
      `${step.Signature}\n`,
      `${Url}\n`,
    ])
    expect(step.GivenSignature).toBe(step.Signature)
  })
})
