import { describe, expect, jest, test } from '@jest/globals'
import type * as Signing from '../../miniprogram/signing/index'
import { closedPort } from '../helpers/closed-port'
import { mount } from '../helpers/mount'
import { stack, wx } from '../helpers/page-environment'
import { until } from '../helpers/until'

/** The modules of the page that was mounted last: a permanent key is in their memory only. */
const signing = () => require('../../miniprogram/signing/index') as typeof Signing

describe('index', () => {
  test('tells where the app stands, in lines that are there from the start', async () => {
    const page = mount('pages/index/index')
    expect(page.text('.state')).toContain('正在连接')
    expect(page.texts('.fact')).toHaveLength(4)
    await until(() => page.text('.state').includes('本地 COS'), 'the state')
    expect(page.texts('.fact')).toEqual([
      `存储本地 COS · ${stack.cloud.replace('http://', '')}`,
      '存储桶examplebucket-1250000000',
      '签名来源临时密钥',
      '手机时钟准确',
    ])
    expect(wx.calls[0]).toMatchObject({
      api: 'setNavigationBarTitle',
      option: { title: '预签名 URL' },
    })
  })

  test.each([
    [185, /手机时钟快 3 分 [456] 秒，签名时已校正/],
    [-8 * 3600, /手机时钟慢 8 小时 0 分，签名时已校正/],
  ])('tells that the phone is off by %d s', async (offset, text) => {
    const { now } = Date
    const ahead = jest.spyOn(Date, 'now').mockImplementation(() => now() + offset * 1000)
    try {
      const page = mount('pages/index/index')
      await until(() => page.text('.state').includes('本地 COS'), 'the state')
      expect(page.text('.state')).toMatch(text)
    } finally {
      ahead.mockRestore()
    }
  })

  test('shows the source in use, and the new one after a return from the settings', async () => {
    const page = mount('pages/index/index')
    await until(() => page.text('.state').includes('临时密钥'), 'the state')
    wx.setStorageSync('signing-source', 'server-signed')
    page.show()
    await until(() => page.text('.state').includes('服务端签名'), 'the new source')
  })

  test('asks no server where a permanent key signs', async () => {
    const page = mount('pages/index/index')
    await until(() => page.text('.state').includes('临时密钥'), 'the state')
    const key = { SecretId: 'a', SecretKey: 'b', Bucket: 'a-1250000000', Region: 'ap-guangzhou' }
    signing().chooseSource('permanent-key', key)
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    page.show()
    await until(() => page.text('.state').includes('永久密钥'), 'the new source')
    expect(page.texts('.fact')).toEqual([
      '存储a-1250000000.cos.ap-guangzhou.myqcloud.com',
      '签名来源永久密钥',
      '服务器不需要',
    ])
    expect(page.has('.failure')).toBe(false)
  })

  test('says that the server is down, leads to setup, and connects on retry', async () => {
    wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    const page = mount('pages/index/index')
    await until(() => page.data.failure, 'the failure')
    expect(page.text('failure-panel')).toContain('连不上服务器')
    expect(page.attr('.to-setup', 'url')).toBe('/setup/setup')
    wx.setStorageSync('server-url', stack.server)
    await page.tap('.state .links button')
    await until(() => !page.data.failure, 'the connection')
    expect(page.text('.state')).toContain('本地 COS')
  })

  test('does not wait for an answer that it will not show', async () => {
    const { request } = wx
    wx.request = () => ({ abort() {} }) as never // never answers
    const page = mount('pages/index/index')
    const { setTimeout } = globalThis
    const notices: (() => void)[] = []
    jest
      .spyOn(globalThis, 'setTimeout')
      .mockImplementation(((show: () => void, ms?: number) =>
        ms === 300 ? notices.push(show) : setTimeout(show, ms)) as never)
    page.show()
    wx.request = request
    page.show()
    await until(() => page.text('.state').includes('本地 COS'), 'the state')
    notices[0]!()
    expect(page.data.connecting).toBe(false)
  })

  test('links to the four ways and the four tools', async () => {
    const page = mount('pages/index/index')
    expect(page.texts('.entries')).toHaveLength(2)
    expect(page.texts('.entry-title')).toEqual([
      '上传：PUT',
      '上传：POST 表单',
      '上传：分块',
      '下载：GET',
      '官方文档示例',
      '签名与诊断',
      '故障演练',
      '设置',
    ])
    await until(() => page.text('.state').includes('临时密钥'), 'the state')
  })

  test('speaks English to others', async () => {
    wx.setStorageSync('language', 'en')
    const page = mount('pages/index/index')
    await until(() => page.text('.state').includes('Local COS'), 'the state')
    expect(page.text()).not.toMatch(/[\u4e00-\u9fff]/)
  })
})
