import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createLocalCloud } from '../../local-cloud/local-cloud'
import { createApp } from '../../server/app'
import { answerEvent, type HttpEvent } from '../../server/cloud-function'
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
function event(path: string, body?: unknown, headers: Record<string, string> = {}): HttpEvent {
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
  beforeAll(() => {
    app = start({ RATE_LIMIT_PER_ADDRESS: '8' })
  })
  afterAll(() => app.close())

  const answer = async (sent: HttpEvent) => {
    const { statusCode, headers, body, isBase64Encoded } = await answerEvent(app, sent)
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
    expect(await statusOf(body.url, { method: 'PUT', body: Buffer.from('hello') })).toBe(200)
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

  test('means nothing anywhere else', async () => {
    const [forged, plain] = [await login({}, OPENID), await login({}, {})]
    expect(forged.prefix).toBe(plain.prefix)
    expect(forged.prefix).not.toBe((await login({ WX_CLOUDBASE: 'on' }, OPENID)).prefix)
  })
})
