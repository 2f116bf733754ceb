import { describe, expect, test } from '@jest/globals'
import { createSession } from '../../miniprogram/signing/session'
import { temporaryKeySigning } from '../../miniprogram/signing/temporary-key'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { closedPort } from '../helpers/closed-port'
import { environment, cosTime, later, queryOf } from './environment'

const env = environment()

/** `ahead`: seconds by which the phone's clock is wrong. */
function source(ahead = 0) {
  const clock = { ahead }
  const now = () => Date.now() + clock.ahead * 1000
  return { clock, ...temporaryKeySigning(createSession(), now) }
}

/** How often a key was fetched. */
function fetches(): number {
  return env.asked().filter((path) => path === '/credentials').length
}

describe('a temporary key', () => {
  test('is fetched once, shared by concurrent calls, and kept', async () => {
    const { signRequest } = source()
    const keys = ['a', 'b', 'c'].map((key) => signRequest({ method: 'PUT', key }))
    const signed = await Promise.all(keys)
    await signRequest({ method: 'PUT', key: 'd' })
    expect(new Set(signed.map(({ url }) => queryOf(url)['q-ak'])).size).toBe(1)
    expect(env.asked()).toEqual(['/session', '/credentials'])
  })

  test('is another one for reading, for writing and for multipart uploads', async () => {
    const { signRequest, signPostForm } = source()
    const signed = await Promise.all([
      signRequest({ method: 'GET', key: 'a' }),
      signRequest({ method: 'HEAD', key: 'a' }),
      signRequest({ method: 'PUT', key: 'a' }),
      signRequest({ method: 'POST', key: 'a', query: { uploads: '' } }),
      signRequest({ method: 'PUT', key: 'a', query: { partNumber: '1', uploadId: 'u' } }),
      signRequest({ method: 'GET', key: 'a', query: { uploadId: 'u' } }),
      signRequest({ method: 'POST', key: 'a', query: { uploadId: 'u' } }),
      signRequest({ method: 'DELETE', key: 'a', query: { uploadId: 'u' } }),
    ])
    const [get, head, put, ...multipart] = signed.map(({ url }) => queryOf(url)['q-ak'])
    const form = await signPostForm({ key: 'a' })
    expect(head).toBe(get)
    expect(form.fields['q-ak']).toBe(put)
    expect(new Set(multipart).size).toBe(1)
    expect(new Set([get, put, ...multipart]).size).toBe(3)
    expect(fetches()).toBe(3)
  })

  test('is renewed before it ends', async () => {
    const { signRequest } = source()
    await signRequest({ method: 'GET', key: 'a' })
    later(100)
    await signRequest({ method: 'GET', key: 'a' })
    expect(fetches()).toBe(1)
    later(700)
    const { expiresAt } = await signRequest({ method: 'GET', key: 'a' })
    expect(fetches()).toBe(2)
    expect(expiresAt).toBeGreaterThan(Date.now() / 1000 + 800)
  })

  test('never signs for longer than it lives', async () => {
    const { signRequest } = source()
    const { expiresAt } = await signRequest({ method: 'GET', key: 'a', expires: 86_400 })
    expect(expiresAt).toBeLessThanOrEqual(Date.now() / 1000 + 900)
  })

  test.each([-7200, 7200])('signs with the clock of the server, %i s away', async (seconds) => {
    const { userPrefix, signRequest } = source(seconds)
    const key = `${await userPrefix()}a`
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
    env.wx.setStorageSync('server-url', env.stack.server)
    await expect(signRequest({ method: 'GET', key: 'a' })).resolves.toBeDefined()
  })

  test.each([
    ['a signature', 60, 61, 'Request has expired'],
    ['a key', undefined, 901, 'The provided token has expired.'],
  ])('or %s that has ended is refused by COS', async (_what, expires, seconds, message) => {
    const { userPrefix, signRequest } = source()
    const key = `${await userPrefix()}never`
    const { url } = await signRequest({ method: 'GET', key, expires })
    expect((await fetch(url)).status).toBe(404)
    later(seconds)
    const refused = await fetch(url)
    expect(await refused.text()).toContain(`<Message>${message}</Message>`)
  })
})

describe('renew', () => {
  test('takes a new key, and only for the purpose that was refused', async () => {
    const { signRequest } = source()
    const first = await signRequest({ method: 'GET', key: 'a' })
    await signRequest({ method: 'PUT', key: 'a' })
    later(500) // the server hands out a key until half of its life is over
    const renewed = await signRequest({ method: 'GET', key: 'a', renew: {} })
    expect(queryOf(renewed.url)['q-ak']).not.toBe(queryOf(first.url)['q-ak'])
    expect(fetches()).toBe(3)
    const next = await signRequest({ method: 'GET', key: 'a' })
    expect(queryOf(next.url)['q-ak']).toBe(queryOf(renewed.url)['q-ak'])
    await signRequest({ method: 'PUT', key: 'a' })
    expect(fetches()).toBe(3)
  })

  test('takes a new key for a form, too', async () => {
    const { signPostForm } = source()
    const first = await signPostForm({ key: 'a' })
    later(500)
    const renewed = await signPostForm({ key: 'a', renew: {} })
    expect(renewed.fields['q-ak']).not.toBe(first.fields['q-ak'])
  })

  test('shares the fetch that is under way', async () => {
    const { signRequest } = source()
    await signRequest({ method: 'GET', key: 'a' })
    const renew = { serverTime: cosTime() }
    const keys = ['a', 'b', 'c'].map((key) => signRequest({ method: 'GET', key, renew }))
    await Promise.all([...keys, signRequest({ method: 'GET', key: 'd' })])
    expect(fetches()).toBe(2)
  })

  test('whose fetch fails leaves nothing behind', async () => {
    const { signRequest } = source()
    await signRequest({ method: 'GET', key: 'a' })
    env.wx.setStorageSync('server-url', `http://127.0.0.1:${await closedPort()}`)
    await expect(signRequest({ method: 'GET', key: 'a', renew: {} })).rejects.toMatchObject({
      code: 'SERVER_UNREACHABLE',
    })
    env.wx.setStorageSync('server-url', env.stack.server)
    await signRequest({ method: 'GET', key: 'a' })
    expect(fetches()).toBe(2)
  })

  test.each([
    [-1200, 'COS', () => ({ serverTime: cosTime() })],
    [-1200, 'the server', () => ({})],
    [1200, 'COS', () => ({ serverTime: cosTime() })],
    [1200, 'the server', () => ({})],
  ])('mends a clock that moves by %i s, with the time of %s', async (seconds, _from, renew) => {
    const { clock, userPrefix, signRequest } = source()
    const key = `${await userPrefix()}never`
    await signRequest({ method: 'GET', key, renew: renew() })
    clock.ahead = seconds
    later(901)
    const before = await fetch((await signRequest({ method: 'GET', key })).url)
    // Behind, the key that has ended seems to last.
    expect(before.status).toBe(seconds < 0 ? 400 : 404)
    const after = await fetch((await signRequest({ method: 'GET', key, renew: renew() })).url)
    expect(after.status).toBe(404)
  })

  test("takes COS's time rather than that of a server which is fast", async () => {
    const config = readConfig({ STS_ENDPOINT: env.stack.cloud, CREDENTIALS_SECONDS: '7200' })
    const fast = createApp(config, { now: () => Date.now() + 1200_000 })
    env.wx.setStorageSync('server-url', await fast.listen({ host: '127.0.0.1', port: 0 }))
    try {
      const { userPrefix, signRequest } = source()
      const key = `${await userPrefix()}never`
      const refused = await fetch((await signRequest({ method: 'GET', key })).url)
      expect(await refused.text()).toContain('<Code>RequestTimeTooSkewed</Code>')
      const renew = { serverTime: cosTime() }
      const renewed = await signRequest({ method: 'GET', key, renew })
      expect((await fetch(renewed.url)).status).toBe(404)
      const next = await signRequest({ method: 'GET', key })
      expect((await fetch(next.url)).status).toBe(404)
    } finally {
      await fast.close()
    }
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
    expect(queryOf(signed.url)).toMatchObject({
      'q-header-list': 'content-type;host',
      'q-url-param-list': 'partnumber',
      partNumber: '1',
    })
  })
})

test('a form above the limit of the server is refused before anything is sent', async () => {
  const { signPostForm } = source()
  const limit = 100 * 1024 * 1024
  await expect(signPostForm({ key: 'a', maxBytes: limit })).resolves.toBeDefined()
  await expect(signPostForm({ key: 'a', maxBytes: limit + 1 })).rejects.toMatchObject({
    code: 'FILE_TOO_LARGE',
    limit,
  })
})
