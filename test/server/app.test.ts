import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { createClient } from './client'
import { createFakeSts, grant, refusal } from './fake-sts'

const ORIGIN = 'http://127.0.0.1:8080'
const sts = createFakeSts()
let now = 0
let log = ''
let config: ReturnType<typeof readConfig>
let app: ReturnType<typeof createApp>
let client: Awaited<ReturnType<typeof createClient>>

beforeEach(async () => {
  now = Date.now()
  log = ''
  sts.behave(grant())
  config = readConfig({ STS_ENDPOINT: await sts.start(), CORS_ORIGINS: ORIGIN })
  app = createApp(config, {
    now: () => now,
    logStream: {
      write(line) {
        log += line
      },
    },
  })
  client = await createClient(app)
})
afterEach(async () => {
  await app.close()
  await sts.stop()
})

test('GET /config tells what the app must know, and no secret', async () => {
  const { status, body } = await client.get('/config')
  expect(status).toBe(200)
  expect(body).toEqual({
    bucket: 'examplebucket-1250000000',
    region: 'ap-beijing',
    protocol: 'http:',
    host: config.sts.host,
    maxBytes: 104857600,
    multipart: true,
    localCloud: true,
    serverTime: Math.floor(now / 1000),
  })
})

test('GET / says in one line of text what this is, and where it is documented', async () => {
  const response = await fetch(client.url)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; charset=utf-8',
  ])
  expect(await response.text()).toMatch(/^Temporary keys .* server\/README\.md .*\n$/)
})

describe('GET /health', () => {
  test('is 200 when STS gives a key, which it is asked for once', async () => {
    const before = sts.calls()
    const { status, body } = await client.get('/health')
    expect(status).toBe(200)
    expect(body).toEqual({ status: 'ok', sts: 'ok' })
    expect((await client.get('/health')).status).toBe(200)
    expect(sts.calls()).toBe(before + 1)
  })

  test('is 503 with the code of STS when it refuses, and asks again ten seconds later', async () => {
    const before = sts.calls()
    sts.behave(refusal('AuthFailure.SignatureFailure'))
    const { status, body } = await client.get('/health')
    expect(status).toBe(503)
    expect(body).toEqual({ status: 'unavailable', sts: 'AuthFailure.SignatureFailure' })
    expect((await client.get('/health')).status).toBe(503)
    expect(sts.calls()).toBe(before + 1)
    sts.behave(grant())
    now += 10_000
    expect((await client.get('/health')).status).toBe(200)
  })
})

test('an unknown route has the shape of every error', async () => {
  const { status, headers, body } = await client.get('/secrets?token=t')
  expect(status).toBe(404)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(body).toEqual({ error: { code: 'NOT_FOUND', message: 'There is no GET /secrets' } })
  expect((await client.send('DELETE', '/session')).status).toBe(404)
})

test('a malformed URL has it, too, and leaves no query in the log', async () => {
  const { status, body } = await client.get('/session/%?code=the-login-code')
  expect(status).toBe(400)
  expect(body).toEqual({ error: { code: 'INVALID_REQUEST', message: 'The URL is not valid' } })
  expect(log).not.toContain('the-login-code')
})

test('an unexpected fault tells the client nothing, and the log all', async () => {
  const broken = createApp(config, {
    code2Session: () => Promise.reject(new Error('the inside')),
    logStream: {
      write(line) {
        log += line
      },
    },
  })
  const { status, body } = await (await createClient(broken)).post('/session', { code: 'x' })
  await broken.close()
  expect(status).toBe(500)
  expect(body).toEqual({ error: { code: 'INTERNAL', message: 'Something went wrong' } })
  expect(log).toContain('the inside')
})

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(`${client.url}/credentials`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    })

  test('lets the configured origin call', async () => {
    const { status, headers } = await preflight(ORIGIN)
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(headers.get('access-control-allow-headers')).toContain('authorization')
    const { headers: answer } = await client.send('GET', '/config', { headers: { origin: ORIGIN } })
    expect(answer.get('access-control-allow-origin')).toBe(ORIGIN)
  })

  test('lets it read an error too', async () => {
    const { status, headers } = await client.post('/credentials', {}, { origin: ORIGIN })
    expect(status).toBe(401)
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN)
  })

  test.each(['http://127.0.0.1:8081', 'https://example.com', 'null'])(
    'lets no page of %s call',
    async (origin) => {
      expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
      const { headers } = await client.send('GET', '/config', { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  test('is off when no origin is configured', async () => {
    const closed = createApp({ ...config, corsOrigins: [] })
    const other = await createClient(closed)
    const { headers } = await other.send('GET', '/config', { headers: { origin: ORIGIN } })
    await closed.close()
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('the log', () => {
  test('tells of each request to each route, and never what must stay secret', async () => {
    const { body: session } = await client.post('/session', { code: 'the-login-code' })
    const authorization = `Bearer ${session.token}`
    const key = `${session.prefix}a.png`
    const ask = (path: string, body: unknown) => client.post(path, body, { authorization })
    const { body: granted } = await ask('/credentials', { purpose: 'upload' })
    const { body: presigned } = await ask('/presign', { method: 'PUT', key })
    const { body: form } = await ask('/post-form', { key })
    await client.get('/config?code=the-login-code')
    await client.get('/health')

    const refused = { authorization: `${authorization}x` }
    for (const path of ['/credentials', '/presign', '/post-form']) {
      await ask(path, { code: 'the-login-code', url: presigned.url })
      await ask(path, `{"token":"${session.token}"`)
      await client.post(path, {}, refused)
    }
    await client.post('/session', '{"code":"the-login-code"')
    await client.post('/session', { code: 'the-login-code', openid: 'x' })
    await client.get(`/session?code=the-login-code&token=${session.token}`)
    sts.behave(refusal('AuthFailure.SignatureFailure'))
    await ask('/credentials', { purpose: 'download' })
    await ask('/presign', { method: 'GET', key })

    for (const path of ['/session', '/credentials', '/presign', '/post-form', '/config', '/health'])
      expect(log).toContain(`"path":"${path}"`)
    expect(log).toContain('AuthFailure.SignatureFailure')
    const { tmpSecretId, tmpSecretKey, sessionToken } = granted.credentials
    const secrets = [
      'the-login-code',
      session.token,
      session.token.split('.')[2],
      tmpSecretId,
      tmpSecretKey,
      sessionToken,
      presigned.url,
      new URL(presigned.url).searchParams.get('q-signature'),
      form.fields['q-signature'],
      form.fields.policy,
      config.secretId,
      config.secretKey,
      config.sessionSecret,
      config.userIdSecret,
    ]
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(5)
      expect(log).not.toContain(secret)
    }
  })

  test('has the fields that README.md lists, and no others', async () => {
    const { authorization, prefix } = await client.login()
    await client.post('/post-form', { key: `${prefix}a`, maxBytes: 2e9 }, authorization)
    sts.behave(refusal('AuthFailure.SignatureFailure'))
    await client.post('/credentials', { purpose: 'upload' }, authorization)
    const readme = readFileSync(join(__dirname, '..', '..', 'server', 'README.md'), 'utf8')
    const [table = ''] = /^\| field .+?\n\n/ms.exec(readme) ?? []
    const listed = [...table.matchAll(/`([\w.]+)`(?=.*\|.*\|)/g)].map(([, field]) => field)
    const found = log
      .trim()
      .split('\n')
      .flatMap((line) => fieldsOf(JSON.parse(line)))
    // Lines of Redis are tested where there is one.
    expect([...new Set([...found, 'reason'])].toSorted()).toEqual(listed.toSorted())
  })

  test('redacts what a careless line would show', async () => {
    const careless = { headers: { authorization: 'Bearer s3cret' }, body: { code: 's3cret' } }
    app.log.info(careless)
    app.log.info({ request: careless, answer: { token: 's3cret', credentials: 's3cret' } })
    app.log.info({ url: 's3cret', fields: { policy: 's3cret' } })
    app.log.info({ answer: { url: 's3cret', fields: { policy: 's3cret' } } })
    expect(log).toContain('[Redacted]')
    expect(log).not.toContain('s3cret')
  })
})

/** `a` and `b.c` of `{ a: 1, b: { c: 2 } }`. */
function fieldsOf(line: Record<string, unknown>): string[] {
  return Object.entries(line).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? fieldsOf(value as Record<string, unknown>).map((field) => `${name}.${field}`)
      : [name],
  )
}
