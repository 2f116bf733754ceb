import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { createPolicy } from '../../server/policy'
import { shutDown } from '../../server/shut-down'
import { createSts } from '../../server/sts'
import { until } from '../helpers/until'
import { createClient } from './client'
import { createFakeSts, grant, refusal, type Behavior } from './fake-sts'

const sts = createFakeSts()
let endpoint = ''

beforeEach(async () => {
  sts.behave(grant())
  endpoint = await sts.start()
})
afterEach(() => sts.stop())

describe('a flood', () => {
  const ORIGIN = 'https://app.example.com'
  let app: ReturnType<typeof createApp>
  let client: Awaited<ReturnType<typeof createClient>>

  const start = async (env: Record<string, string>) => {
    app = createApp(readConfig({ STS_ENDPOINT: endpoint, CORS_ORIGINS: ORIGIN, ...env }), {
      code2Session: async (code) => ({ openid: code }),
    })
    client = await createClient(app)
  }
  afterEach(() => app.close())

  /** Statuses of `count` requests at once. */
  const many = async (count: number, ask: () => Promise<{ status: number }>) =>
    (await Promise.all(Array.from({ length: count }, ask))).map(({ status }) => status).toSorted()
  const from = (address: string, path = '/config') =>
    client.send('GET', path, { headers: { 'x-forwarded-for': address } })

  test('of one user is answered with 429 and Retry-After, and others are served', async () => {
    await start({ RATE_LIMIT_PER_USER: '3' })
    const [ann, bob] = [await client.login('ann'), await client.login('bob')]
    const ask = ({ authorization }: typeof ann, path = '/credentials') =>
      client.post(path, { purpose: 'upload' }, authorization)

    expect(await many(5, () => ask(ann))).toEqual([200, 200, 200, 429, 429])
    const { status, headers, body } = await ask(ann, '/presign')
    expect(status).toBe(429)
    expect(body).toEqual({
      error: { code: 'RATE_LIMITED', message: expect.stringMatching(/^More than 3 requests/) },
    })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await ask(bob)).status).toBe(200)
    expect((await client.get('/config')).status).toBe(200)
  })

  test('of one address is answered with 429, logged in or not, and others are served', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '3' })
    expect(await many(5, () => from('203.0.113.7'))).toEqual([200, 200, 200, 429, 429])
    const forged = { authorization: 'Bearer forged', 'x-forwarded-for': '203.0.113.8' }
    const anonymous = () => client.post('/presign', {}, forged)
    expect(await many(4, anonymous)).toEqual([401, 401, 401, 429])
    expect((await from('203.0.113.9')).status).toBe(200)
  })

  test('of logins is stopped before it reaches WeChat', async () => {
    await start({})
    const login = () => client.post('/session', { code: 'x' })
    const statuses = await many(602, login)
    expect(statuses.slice(-3)).toEqual([200, 429, 429])
    expect((await from('198.51.100.1')).status).toBe(200)
  })

  test('of slow requests is cut off', async () => {
    await start({})
    const { requestTimeout, headersTimeout } = app.server
    expect({ requestTimeout, headersTimeout }).toEqual({
      requestTimeout: 10_000,
      headersTimeout: 10_000,
    })
  })

  test('counts an IPv6 user by the /64, which is one household', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '2' })
    expect((await from('2001:db8::1')).status).toBe(200)
    expect((await from('2001:db8::2')).status).toBe(200)
    expect((await from('2001:db8::3')).status).toBe(429)
    expect((await from('2001:db8:0:1::1')).status).toBe(200)
  })

  test('cannot hide behind X-Forwarded-For, but that of a trusted proxy', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '2', TRUSTED_PROXIES: '10.0.0.0/8' })
    expect((await from('203.0.113.1')).status).toBe(200)
    expect((await from('203.0.113.2')).status).toBe(200)
    expect((await from('203.0.113.3')).status).toBe(429)
  })

  test('does not keep a probe from /health', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '1' })
    expect(await many(5, () => client.get('/health'))).toEqual([200, 200, 200, 200, 200])
  })

  test('can be understood by a page of a configured origin', async () => {
    await start({ RATE_LIMIT_PER_ADDRESS: '1' })
    const ask = () => client.send('GET', '/config', { headers: { origin: ORIGIN } })
    await ask()
    const { status, headers } = await ask()
    expect(status).toBe(429)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-expose-headers')).toContain('retry-after')
  })
})

describe('STS', () => {
  const ask = () => {
    const config = readConfig({ STS_ENDPOINT: endpoint })
    const key = createSts(config, { timeoutSeconds: 0.1, backoffMs: 10 })
    return key(createPolicy(config, 'upload', 'users/u1/*'))
  }
  const inTurn =
    (...behaviors: Behavior[]): Behavior =>
    () =>
      (behaviors.shift() ?? grant())()

  test.each<[string, Behavior]>([
    ['an error of its own', refusal('InternalError.DbError')],
    ['too many requests', refusal('RequestLimitExceeded')],
    ['no answer', () => undefined],
    ['an answer of something between', () => ({ status: 502, body: '<html>' })],
    ['an answer without a key', () => ({ body: '{"Response":{}}' })],
  ])('is asked again after %s, twice at most', async (_name, behavior) => {
    sts.behave(inTurn(behavior, behavior))
    await expect(ask()).resolves.toMatchObject({ credentials: { tmpSecretId: 'tmp-id-1' } })
    expect(sts.calls()).toBe(3)

    sts.behave(behavior)
    await expect(ask()).rejects.toMatchObject({ statusCode: 502, code: 'STS_FAILED' })
    expect(sts.calls()).toBe(6)
  })

  test.each([
    'AuthFailure.SecretIdNotFound',
    'UnauthorizedOperation',
    'InvalidParameter.GrantOtherResource',
  ])('is not asked again after %s', async (code) => {
    sts.behave(refusal(code))
    await expect(ask()).rejects.toMatchObject({ code: 'STS_FAILED', detail: code })
    expect(sts.calls()).toBe(1)
  })
})

describe('shutting down', () => {
  /** An app with a request under way: STS has it, and answers with `release`. */
  const busyApp = async () => {
    const held: ServerResponse[] = []
    const slowSts = createServer((request, response) => {
      request.resume()
      held.push(response)
    })
    slowSts.listen(0, '127.0.0.1')
    await once(slowSts, 'listening')
    const { port } = slowSts.address() as AddressInfo
    const app = createApp(readConfig({ STS_ENDPOINT: `http://127.0.0.1:${port}` }))
    const client = await createClient(app)
    const { authorization } = await client.login()
    const answer = client.post('/credentials', { purpose: 'upload' }, authorization)
    const outcome = answer.then(({ status }) => status).catch(() => 'cut off')
    await until(() => held.length > 0)
    return {
      app,
      client,
      outcome,
      release: () => held[0]?.end(grant()()?.body),
      stop() {
        slowSts.closeAllConnections()
        slowSts.close()
      },
    }
  }

  test('takes no new request, and lets the one under way finish', async () => {
    const { app, client, outcome, release, stop } = await busyApp()
    const finished = shutDown(app, 10_000)
    await until(() =>
      fetch(`${client.url}/config`).then(
        ({ ok }) => !ok,
        () => true,
      ),
    )
    release()
    expect(await outcome).toBe(200)
    expect(await finished).toBe(true)
    stop()
  })

  test('does not wait for ever', async () => {
    const { app, outcome, stop } = await busyApp()
    expect(await shutDown(app, 50)).toBe(false)
    expect(await outcome).toBe('cut off')
    stop()
  })
})
