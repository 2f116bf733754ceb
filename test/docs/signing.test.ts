import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import COS, { explain } from '../../miniprogram/cos'

const DOCS = join(__dirname, '../../docs')
const read = (file: string) => readFileSync(join(DOCS, file), 'utf8')

/** The contents of the fenced blocks of a language. */
function blocks(markdown: string, language: string): string[] {
  const fences = markdown.matchAll(new RegExp(`^ *\`\`\`${language}\n([^]*?)^ *\`\`\``, 'gm'))
  return Array.from(fences, ([, content]) => content!)
}

describe.each(['signing.md', 'signing.zh-CN.md'])('%s', (file) => {
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

test('both languages have the same headings and the same code', () => {
  const [english, chinese] = ['signing.md', 'signing.zh-CN.md'].map(read)
  const levels = (text: string) => text.match(/^#+ /gm)
  const withoutComments = (text: string) =>
    blocks(text, 'ts').map((code) => code.replace(/ *\/\/.*$/gm, ''))
  expect(levels(chinese!)).toEqual(levels(english!))
  expect(withoutComments(chinese!)).toEqual(withoutComments(english!))
})
