import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals'
import { askServer, serverUrl } from '../../miniprogram/signing/server'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { config } from '../../miniprogram/config'
import { closedPort } from '../helpers/closed-port'
import { installNodeWx } from '../helpers/node-wx'
import { startStack, type Stack } from '../helpers/stack'

let stack: Stack
let env: ReturnType<typeof installNodeWx>

beforeAll(async () => {
  // Only the date: the network and its timers stay real.
  jest.useFakeTimers({
    doNotFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'setImmediate',
      'clearImmediate',
      'nextTick',
      'queueMicrotask',
      'performance',
      'hrtime',
    ],
  })
  stack = await startStack()
})
afterAll(async () => {
  await stack.stop()
  jest.useRealTimers()
})

beforeEach(() => {
  env = installNodeWx({ storage: { 'server-url': stack.serverUrl } })
})
afterEach(() => env.restore())

function later(seconds: number) {
  jest.setSystemTime(Date.now() + seconds * 1000)
}

/** `ahead`: seconds by which the phone's clock is wrong. */
function source(ahead = 0) {
  const session = createSession()
  return { session, ...temporaryKeySigning(session, () => Date.now() + ahead * 1000) }
}

/** Paths that the app asked the server for. */
function asked(): string[] {
  const requests = env.wx.calls.filter(({ api }) => api === 'request')
  return requests.map(({ option }) => String(option.url).replace(stack.serverUrl, ''))
}

function query(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

describe('a temporary key', () => {
  test('is fetched once, shared by concurrent calls, and kept', async () => {
    const { signRequest } = source()
    const keys = ['a', 'b', 'c'].map((key) => signRequest({ method: 'PUT', key }))
    const signed = await Promise.all(keys)
    await signRequest({ method: 'PUT', key: 'd' })
    expect(new Set(signed.map(({ url }) => query(url)['q-ak'])).size).toBe(1)
    expect(asked()).toEqual(['/session', '/credentials'])
  })

  test('is another one for reading than for writing', async () => {
    const { signRequest, signPostForm } = source()
    const [get, put, form] = await Promise.all([
      signRequest({ method: 'GET', key: 'a' }),
      signRequest({ method: 'PUT', key: 'a' }),
      signPostForm({ key: 'a' }),
    ])
    expect(query(get.url)['q-ak']).not.toBe(query(put.url)['q-ak'])
    expect(form.fields['q-ak']).toBe(query(put.url)['q-ak'])
  })

  test('is renewed before it ends', async () => {
    const { signRequest } = source()
    await signRequest({ method: 'GET', key: 'a' })
    later(100)
    await signRequest({ method: 'GET', key: 'a' })
    expect(asked()).toHaveLength(2)
    later(700)
    const { expiresAt } = await signRequest({ method: 'GET', key: 'a' })
    expect(asked()).toHaveLength(3)
    expect(expiresAt).toBeGreaterThan(Date.now() / 1000 + 800)
  })

  test('never signs for longer than it lives', async () => {
    const { signRequest } = source()
    const { expiresAt } = await signRequest({ method: 'GET', key: 'a', expires: 86_400 })
    expect(expiresAt).toBeLessThanOrEqual(Date.now() / 1000 + 900)
  })

  test.each([-7200, 7200])('signs with the clock of the server, %i s away', async (seconds) => {
    const { session, signRequest } = source(seconds)
    const key = `${await session.prefix()}a`
    const put = await signRequest({ method: 'PUT', key })
    const response = await fetch(put.url, { method: 'PUT', body: 'a' })
    expect(response.status).toBe(200)
  })

  test('whose fetch failed is fetched again', async () => {
    const { signRequest } = source()
    env.wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    await expect(signRequest({ method: 'GET', key: 'a' })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
      errMsg: expect.stringMatching(/^request:fail/),
    })
    env.wx.setStorageSync('server-url', stack.serverUrl)
    await expect(signRequest({ method: 'GET', key: 'a' })).resolves.toBeDefined()
  })

  test.each([
    ['a signature', 60, 61, 'Request has expired'],
    ['a key', undefined, 901, 'The provided token has expired.'],
  ])('or %s that has ended is refused by COS', async (_what, expires, seconds, message) => {
    const { session, signRequest } = source()
    const key = `${await session.prefix()}never`
    const { url } = await signRequest({ method: 'GET', key, expires })
    expect((await fetch(url)).status).toBe(404)
    later(seconds)
    const refused = await fetch(url)
    expect(await refused.text()).toContain(`<Message>${message}</Message>`)
  })
})

describe('what is signed', () => {
  test('is the method, the host, the headers and the parameters', async () => {
    const { signRequest } = source()
    const signed = await signRequest({
      method: 'PUT',
      key: 'a',
      query: { partNumber: '1' },
      headers: { 'Content-Type': 'image/png' },
    })
    expect(signed.method).toBe('PUT')
    expect(signed.headers).toEqual({ 'Content-Type': 'image/png' })
    expect(query(signed.url)).toMatchObject({
      'q-header-list': 'content-type;host',
      'q-url-param-list': 'partnumber',
      partNumber: '1',
    })
  })
})

test('a form above the limit of the server is refused before anything is sent', async () => {
  const { signPostForm } = source()
  const maxBytes = 100 * 1024 * 1024
  await expect(signPostForm({ key: 'a', maxBytes })).resolves.toBeDefined()
  await expect(signPostForm({ key: 'a', maxBytes: maxBytes + 1 })).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
  })
})

describe('a session', () => {
  test('logs in once, and again when it has ended', async () => {
    const { signRequest } = source()
    await signRequest({ method: 'GET', key: 'a' })
    later(3 * 3600)
    await signRequest({ method: 'GET', key: 'a' })
    expect(asked()).toEqual([
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
    expect(serverUrl()).toBe(stack.serverUrl)
    env.wx.removeStorageSync('server-url')
    expect(serverUrl()).toBe(config.serverUrl)
    env.wx.setStorageSync('server-url', 'http://192.168.1.5:3000/')
    expect(serverUrl()).toBe('http://192.168.1.5:3000')
  })

  test('that refuses is quoted', async () => {
    const asking = createSession().ask('/credentials', { purpose: 'delete' })
    await expect(asking).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      statusCode: 400,
      errorCode: 'INVALID_REQUEST',
    })
    const key = 'users/00000000000000000000000000000000/a'
    await expect(
      createSession().ask('/credentials', { purpose: 'upload', key }),
    ).rejects.toMatchObject({
      code: 'KEY_NOT_ALLOWED',
    })
  })

  test('of a release is always that of config.ts', async () => {
    await env.restore()
    env = installNodeWx({ envVersion: 'release', storage: { 'server-url': stack.serverUrl } })
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
      await expect(askServer('/config')).rejects.toMatchObject({
        code: 'SERVER_REFUSED',
        statusCode: 502,
      })
    } finally {
      other.closeAllConnections()
      other.close()
    }
  })
})
