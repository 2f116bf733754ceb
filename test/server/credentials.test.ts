import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { createSts } from '../../server/sts'
import { createPolicy } from '../../server/policy'
import { cacheTemporaryKeys } from '../../server/temporary-keys'
import { createClient } from './client'
import { type Behavior, createFakeSts, grant, refusal } from './fake-sts'

const sts = createFakeSts()
let now = 0
let config: ReturnType<typeof readConfig>
let app: ReturnType<typeof createApp>
let client: Awaited<ReturnType<typeof createClient>>
let user: Awaited<ReturnType<typeof client.login>>

beforeEach(async () => {
  now = Date.now()
  sts.behave(grant(900, () => now))
  config = readConfig({ STS_ENDPOINT: await sts.start() })
  app = createApp(config, { now: () => now, code2Session: async (code) => ({ openid: code }) })
  client = await createClient(app)
  user = await client.login()
})
afterEach(async () => {
  await app.close()
  await sts.stop()
})

const ask = (body: unknown) => client.post('/credentials', body, user.authorization)

test('answers in the names of STS, with all that a signer needs', async () => {
  const { status, headers, body } = await ask({ purpose: 'upload' })
  const seconds = Math.floor(now / 1000)
  expect(status).toBe(200)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toEqual({
    credentials: {
      tmpSecretId: expect.any(String),
      tmpSecretKey: expect.any(String),
      sessionToken: expect.any(String),
    },
    startTime: seconds,
    expiredTime: seconds + 900,
    expiration: new Date((seconds + 900) * 1000).toISOString(),
    requestId: expect.any(String),
    serverTime: seconds,
    bucket: 'examplebucket-1250000000',
    region: 'ap-beijing',
    protocol: 'http:',
    host: config.sts.host,
    maxBytes: config.maxUploadBytes,
    prefix: user.prefix,
  })
})

describe('the key of an object', () => {
  const fill = (bytes: number) => user.prefix + 'x'.repeat(bytes - user.prefix.length)

  test.each<[string, () => string]>([
    ['a name in Chinese, with spaces and signs', () => `${user.prefix}照片/a b+c (1)&.png`],
    ['850 bytes', () => fill(850)],
    ['empty segments, and dots inside names', () => `${user.prefix}a//.b..c/...`],
  ])('may be %s', async (_name, key) => {
    expect((await ask({ purpose: 'upload', key: key() })).status).toBe(200)
  })

  test.each<[string, () => string]>([
    ['of another user', () => `users/${'0'.repeat(32)}/a.png`],
    ['outside users/', () => 'a.png'],
    ['that only looks alike', () => `${user.prefix.slice(0, -1)}-not/a.png`],
    ['percent-encoded', () => `users%2F${user.prefix.slice(6)}a.png`],
    ['in capitals', () => `${user.prefix.toUpperCase()}a.png`],
    ['with a leading slash', () => `/${user.prefix}a.png`],
    ['with a leading backslash', () => `\\${user.prefix}a.png`],
    ['that is the prefix itself', () => user.prefix],
  ])('%s is not allowed', async (_name, key) => {
    const { status, body } = await ask({ purpose: 'upload', key: key() })
    expect([status, body.error.code]).toEqual([403, 'KEY_NOT_ALLOWED'])
  })

  test.each<[string, () => string]>([
    ['empty', () => ''],
    ['of 851 bytes', () => fill(851)],
    ['of 851 bytes in 300 characters', () => `${user.prefix}${'照'.repeat(271)}`],
    ['with a segment ..', () => `${user.prefix}../${'0'.repeat(32)}/a.png`],
    ['with a segment .', () => `${user.prefix}./a.png`],
    ['that ends in ..', () => `${user.prefix}a/..`],
    ['with a wildcard', () => `${user.prefix}a*.png`],
    ['with a policy variable', () => `${user.prefix}\${uin}`],
    ['with a line break', () => `${user.prefix}a\n.png`],
    ['with NUL', () => `${user.prefix}a\0.png`],
    ['with half a surrogate pair', () => `${user.prefix}\ud83d.png`],
  ])('%s is not valid', async (_name, key) => {
    const { status, body } = await ask({ purpose: 'download', key: key() })
    expect([status, body.error.code]).toEqual([400, 'INVALID_REQUEST'])
  })
})

test.each<[string, unknown]>([
  ['no purpose', {}],
  ['an unknown purpose', { purpose: 'delete' }],
  ['a list of purposes', { purpose: ['upload'] }],
  ['null for a key', { purpose: 'upload', key: null }],
  ['a list of keys', { purpose: 'upload', key: ['a'] }],
  ['an unknown field', { purpose: 'upload', durationSeconds: 7200 }],
])('refuses %s', async (_name, body) => {
  const answer = await ask(body)
  expect([answer.status, answer.body.error.code]).toEqual([400, 'INVALID_REQUEST'])
  expect(sts.calls()).toBe(0)
})

describe('STS', () => {
  const token = async (body: object = { purpose: 'upload' }) =>
    (await ask(body)).body.credentials.sessionToken as string

  test('is asked once for concurrent and for later calls', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token()))
    tokens.push(await token())
    expect(new Set(tokens).size).toBe(1)
    expect(sts.calls()).toBe(1)
  })

  test('mixes no users up, however many ask at once', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, (_, i) => client.login(`user-${i}`)))
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const { prefix, authorization } = users[i % users.length]!
        const { body } = await client.post('/credentials', { purpose: 'upload' }, authorization)
        expect(body.prefix).toBe(prefix)
        return `${prefix} ${body.credentials.tmpSecretId}`
      }),
    )
    expect(new Set(answers).size).toBe(users.length)
    expect(new Set(answers.map((answer) => answer.split(' ')[1])).size).toBe(users.length)
    expect(sts.calls()).toBe(users.length)
  })

  test('is asked again when half of the life of a key has passed', async () => {
    const first = await token()
    now += 449_000
    expect(await token()).toBe(first)
    now += 1000
    expect(await token()).not.toBe(first)
    expect(sts.calls()).toBe(2)
  })

  test('is asked for each purpose, each key and each user', async () => {
    const key = `${user.prefix}a.png`
    const tokens = [
      await token({ purpose: 'upload' }),
      await token({ purpose: 'download' }),
      await token({ purpose: 'upload', key }),
      await token({ purpose: 'download', key }),
    ]
    user = await client.login('another user')
    tokens.push(await token({ purpose: 'upload' }))
    expect(new Set(tokens).size).toBe(5)
  })

  test('on a private address is reached past the proxy of the environment', async () => {
    process.env['http_proxy'] = 'http://127.0.0.1:1'
    const { status } = await ask({ purpose: 'upload' })
    delete process.env['http_proxy']
    expect(status).toBe(200)
  })

  test('refusing is a 502 with its own code, and is not remembered', async () => {
    sts.behave(refusal('AuthFailure.SecretIdNotFound'))
    const { status, body } = await ask({ purpose: 'upload' })
    expect(status).toBe(502)
    expect(body).toEqual({
      error: {
        code: 'STS_FAILED',
        message: 'STS refused: AuthFailure.SecretIdNotFound',
        detail: 'AuthFailure.SecretIdNotFound',
      },
    })
    sts.behave(grant())
    expect((await ask({ purpose: 'upload' })).status).toBe(200)
  })

  test.each<[string, Behavior]>([
    ['an answer without a key', () => ({ body: '{"Response":{"RequestId":"request-1"}}' })],
    ['an answer that is not JSON', () => ({ body: '<html>' })],
    ['500', () => ({ status: 500, body: '{}' })],
  ])('answering %s is a 502', async (_name, behavior) => {
    sts.behave(behavior)
    const { status, body } = await ask({ purpose: 'upload' })
    expect(status).toBe(502)
    expect(body).toEqual({ error: { code: 'STS_FAILED', message: 'STS gave no answer' } })
  })

  test('being away is a 502', async () => {
    const away = createApp({ ...config, sts: { protocol: 'http:', host: '127.0.0.1:1' } })
    const other = await createClient(away)
    const { authorization } = await other.login()
    const { status, body } = await other.post('/credentials', { purpose: 'upload' }, authorization)
    await away.close()
    expect([status, body.error.code]).toEqual([502, 'STS_FAILED'])
  })

  test('not answering in time is a failure', async () => {
    sts.behave(() => undefined)
    const policy = createPolicy(config, 'upload', `${user.prefix}*`)
    await expect(createSts(config, { timeoutSeconds: 0.1 })(policy)).rejects.toMatchObject({
      statusCode: 502,
      code: 'STS_FAILED',
    })
  })
})

describe('the clock of this server', () => {
  const HOUR = 3_600_000

  test.each([62_000, HOUR])('being ahead by the life of a key is named: %d ms', async (ahead) => {
    sts.behave(grant(60, () => now - ahead))
    const short = createApp({ ...config, credentialsSeconds: 60 }, { now: () => now })
    const other = await createClient(short)
    const { authorization, prefix } = await other.login()
    const asked = [
      other.post('/credentials', { purpose: 'upload' }, authorization),
      other.post('/presign', { method: 'PUT', key: `${prefix}a` }, authorization),
      other.post('/post-form', { key: `${prefix}a` }, authorization),
    ]
    for (const { status, body } of await Promise.all(asked)) {
      expect([status, body.error.code]).toEqual([503, 'CLOCK_SKEW'])
      const seconds = /is (\d+) s ahead of that of STS: set it by NTP/.exec(body.error.message)?.[1]
      expect(Number(seconds)).toBeCloseTo(ahead / 1000, -1)
    }
    const { status, body } = await other.get('/health')
    expect([status, body.sts]).toEqual([503, 'CLOCK_SKEW'])
    await short.close()
  })

  test('being refused by STS is named', async () => {
    sts.behave(refusal('AuthFailure.SignatureExpire'))
    const { status, body } = await ask({ purpose: 'upload' })
    expect([status, body.error.code]).toEqual([503, 'CLOCK_SKEW'])
    expect(body.error.detail).toBe('AuthFailure.SignatureExpire')
  })

  test('ahead by less, it asks again before a key has ended by it', async () => {
    sts.behave(grant(900, () => now - 600_000))
    expect((await ask({ purpose: 'upload' })).status).toBe(200)
    now += 300_000
    const { status, body } = await ask({ purpose: 'upload' })
    expect(status).toBe(200)
    expect(body.expiredTime * 1000).toBeGreaterThan(now)
  })

  test('being set back keeps no ended key', async () => {
    const first = (await ask({ purpose: 'upload' })).body
    now -= HOUR
    expect((await ask({ purpose: 'upload' })).body.credentials).not.toEqual(first.credentials)
  })

  test('being set back to just after the key was asked for keeps no ended key either', async () => {
    let elapsed = 0
    const getKey = cacheTemporaryKeys(
      createSts(config),
      () => now,
      () => elapsed,
    )
    const policy = createPolicy(config, 'upload', `${user.prefix}*`)
    const first = await getKey(policy)
    now += 1000
    elapsed = 899_000
    expect(await getKey(policy)).not.toEqual(first)
  })
})
