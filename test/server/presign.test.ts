import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { explain } from '../../miniprogram/cos/index'
import { createApp } from '../../server/app'
import { readConfig } from '../../server/config'
import { createClient } from './client'
import { createFakeSts, grant, refusal } from './fake-sts'
import { startLocalStack, statusOf, type LocalStack } from './local-stack'

describe('POST /presign', () => {
  const sts = createFakeSts()
  let now = 0
  let log = ''
  let config: ReturnType<typeof readConfig>
  let app: ReturnType<typeof createApp>
  let client: Awaited<ReturnType<typeof createClient>>
  let user: Awaited<ReturnType<typeof client.login>>
  let key = ''

  beforeEach(async () => {
    now = Date.now()
    log = ''
    sts.behave(grant(900, () => now))
    config = readConfig({ STS_ENDPOINT: await sts.start() })
    app = createApp(config, {
      now: () => now,
      code2Session: async (code) => ({ openid: code }),
      logStream: {
        write(line) {
          log += line
        },
      },
    })
    client = await createClient(app)
    user = await client.login()
    key = `${user.prefix}a b.png`
  })
  afterEach(async () => {
    await app.close()
    await sts.stop()
  })

  const seconds = () => Math.floor(now / 1000)
  const ask = (body: unknown) => client.post('/presign', body, user.authorization)
  const refusalOf = async (body: unknown) => {
    const { status, body: answer } = await ask(body)
    return [status, answer.error?.code]
  }

  test('answers all that a client must send, and the time of the server', async () => {
    const headers = { 'Content-Type': 'image/png', 'x-cos-meta-by': 'me' }
    const { status, body } = await ask({ method: 'PUT', key, headers })
    expect(status).toBe(200)
    expect(body).toEqual({
      url: expect.stringContaining(`http://${config.domain}/${user.prefix}a%20b.png?`),
      method: 'PUT',
      headers,
      expiresAt: expect.any(Number),
      serverTime: seconds(),
    })
    const { SecretId, SecurityToken, SignedHeaders } = explain(body.url, { Headers: headers })
    expect([SecretId, SecurityToken]).toEqual(['tmp-id-1', 'tmp-token-1'])
    expect(SignedHeaders).toEqual([
      { name: 'content-type', value: 'image/png' },
      { name: 'host', value: config.domain },
      { name: 'x-cos-meta-by', value: 'me' },
    ])
  })

  test('signs every request of a purpose and a user with one key, and shows it to nobody', async () => {
    const urls = await Promise.all(
      ['a', 'b', 'c'].map((name) => ask({ method: 'GET', key: user.prefix + name })),
    )
    await ask({ method: 'HEAD', key })
    expect(sts.calls()).toBe(1)
    await ask({ method: 'PUT', key })
    await ask({ method: 'DELETE', key, query: { uploadId: 'u' } })
    expect(sts.calls()).toBe(3)
    expect(JSON.stringify(urls)).not.toContain('tmp-key')

    user = await client.login('another user')
    await ask({ method: 'GET', key: `${user.prefix}a` })
    expect(sts.calls()).toBe(4)
  })

  test('gives the lifetime that is asked for, but none beyond its key', async () => {
    const expiresAt = async (expires?: number) =>
      (await ask({ method: 'GET', key, expires })).body.expiresAt as number
    const end = seconds() + 900
    expect(await expiresAt(60)).toBeLessThanOrEqual(seconds() + 60)
    expect(await expiresAt(86_400)).toBe(end)
    now += 400_000
    expect(await expiresAt(86_400)).toBe(end)
    expect(await expiresAt()).toBe(end)
    now += 100_000
    expect(await expiresAt(86_400)).toBe(seconds() + 900)
  })

  test.each([0, -1, 1.5, 86_401, '900', null])('refuses a lifetime of %j', async (expires) => {
    expect(await refusalOf({ method: 'GET', key, expires })).toEqual([400, 'INVALID_REQUEST'])
  })

  test.each<[method: string, query: Record<string, string>]>([
    ['DELETE', {}],
    ['POST', {}],
    ['OPTIONS', {}],
    ['get', {}],
    ['', {}],
    ['GET', { acl: '' }],
    ['PUT', { acl: '' }],
    ['PUT', { tagging: '' }],
    ['GET', { versionId: 'v' }],
    ['POST', { restore: '' }],
    ['POST', { append: '', position: '0' }],
    ['POST', { delete: '' }],
    ['GET', { uploads: '' }],
    ['PUT', { uploads: '' }],
    ['POST', { uploads: '1' }],
    ['POST', { Uploads: '' }],
    ['POST', { uploads: '', uploadId: 'u' }],
    ['POST', { uploads: '', acl: '' }],
    ['PUT', { uploadId: 'u' }],
    ['PUT', { partNumber: '1' }],
    ['PUT', { partNumber: '1', uploadId: '' }],
    ['PUT', { partNumber: '1', uploadID: 'u' }],
    ['PUT', { PartNumber: '1', uploadId: 'u' }],
    ['PUT', { partNumber: '1', partnumber: '2', uploadId: 'u' }],
    ['PUT', { partNumber: '', uploadId: 'u' }],
    ['PUT', { partNumber: '0', uploadId: 'u' }],
    ['PUT', { partNumber: '01', uploadId: 'u' }],
    ['PUT', { partNumber: '10001', uploadId: 'u' }],
    ['PUT', { partNumber: '1e3', uploadId: 'u' }],
    ['PUT', { partNumber: '-1', uploadId: 'u' }],
    ['GET', { uploadId: 'u', 'response-content-type': 'text/html' }],
    ['GET', { uploadId: 'u', 'max-parts': '1001' }],
    ['GET', { uploadId: 'u', 'encoding-type': 'none' }],
    ['DELETE', { uploadId: '' }],
    ['DELETE', { uploadId: 'u', versionId: 'v' }],
    ['HEAD', { 'response-content-type': 'text/html' }],
    ['GET', { 'Response-Content-Type': 'text/html' }],
    ['GET', { 'response-anything': '1' }],
    ['GET', { 'x-cos-security-token': 't' }],
    ['GET', { 'q-ak': 'AKID' }],
    ['GET', { sign: '' }],
    ['GET', { 'imageMogr2/format/png': '' }],
    ['GET', { '': '' }],
    ['GET', { constructor: '' }],
    ['GET', { toString: '' }],
  ])('is not for %s %j', async (method, query) => {
    expect(await refusalOf({ method, key, query })).toEqual([403, 'OPERATION_NOT_ALLOWED'])
    expect(sts.calls()).toBe(0)
  })

  describe('refuses a header', () => {
    const put = (headers: object) => refusalOf({ method: 'PUT', key, headers })

    test.each([
      'x-cos-acl',
      'X-Cos-Acl',
      'x-cos-grant-read',
      'x-cos-grant-full-control',
      'x-cos-copy-source',
      'x-cos-security-token',
      'x-cos-storage-class',
      'x-cos-server-side-encryption',
      'x-cos-tagging',
      'x-cos-meta-',
      'x-cos-meta-a b',
      'Pic-Operations',
      'Authorization',
      'Host',
      'Content-Length',
      'content-type ',
      '',
      'constructor',
      'toString',
    ])('that may not be signed: %j', async (name) => {
      expect(await put({ [name]: 'private' })).toEqual([403, 'OPERATION_NOT_ALLOWED'])
    })

    test.each([
      ['a line break', 'image/png\r\nx-cos-acl: public-read'],
      ['a bare line feed', 'image/png\n'],
      ['NUL', 'image/png\0'],
      ['half a surrogate pair', 'image/\ud83d'],
      ['a space before it', ' image/png'],
      ['a space after it', 'image/png '],
      ['letters beyond ASCII', 'image/图片'],
      ['nothing in it', ''],
    ])('whose value has %s', async (_name, value) => {
      expect(await put({ 'Content-Type': value })).toEqual([400, 'INVALID_REQUEST'])
    })

    test('that is given twice, in another case', async () => {
      const headers = { 'Content-Type': 'image/png', 'content-type': 'text/html' }
      expect(await put(headers)).toEqual([400, 'INVALID_REQUEST'])
    })

    test.each<[string, Record<string, string>, string]>([
      ['GET', {}, 'Content-Type'],
      ['POST', { uploads: '' }, 'x-cos-acl'],
      ['POST', { uploads: '' }, 'x-cos-grant-read'],
      ['PUT', { partNumber: '1', uploadId: 'u' }, 'x-cos-copy-source'],
      ['PUT', { partNumber: '1', uploadId: 'u' }, 'x-cos-meta-by'],
      ['DELETE', { uploadId: 'u' }, 'Content-Type'],
    ])('of another operation: %s %j %s', async (method, query, name) => {
      const body = { method, key, query, headers: { [name]: 'x' } }
      expect(await refusalOf(body)).toEqual([403, 'OPERATION_NOT_ALLOWED'])
    })
  })

  test.each<[string, () => string, number, string]>([
    ['of another user', () => `users/${'0'.repeat(32)}/a.png`, 403, 'KEY_NOT_ALLOWED'],
    ['of the bucket', () => '/', 403, 'KEY_NOT_ALLOWED'],
    ['that is the prefix itself', () => user.prefix, 403, 'KEY_NOT_ALLOWED'],
    ['with a segment ..', () => `${user.prefix}../a.png`, 400, 'INVALID_REQUEST'],
    ['of 851 bytes', () => user.prefix.padEnd(851, 'x'), 400, 'INVALID_REQUEST'],
    ['that is empty', () => '', 400, 'INVALID_REQUEST'],
  ])('refuses a key %s', async (_name, name, status, code) => {
    expect(await refusalOf({ method: 'GET', key: name() })).toEqual([status, code])
    expect(sts.calls()).toBe(0)
  })

  test.each<[string, () => unknown]>([
    ['no method', () => ({ key })],
    ['no key', () => ({ method: 'GET' })],
    ['an unknown field', () => ({ method: 'GET', key, renew: {} })],
    ['a list of parameters', () => ({ method: 'GET', key, query: ['uploads'] })],
    ['a number for a parameter', () => ({ method: 'GET', key, query: { uploadId: 1 } })],
    ['a list for a parameter', () => ({ method: 'GET', key, query: { uploadId: ['u'] } })],
    ['null for headers', () => ({ method: 'GET', key, headers: null })],
    ['a line break in a parameter', () => ({ method: 'GET', key, query: { uploadId: 'a\nb' } })],
    ['__proto__', () => `{"method":"GET","key":"${key}","query":{"__proto__":{"uploads":""}}}`],
    ['what is no JSON', () => '{"method":'],
  ])('refuses %s', async (_name, body) => {
    expect(await refusalOf(body())).toEqual([400, 'INVALID_REQUEST'])
    expect(sts.calls()).toBe(0)
  })

  test('refuses a huge body', async () => {
    const body = { method: 'GET', key, query: { 'response-expires': 'x'.repeat(17_000) } }
    expect(await refusalOf(body)).toEqual([413, 'INVALID_REQUEST'])
  })

  test.each(['/presign', '/post-form'])('%s wants a session that lasts', async (path) => {
    const body = { method: 'GET', key }
    const without = await client.post(path, body)
    expect([without.status, without.body.error.code]).toEqual([401, 'UNAUTHENTICATED'])
    const unread = await client.post(path, '{"method":', { authorization: 'Bearer forged' })
    expect(unread.status).toBe(401)
    now += 2 * 60 * 60 * 1000
    const ended = await client.post(path, body, user.authorization)
    expect([ended.status, ended.body.error.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  test('tells of a refusal of STS', async () => {
    sts.behave(refusal('InternalError'))
    expect(await refusalOf({ method: 'GET', key })).toEqual([502, 'STS_FAILED'])
  })

  test('logs neither keys, tokens nor signatures', async () => {
    const { body } = await ask({ method: 'PUT', key })
    const form = await client.post('/post-form', { key }, user.authorization)
    await ask({ method: 'PUT', key, query: { acl: '' } })
    app.log.info(body)
    app.log.info({ answer: form.body })
    expect(log).toContain('"path":"/presign"')
    const { GivenSignature } = explain(body.url)
    for (const secret of [
      'tmp-key',
      'tmp-token',
      GivenSignature,
      form.body.fields['q-signature'],
    ]) {
      expect(log).not.toContain(secret)
    }
  })
})

describe('a presigned URL', () => {
  let stack: LocalStack

  beforeAll(async () => {
    stack = await startLocalStack({ MAX_UPLOAD_BYTES: '1000' })
  })
  afterAll(() => stack.stop())

  const presign = async (request: object) => {
    const { status, body } = await stack.ask('/presign', request)
    expect(status).toBe(200)
    return body as { url: string; method: string; headers: Record<string, string> }
  }
  const send = async (request: object, init: RequestInit = {}) => {
    const { url, method, headers } = await presign(request)
    return fetch(url, { method, headers, ...init })
  }

  test.each(['照片/a b+c (1)&100%41.png', 'any*/name?#', '${uin}/${filename}', 'folder/'])(
    'puts, gets and heads %s',
    async (name) => {
      const key = stack.user.prefix + name
      const headers = {
        'Content-Type': 'text/plain',
        'Content-MD5': 'XUFAKrxLKna5cZ2REBfFkg==',
        'Cache-Control': 'no-cache',
        'Content-Disposition': 'attachment',
        'x-cos-meta-by': 'me',
      }
      const put = await send({ method: 'PUT', key, headers }, { body: 'hello' })
      expect(put.status).toBe(200)

      const query = { 'response-content-disposition': 'attachment; filename="照片.png"' }
      const got = await send({ method: 'GET', key, query })
      expect([got.status, await got.text()]).toEqual([200, 'hello'])
      expect(got.headers.get('content-disposition')).toContain('filename=')

      const head = await send({ method: 'HEAD', key })
      expect(head.status).toBe(200)
      expect(head.headers.get('content-type')).toBe('text/plain')
      expect(head.headers.get('x-cos-meta-by')).toBe('me')
    },
  )

  test('does not overwrite where that was forbidden', async () => {
    const key = `${stack.user.prefix}once.txt`
    const headers = { 'x-cos-forbid-overwrite': 'true' }
    expect((await send({ method: 'PUT', key, headers }, { body: 'one' })).status).toBe(200)
    expect((await send({ method: 'PUT', key, headers }, { body: 'two' })).status).toBe(409)
    expect(await (await send({ method: 'GET', key })).text()).toBe('one')
  })

  test('is good for what was signed, and nothing else', async () => {
    const key = `${stack.user.prefix}signed.txt`
    const { url, headers } = await presign({
      method: 'PUT',
      key,
      headers: { 'Content-Type': 'text/plain' },
    })
    const put = (to: string, init: RequestInit = {}) =>
      statusOf(to, { method: 'PUT', body: 'hello', headers, ...init })
    const also = (name: string, value: string) =>
      put(url, { headers: { ...headers, [name]: value } })
    expect(await put(url)).toBe(200)
    expect(await put(url, { headers: { 'Content-Type': 'text/html' } })).toBe(403)
    expect(await put(url.replace('signed.txt', 'other.txt'))).toBe(403)
    expect(await put(url, { body: 'x'.repeat(1001) })).toBe(403)
    expect(await also('x-cos-acl', 'public-read')).toBe(403)
    expect(await put(`${url}&acl`)).toBe(403)
    expect(await put(`${url}&tagging`)).toBe(403)
    expect(await put(`${url}&uploadId=u&partNumber=1`)).toBe(403)
    expect(await statusOf(url, {})).toBe(403)
    expect(await statusOf(url, { method: 'DELETE' })).toBe(403)
    expect(await statusOf(`${url}&uploads`, { method: 'POST' })).toBe(403)

    const { url: download } = await presign({ method: 'GET', key })
    expect(await statusOf(download, {})).toBe(200)
    expect(await statusOf(`${download}&acl`, {})).toBe(403)
    expect(await statusOf(`${download}&uploadId=u`, {})).toBe(403)
  })
})
