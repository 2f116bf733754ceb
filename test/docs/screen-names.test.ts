/** What the documents quote as a name on the screen is on a screen. */
import { describe, expect, test } from '@jest/globals'
import { en } from '../../miniprogram/i18n/en'
import { en as presignEn } from '../../miniprogram/presign/i18n/en'
import { zhCN as presignZh } from '../../miniprogram/presign/i18n/zh-CN'
import { en as setupEn } from '../../miniprogram/setup/i18n/en'
import { zhCN as setupZh } from '../../miniprogram/setup/i18n/zh-CN'
import { zhCN } from '../../miniprogram/i18n/zh-CN'
import { PAIRS, read, withoutBlocks } from './documents'

/** Names of other screens: WeChat's, its console's, DevTools' and those of Tencent Cloud. */
const ELSEWHERE = [
  '…',
  '工具',
  '构建 npm',
  '编译',
  '预览',
  '打开调试',
  '小程序代码上传',
  '开发管理 → 服务器域名',
  '设置 → 服务内容声明 → 用户隐私保护指引',
  '详情 → 本地设置',
  '生命周期',
  // The manual page "Generating Pre-Signed URL", and words of it.
  '生成预签名链接',
  '必填',
  '留空',
]

const LANGUAGES: [string, RegExp, object[]][] = [
  ['English', /“([^”]+)”/g, [en, presignEn, setupEn]],
  ['Chinese', /「([^」]+)」/g, [zhCN, presignZh, setupZh]],
]

describe.each(LANGUAGES)('%s', (language, quoted, messages) => {
  const onScreen = new Set([...messages.flatMap(texts), ...ELSEWHERE])
  const documents = PAIRS.map(([english, chinese]) => (language === 'English' ? english : chinese))

  test.each(documents)('%s', (document) => {
    const names = [...withoutBlocks(read(document)).matchAll(quoted)].map(([, name]) => name!)
    expect(names.filter((name) => !onScreen.has(name))).toEqual([])
  })

  test('has such names', () => {
    expect(documents.map(read).join('').match(quoted)?.length).toBeGreaterThan(10)
  })
})

/** Every text of a tree of messages. */
function texts(message: unknown): string[] {
  if (typeof message === 'string') return [message]
  return Object.values(message as object).flatMap(texts)
}
