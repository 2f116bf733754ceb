import { afterEach, describe, expect, test } from '@jest/globals'
import { config } from '../../miniprogram/config'
import { describeFailure } from '../../miniprogram/demo/describe'
import { en } from '../../miniprogram/i18n/en'
import { zhCN } from '../../miniprogram/i18n/zh-CN'
import { failure } from '../../miniprogram/transfer/failure'

const expired = failure('URL_EXPIRED')
const shown = (t: typeof zhCN) => {
  const { facts, help } = describeFailure(expired, t)
  return { fact: facts.at(-1)!.value, help }
}

afterEach(() => {
  config.docsUrl = ''
})

describe('the docs of a failure', () => {
  test('are a full address to copy, in the language of the screen', () => {
    config.docsUrl = 'https://example.com/docs'
    const zh = 'https://example.com/docs/troubleshooting.zh-CN.md#url-expired'
    expect(shown(zhCN)).toEqual({ fact: zh, help: zh })
    expect(shown(en).help).toBe('https://example.com/docs/troubleshooting.md#url-expired')
  })

  test('are named by their file where the address is not known', () => {
    expect(shown(zhCN)).toEqual({
      fact: 'docs/troubleshooting.zh-CN.md#url-expired',
      help: '',
    })
  })
})
