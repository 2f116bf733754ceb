import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { answerEvent } from '../../server/cloud-function'
import { readConfig } from '../../server/config'
import { tempDir } from '../helpers/temp-dir'
import { statusOf } from './local-stack'

const data = tempDir()
const cloud = createLocalCloud({ data: data.path, port: 0 })
let cloudUrl = ''
let log = ''

beforeAll(async () => {
  cloudUrl = (await cloud.start()).url
})
afterAll(async () => {
  await cloud.stop()
  data.remove()
})

const start = (env: Record<string, string> = {}) =>
  createApp(readConfig({ STS_ENDPOINT: cloudUrl, ...env }), {
    logStream: {
      write(line) {
        log += line
      },
    },
  })

/** As the platform of CloudBase makes it of a request. */
function event(path: string, body?: unknown, headers: Record<string, unknown> = {}) {
  const text = body === undefined ? '' : JSON.stringify(body)
  return {
    path,
    httpMethod: body === undefined ? 'GET' : 'POST',
    headers: {
      Host: 'env-id.service.tcloudbase.com',
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(text)),
      'X-Forwarded-For': '203.0.113.7',
      ...headers,
    },
    queryStringParameters: {},
    body: text,
    isBase64Encoded: false,
  }
}

describe('as a cloud function', () => {
  let app: ReturnType<typeof createApp>
  beforeEach(() => {
    log = ''
    app = start({ RATE_LIMIT_PER_ADDRESS: '8' })
  })
  afterEach(() => app.close())

  const answer = async (sent: unknown, context?: unknown) => {
    const { statusCode, headers, body, isBase64Encoded } = await answerEvent(app, sent, context)
    expect(isBase64Encoded).toBe(false)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    return { statusCode, headers, body: JSON.parse(body) }
  }

  test('logs in and signs, and what it signs is good', async () => {
    const { body: session } = await answer(event('/session', { code: 'x' }))
    const authorization = `Bearer ${session.token}`
    const key = `${session.prefix}照片.txt`
    const request = event('/presign', { method: 'PUT', key }, { Authorization: authorization })
    const { statusCode, headers, body } = await answer(request)
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(await statusOf(body.url, { method: 'PUT', body: 'hello' })).toBe(200)
  })

  test('takes a body in base64', async () => {
    const plain = event('/session', { code: 'x' })
    const body = Buffer.from(plain.body ?? '').toString('base64')
    expect((await answer({ ...plain, body, isBase64Encoded: true })).statusCode).toBe(200)
  })

  test('answers errors as ever', async () => {
    const { statusCode, body } = await answer(event('/credentials', { purpose: 'upload' }))
    expect([statusCode, body.error.code]).toEqual([401, 'UNAUTHENTICATED'])
    const missing = await answer({ path: '/nothing', httpMethod: 'GET' })
    expect([missing.statusCode, missing.body.error.code]).toEqual([404, 'NOT_FOUND'])
  })

  const ask = (method: string, path: string, { headers = {}, body = '' } = {}) => ({
    apiGateway: {
      requestContext: { serviceId: 'service-1', path, httpMethod: method, sourceIp: '192.0.2.1' },
      headers,
      body,
      pathParameters: {},
      queryStringParameters: {},
      headerParameters: {},
      stageVariables: { stage: 'release' },
      path,
      queryString: { a: ['1', '2'] },
      httpMethod: method,
    },
    functionUrl: {
      body,
      headers: { ...headers, 'x-scf-remote-addr': '192.0.2.2' },
      httpMethod: method,
      path,
      queryString: { a: '1' },
    },
    cloudBase: {
      path,
      httpMethod: method,
      headers,
      multiValueHeaders: Object.fromEntries(
        Object.entries({ ...headers, 'x-forwarded-for': '192.0.2.3' }).map(([name, value]) => [
          name,
          [value],
        ]),
      ),
      queryStringParameters: {},
      requestContext: { appId: '1250000000', envId: 'env-1' },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    },
  })
  const JSON_BODY = { headers: { 'content-type': 'application/json' }, body: '{"code":"照"}' }

  test.each(['apiGateway', 'functionUrl', 'cloudBase'] as const)(
    'takes an event of %s',
    async (platform) => {
      expect((await answer(ask('GET', '/config')[platform])).statusCode).toBe(200)
      expect((await answer(ask('POST', '/session', JSON_BODY)[platform])).statusCode).toBe(200)
      expect((await answer(ask('POST', '/session')[platform])).statusCode).toBe(400)
      expect(log).toMatch(/"remoteAddress":"192\.0\.2\.\d"/)
    },
  )

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'GET /config'],
    ['a number', 7],
    ['no method', { path: '/config' }],
    ['an event of a timer', { Type: 'Timer', TriggerName: 'EveryDay', Time: '', Message: '' }],
    ['an unknown method', { ...event('/config'), httpMethod: 'FETCH' }],
    ['a malformed method', { ...event('/config'), httpMethod: 'GE T' }],
    ['a method that is an object', { ...event('/config'), httpMethod: { a: 1 } }],
    ['a path that is a number', { ...event('/config'), path: 1 }],
    ['a path that is no path', { ...event('/config'), path: 'http://[' }],
    ['an object as body', { ...event('/session', {}), body: { code: 'x' } }],
    ['headers that are text', { ...event('/config'), headers: 'host: a' }],
    ['headers null', { ...event('/config'), headers: null }],
    ['a method with no route', { ...event('/config'), httpMethod: 'PURGE' }],
    [
      'an undefined header, and a body that is no JSON',
      event('/session', undefined, { a: undefined }),
    ],
  ])('%s is a refusal, and never thrown', async (_name, sent) => {
    const { statusCode, body } = await answer(sent)
    expect(statusCode).toBeGreaterThanOrEqual(400)
    expect(statusCode).toBeLessThan(500)
    expect(body.error.code).toMatch(/^[A-Z_]+$/)
  })

  test.each([
    ['undefined', undefined],
    ['undefined values', { 'x-a': undefined, 'x-b': null }],
    ['several values', { accept: ['text/html', 'application/json'] }],
  ])('headers may be %s', async (_name, headers) => {
    expect((await answer({ ...event('/config'), headers })).statusCode).toBe(200)
  })

  describe('an HTTP request of the functions framework', () => {
    const http = (method: string, path: string, headers: Record<string, string> = {}) => ({
      httpContext: { httpMethod: method, url: `http://service.example.com${path}`, headers },
    })

    test('has its path in the context, and its body in the event', async () => {
      expect((await answer({}, http('GET', '/config?a=b'))).statusCode).toBe(200)
      const type = { 'content-type': 'application/json', 'content-length': '999' }
      expect((await answer({ code: 'x' }, http('POST', '/session', type))).statusCode).toBe(200)
      expect((await answer({}, http('POST', '/session', type))).statusCode).toBe(400)
      expect((await answer('{"code"', http('POST', '/session', type))).statusCode).toBe(400)
      expect((await answer(undefined, http('POST', '/session', type))).statusCode).toBe(400)
      expect((await answer({}, http('GET', '/nothing'))).statusCode).toBe(404)
      expect((await answer({}, { httpContext: { httpMethod: 'GET' } })).statusCode).toBe(400)
    })

    test('is not mistaken for the event that its body looks like', async () => {
      const forged = { httpMethod: 'GET', path: '/health' }
      const type = { 'content-type': 'application/json' }
      const { statusCode, body } = await answer(forged, http('POST', '/session', type))
      expect([statusCode, body.error.code]).toEqual([400, 'INVALID_REQUEST'])
    })

    test('may bring an event, which is not believed where it tells who asks', async () => {
      const sent = event('/config', undefined, { 'X-Forwarded-For': '198.51.100.66' })
      const outer = http('POST', '/', { 'x-forwarded-for': '203.0.113.50' })
      const brought = { ...sent, requestContext: { sourceIp: '198.51.100.66' } }
      expect((await answer(brought, outer)).statusCode).toBe(200)
      expect(log).toContain('"remoteAddress":"203.0.113.50"')
      expect(log).not.toContain('198.51.100.66')
    })
  })

  test('counts by the address that the platform tells', async () => {
    const ask = (address: string) =>
      answer(event('/config', undefined, { 'X-Forwarded-For': `spoofed, ${address}` }))
    for (let i = 0; i < 8; i++) expect((await ask('198.51.100.1')).statusCode).toBe(200)
    expect((await ask('198.51.100.1')).statusCode).toBe(429)
    expect((await ask('198.51.100.2')).statusCode).toBe(200)
  })

  test('believes no header where the platform tells the address itself', async () => {
    const ask = (caller: number) => {
      const headers = { 'X-Forwarded-For': `198.51.100.${caller}` }
      const requestContext = { sourceIp: '203.0.113.99' }
      return answer({ ...event('/config', undefined, headers), requestContext })
    }
    for (let i = 0; i < 8; i++) expect((await ask(i)).statusCode).toBe(200)
    expect((await ask(9)).statusCode).toBe(429)
  })
})

describe('the openid that CloudBase puts into a header', () => {
  const OPENID = { 'X-WX-OPENID': 'openid-of-ann', 'X-WX-SOURCE': 'wx_client' }
  const login = async (env: Record<string, string>, headers: Record<string, string>) => {
    const app = start(env)
    const answer = await answerEvent(app, event('/session', { code: 'x' }, headers))
    await app.close()
    return { statusCode: answer.statusCode, ...JSON.parse(answer.body) }
  }

  test('logs the user in where the configuration says that it runs there', async () => {
    const on = { WX_CLOUDBASE: 'on' }
    const ann = await login(on, OPENID)
    const bob = await login(on, { ...OPENID, 'X-WX-OPENID': 'openid-of-bob' })
    expect([ann.statusCode, bob.statusCode]).toEqual([200, 200])
    expect(ann.prefix).not.toBe(bob.prefix)
    expect((await login(on, OPENID)).prefix).toBe(ann.prefix)
    expect(log).not.toContain('openid-of-')
  })

  test.each([
    ['no header', {}],
    ['no source', { 'X-WX-OPENID': 'openid-of-ann' }],
    ['no openid', { 'X-WX-SOURCE': 'wx_client' }],
    ['an empty openid', { ...OPENID, 'X-WX-OPENID': '' }],
  ])('with %s nobody is logged in there', async (_name, headers) => {
    const { statusCode, error } = await login({ WX_CLOUDBASE: 'on' }, headers)
    expect([statusCode, error.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('is not believed in an event that anybody can post to the functions framework', async () => {
    const app = start({ WX_CLOUDBASE: 'on' })
    const outer = { httpContext: { httpMethod: 'POST', url: 'http://a/', headers: {} } }
    const { statusCode } = await answerEvent(app, event('/session', { code: 'x' }, OPENID), outer)
    await app.close()
    expect(statusCode).toBe(401)
  })

  test('means nothing anywhere else', async () => {
    const [forged, plain] = [await login({}, OPENID), await login({}, {})]
    expect(forged.prefix).toBe(plain.prefix)
    expect(forged.prefix).not.toBe((await login({ WX_CLOUDBASE: 'on' }, OPENID)).prefix)
  })
})
