import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { requestServer, serverUrl } from '../../miniprogram/signing/server'
import { createSession } from '../../miniprogram/signing/session'
import { config } from '../../miniprogram/config'
import { environment, later } from './environment'

const env = environment()

describe('a session', () => {
  test('logs in once, and again when it has ended', async () => {
    const { request } = createSession()
    await request('/credentials', { purpose: 'download' })
    later(3 * 3600)
    await request('/credentials', { purpose: 'download' })
    expect(env.asked()).toEqual([
      '/session',
      '/credentials',
      '/credentials',
      '/session',
      '/credentials',
    ])
  })

  test("gives the same user's prefix at every login", async () => {
    const first = await createSession().prefix()
    expect(first).toMatch(/^users\/[0-9a-f]{32}\/$/)
    expect(await createSession().prefix()).toBe(first)
  })
})

describe('the server', () => {
  test('is that of config.ts unless the storage names another', () => {
    expect(serverUrl()).toBe(env.stack.server)
    env.wx.removeStorageSync('server-url')
    expect(serverUrl()).toBe(config.serverUrl)
    env.wx.setStorageSync('server-url', 'http://192.168.1.5:3000/')
    expect(serverUrl()).toBe('http://192.168.1.5:3000')
  })

  test('that refuses is quoted', async () => {
    const asking = createSession().request('/credentials', { purpose: 'delete' })
    await expect(asking).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      statusCode: 400,
      errorCode: 'INVALID_REQUEST',
    })
    const key = 'users/00000000000000000000000000000000/a'
    await expect(
      createSession().request('/credentials', { purpose: 'upload', key }),
    ).rejects.toMatchObject({
      code: 'KEY_NOT_ALLOWED',
    })
  })

  test('whose domain the platform does not allow is named as the allowlist wants it', async () => {
    const errMsg = 'request:fail url not in domain list'
    env.wx.setStorageSync('server-url', 'https://api.example.com:8443/cos')
    // Only WeChat has an allowlist: there is no real one to run into here.
    env.wx.request = ({ fail }) => fail?.({ errMsg, errno: 600002 } as never) as never
    await expect(requestServer('/config')).rejects.toMatchObject({
      code: 'DOMAIN_NOT_ALLOWED',
      errMsg,
      api: 'request',
      origin: 'https://api.example.com:8443',
    })
  })

  test('of a release is always that of config.ts', async () => {
    await env.replacePhone({ envVersion: 'release' })
    expect(env.wx.getStorageSync('server-url')).toBe(env.stack.server)
    expect(serverUrl()).toBe(config.serverUrl)
  })

  test('that answers 200 with a page, as a captive portal does, is refused', async () => {
    const portal = createServer((_request, response) => response.end('<html>Log in</html>'))
    await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve))
    env.wx.setStorageSync(
      'server-url',
      `http://127.0.0.1:${(portal.address() as AddressInfo).port}`,
    )
    try {
      await expect(createSession().prefix()).rejects.toMatchObject({ code: 'SERVER_REFUSED' })
    } finally {
      portal.closeAllConnections()
      portal.close()
    }
  })

  test('that answers no JSON is refused with its status', async () => {
    const other = createServer((_request, response) => response.writeHead(502).end('Bad Gateway'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    env.wx.setStorageSync('server-url', `http://127.0.0.1:${(other.address() as AddressInfo).port}`)
    try {
      await expect(requestServer('/config')).rejects.toMatchObject({
        code: 'SERVER_REFUSED',
        statusCode: 502,
      })
    } finally {
      other.closeAllConnections()
      other.close()
    }
  })
})
