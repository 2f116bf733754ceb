import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { ApiError } from '../../server/errors'
import { createClient } from './client'

const TWO_HOURS = 2 * 60 * 60
let data: string
let cloud: ReturnType<typeof createLocalCloud>
let cloudUrl: string
let now = 0
let config: ReturnType<typeof readConfig>
let app: ReturnType<typeof createApp>
let client: Awaited<ReturnType<typeof createClient>>

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'server-'))
  cloud = createLocalCloud({ data, port: 0 })
  cloudUrl = (await cloud.start()).url
})
afterAll(async () => {
  await cloud.stop()
  await rm(data, { recursive: true, force: true })
})
beforeEach(async () => {
  now = Date.now()
  config = readConfig({ STS_ENDPOINT: cloudUrl, SESSION_SECRET: 's'.repeat(64) })
  app = createApp(config, { now: () => now })
  client = await createClient(app)
})
afterEach(async () => {
  await app.close()
})

const useToken = (token: string) =>
  client.post('/credentials', { purpose: 'upload' }, { authorization: `Bearer ${token}` })

describe('login', () => {
  test('answers a token, its end, the time of the server, and the prefix of the user', async () => {
    const { status, headers, body } = await client.post('/session', { code: 'any' })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      token: expect.any(String),
      expiresAt: Math.floor(now / 1000) + TWO_HOURS,
      serverTime: Math.floor(now / 1000),
      prefix: expect.stringMatching(/^users\/[0-9a-f]{32}\/$/),
    })
    expect((await useToken(body.token)).status).toBe(200)
  })

  test('with the local cloud every code is the same development user', async () => {
    const [one, two] = [await client.login('one'), await client.login('two')]
    expect(one.prefix).toBe(two.prefix)
  })

  test('through WeChat each user has a prefix that does not tell the openid', async () => {
    const code2Session = async (code: string) => ({ openid: `openid-of-${code}` })
    const other = createApp(config, { code2Session })
    const users = await createClient(other)
    const [ann, bob, annAgain] = [
      await users.login('ann'),
      await users.login('bob'),
      await users.login('ann'),
    ]
    await other.close()
    expect(ann.prefix).not.toBe(bob.prefix)
    expect(ann.prefix).toBe(annAgain.prefix)
    expect(ann.prefix).toBe(
      `users/${createHmac('sha256', config.userIdSecret).update('openid-of-ann').digest('hex').slice(0, 32)}/`,
    )
    expect(
      Buffer.from(ann.authorization.authorization.split('.')[1]!, 'base64').toString(),
    ).not.toContain('openid')
  })

  test('a refusal of WeChat is the answer, and nobody is logged in', async () => {
    const other = createApp(config, {
      code2Session: async () => {
        throw new ApiError(401, 'UNAUTHENTICATED', 'used up', { detail: '40163' })
      },
    })
    const users = await createClient(other)
    const { status, body } = await users.post('/session', { code: 'used' })
    await other.close()
    expect(status).toBe(401)
    expect(body).toEqual({
      error: { code: 'UNAUTHENTICATED', message: 'used up', detail: '40163' },
    })
  })

  test('there is no development login without the local cloud', () => {
    expect(() => createApp({ ...config, localCloud: false })).toThrow(TypeError)
  })

  test.each([
    ['no code', {}],
    ['an empty code', { code: '' }],
    ['a number', { code: 1 }],
    ['a code of 257 characters', { code: 'x'.repeat(257) }],
    ['an unknown field', { code: 'x', openid: 'somebody' }],
    ['not an object', '"code"'],
    ['broken JSON', '{"code":'],
    ['nothing', ''],
  ])('refuses %s', async (_name, body) => {
    const answer = await client.post('/session', body)
    expect(answer.status).toBe(400)
    expect(answer.body.error.code).toBe('INVALID_REQUEST')
  })

  test('refuses a body of more than 16 KiB, and one that is not JSON', async () => {
    const large = await client.post('/session', { code: 'x'.repeat(17 * 1024) })
    expect([large.status, large.body.error.code]).toEqual([413, 'INVALID_REQUEST'])
    const xml = await client.post('/session', '<code/>', { 'content-type': 'text/xml' })
    expect([xml.status, xml.body.error.code]).toEqual([415, 'INVALID_REQUEST'])
  })
})

describe('a session', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = (changes: object = {}) => ({
    iss: 'cos-presign-miniprogram',
    aud: 'cos-presign-miniprogram/session',
    sub: 'f'.repeat(32),
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 60,
    ...changes,
  })
  const sign = (payload: Record<string, unknown>, alg = 'HS256', secret = config.sessionSecret) =>
    new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret))

  test('is what the test signs when nothing is wrong with it', async () => {
    expect((await useToken(await sign(claims()))).status).toBe(200)
  })

  test.each<[string, () => string | Promise<string>]>([
    ['of another secret', () => sign(claims(), 'HS256', 'another secret of 32 characters!')],
    ['of another algorithm', () => sign(claims(), 'HS512')],
    ['without a signature', () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
    ['of another issuer', () => sign(claims({ iss: 'somebody' }))],
    ['for another audience', () => sign(claims({ aud: 'somebody' }))],
    ['without a user', () => sign(claims({ sub: undefined }))],
    ['without an end', () => sign(claims({ exp: undefined }))],
    ['that has ended', () => sign(claims({ exp: Math.floor(now / 1000) - 1 }))],
    ['that is no token', () => 'nonsense'],
  ])('%s is refused', async (_name, token) => {
    const { status, body } = await useToken(await token())
    expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('is known to every process with the same secret, and to no other', async () => {
    const ask = async (sessionSecret: string) => {
      const another = createApp({ ...config, sessionSecret })
      const { authorization } = await client.login()
      const other = await createClient(another)
      const { status } = await other.post('/credentials', { purpose: 'upload' }, authorization)
      await another.close()
      return status
    }
    expect(await ask(config.sessionSecret)).toBe(200)
    expect(await ask('another secret of 32 characters!')).toBe(401)
  })

  test('changed into that of another user is refused', async () => {
    const { body } = await client.post('/session', { code: 'x' })
    const [header, , signature] = body.token.split('.')
    const { status } = await useToken(`${header}.${encode(claims())}.${signature}`)
    expect(status).toBe(401)
  })

  test('lasts two hours and no longer', async () => {
    // Logged in in the past: STS has the time of now.
    now -= (TWO_HOURS - 1) * 1000
    const { body } = await client.post('/session', { code: 'x' })
    now += (TWO_HOURS - 1) * 1000
    expect((await useToken(body.token)).status).toBe(200)
    now += 1000
    const ended = await useToken(body.token)
    expect([ended.status, ended.body.error.message]).toEqual([
      401,
      'The session has expired: log in again',
    ])
  })

  test('is asked for before the body is looked at', async () => {
    const anonymous: Record<string, string>[] = [
      {},
      { authorization: 'Basic YTpi' },
      { authorization: 'Bearer' },
    ]
    for (const headers of anonymous) {
      const { status, body } = await client.post('/credentials', { nonsense: true }, headers)
      expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED'])
    }
  })
})
