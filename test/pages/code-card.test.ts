import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { closedPort } from '../helpers/closed-port'
import { mount, type Mounted } from '../helpers/mount'
import { installNodeWx, type NodeWx } from '../helpers/node-wx'
import { until } from '../helpers/until'

let wx: NodeWx
let restore: () => Promise<void>

beforeEach(async () => {
  const storage = { 'server-url': `http://127.0.0.1:${await closedPort()}` }
  ;({ wx, restore } = installNodeWx({ storage }))
})
afterEach(() => restore())

async function open(demo: string): Promise<Mounted> {
  const page = mount(`pages/${demo}/${demo}`)
  await until(() => page.has('.failure'), 'the answer of the login')
  return page
}

describe.each(['put-object', 'post-object', 'multipart-upload', 'download-object'])(
  'the code card of %s',
  (demo) => {
    test('shows real code, and copies it', async () => {
      const page = await open(demo)
      const file = page.text('code-card .path')
      await page.tap('code-card button')
      const { api, option } = wx.calls.at(-1)!
      expect(api).toBe('setClipboardData')
      const source = fs.readFileSync(path.join(__dirname, '../..', file), 'utf8')
      const withoutComments = (code: string) =>
        code.replace(/\/\/ .*|\/\*\*[\s\S]*?\*\//g, '').trim()
      expect(withoutComments(String(option.data))).toBe(withoutComments(source))
      expect(String(option.data)).toContain('// 由你的后端向 STS 申请临时密钥')
      expect(page.text('code-card copy-button')).toContain('已复制')
    })

    test('says why it was not copied', async () => {
      const page = await open(demo)
      const errMsg = 'setClipboardData:fail api scope is not declared in the privacy agreement'
      wx.setClipboardData = ((option: WechatMiniprogram.SetClipboardDataOption) =>
        option.fail?.({ errMsg })) as NodeWx['setClipboardData']
      await page.tap('code-card button')
      expect(page.text('code-card .not-copied')).toContain('「用户隐私保护指引」中声明「剪切板」')
    })
  },
)
