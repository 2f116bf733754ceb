import { beforeAll, describe, expect, test } from '@jest/globals'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createLocalCloud } from '../../local-cloud/local-cloud'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { BUCKET, RESOURCE, startCloud, type TestCloud } from './cloud'
import { controlOf, type Control } from '../helpers/control'
import { authorization, presign, SECRET_KEY, send, signatureFields, target } from './sign'
import { temporaryKey } from './sts-client'

let cloud: TestCloud
let control: Control
let port: number

beforeAll(async () => {
  cloud = await startCloud({ controlPort: 0 })
  control = controlOf(cloud.controlUrl)
  port = Number(new URL(control.url).port)
})

const order = (headers: Record<string, string>, body = '{"kind":"503"}') =>
  send(port, 'POST', '/faults', { headers, body })
const json = { 'Content-Type': 'application/json' }

describe('what is recorded', () => {
  test('a PUT and a GET', async () => {
    const path = '/目录/a b+c.txt'
    await send(cloud.port, 'PUT', presign({ method: 'PUT', path }), { body: 'content' })
    expect(await control.recordOf({ path })).toMatchObject({
      service: 'COS',
      method: 'PUT',
      parameters: [],
      carrier: 'query',
      status: 200,
      bytesIn: 7,
      checks: [
        { name: 'key', passed: true },
        { name: 'time', passed: true },
        { name: 'signature', passed: true },
        { name: 'policy', passed: true, detail: 'the permanent key may do everything' },
      ],
    })
    const headers = { Authorization: authorization({ method: 'GET', path }) }
    const answer = await send(cloud.port, 'GET', `${target(path)}?response-expires=x`, { headers })
    const record = await control.recordOf({ path, method: 'GET' })
    expect(record).toMatchObject({
      carrier: 'header',
      parameters: ['response-expires'],
      status: 200,
      bytesIn: 0,
      requestId: answer.headers['x-cos-request-id'],
    })
    expect(record.bytesOut).toBeGreaterThan(answer.body.length)
    expect(Math.abs(record.time - Date.now())).toBeLessThan(60_000)
  })

  test('a call of STS, a preflight, a refusal before any check', async () => {
    await temporaryKey(cloud.port, { effect: 'allow', action: '*', resource: `${RESOURCE}*` })
    expect(await control.recordOf({ path: 'GetFederationToken' })).toMatchObject({
      service: 'STS',
      method: 'POST',
      carrier: 'header',
      status: 200,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    const headers = { origin: 'http://a.b', 'access-control-request-method': 'PUT' }
    await send(cloud.port, 'OPTIONS', '/preflight', { headers })
    expect(await control.recordOf({ path: '/preflight' })).toMatchObject({
      status: 200,
      carrier: 'none',
    })
    await send(cloud.port, 'GET', '/unsigned')
    expect(await control.recordOf({ path: '/unsigned' })).toMatchObject({
      code: 'AccessDenied',
      reason: 'the request carries no signature',
      checks: [],
    })
  })

  test('a line of the log is one line, in its direction', async () => {
    await send(
      cloud.port,
      'GET',
      `/log${encodeURIComponent('\n\u0085\u2028\u2029\u202e\u2066')}end`,
    )
    expect(await cloud.logged('GET /log')).toMatch(/^GET \/log {6}end 403/)
  })

  test('newest first, the last 200', async () => {
    for (let i = 0; i < 205; i++) await send(cloud.port, 'GET', `/many-${i}`)
    await control.recordOf({ path: '/many-204' })
    const list = await control.list()
    expect(list).toHaveLength(200)
    expect([list[0]?.path, list[199]?.path]).toEqual(['/many-204', '/many-5'])
  })

  test('no secret, token or signature, however it came', async () => {
    const resource = `${RESOURCE}users/a/*`
    const key = await temporaryKey(cloud.port, {
      effect: 'allow',
      action: 'name/cos:*',
      resource,
    })
    const secrets = [SECRET_KEY, key.token, key.secretKey]
    const { secretId, secretKey, token } = key
    const paths = ['/users/a/ok', '/users/b/denied']
    for (const path of paths) {
      for (const wrongly of [false, true]) {
        const input = { method: 'PUT', path, secretId, secretKey: wrongly ? 'wrong' : secretKey }
        const listed = { ...input, query: [['x-cos-security-token', token]] as [string, string][] }
        for (const one of [input, listed]) {
          secrets.push(signatureFields(one).at(-1)?.[1] ?? '')
          const headers = { 'x-cos-security-token': token }
          await send(cloud.port, 'PUT', presign(listed), { body: 'x' })
          await send(cloud.port, 'PUT', target(path), {
            headers: { ...headers, Authorization: authorization(input) },
          })
          const sign: [string, string] = ['sign', authorization(input)]
          await send(cloud.port, 'PUT', target(path, [sign, ['x-cos-security-token', token]]))
        }
      }
    }
    await send(cloud.port, 'GET', `/broken?x-cos-security-token=${token}%zz`)
    for (const tail of ['', '%zz']) {
      await send(cloud.port, 'GET', `/a%3Fx-cos-security-token%3D${token}${tail}`)
      await send(cloud.port, 'GET', `/a?x-cos-security-token%3D${token}${tail}`)
    }
    await send(cloud.port, 'GET', '/last')
    await control.recordOf({ path: '/last' })
    const text = JSON.stringify([await control.list(), cloud.log])
    expect(text).toContain('/users/b/denied')
    expect(text).toContain('/a?x-cos-security-token=***')
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(9)
      expect(text).not.toContain(secret)
      expect(text).not.toContain(encodeURIComponent(secret))
    }
    expect(text).not.toMatch(/q-signature=[^*]|q-ak=/)
  })
})

test('events: all at first, then each request and each change of the orders', async () => {
  const stop = new AbortController()
  const response = await fetch(`${control.url}/events`, { signal: stop.signal })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  let text = ''
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array)
  })().catch(() => {})
  await until(() => text.includes('event: faults\ndata: []\n\n'))
  expect(text).toMatch(/^event: requests\ndata: \[.*\]\n\n/)
  await send(cloud.port, 'GET', '/line%0Abreak')
  await until(() => /event: request\ndata: \{.*"path":"\/line\\nbreak".*\}\n\n/.test(text))
  await control.order({ kind: '404' })
  await until(() => /event: faults\ndata: \[\{"kind":"404","times":1,"id":\d+\}\]\n\n/.test(text))
  await control.clear()
  await until(() => text.endsWith('event: faults\ndata: []\n\n'))
  stop.abort()
  await reading
})

test('one order is forgotten, the others stay, and whose they are is told', async () => {
  const { id } = await control.order({ kind: '503', by: 'drill' })
  const other = await control.order({ kind: '404' })
  expect(await control.pending()).toMatchObject([{ id, by: 'drill' }, other])
  expect([await control.forget(id), await control.forget(id)]).toEqual([204, 404])
  expect(await control.pending()).toEqual([other])
  expect(await control.forget(id + 1000)).toBe(404)
  expect(await control.forget(other.id)).toBe(204)
  expect(await control.pending()).toEqual([])
})

test('an order that has struck as often as it should is gone', async () => {
  const { id } = await control.order({ kind: '503' })
  await send(cloud.port, 'GET', presign({ method: 'GET', path: '/struck' }))
  expect(await control.forget(id)).toBe(404)
})

describe('who may come', () => {
  const hosts: [string, number][] = [
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['rebound.example', 403],
    ['127.0.0.1.rebound.example', 403],
  ]

  test.each(hosts)('as host %s: %d', async (name, status) => {
    const headers = { Host: `${name}:${port}` }
    for (const path of ['/', '/requests', '/faults']) {
      expect((await send(port, 'GET', path, { headers })).status).toBe(status)
    }
    expect((await order({ ...headers, ...json })).status).toBe(status === 200 ? 201 : status)
    await control.clear()
  })

  test('another port in Host is another server', async () => {
    expect((await send(port, 'GET', '/', { headers: { Host: '127.0.0.1:1' } })).status).toBe(403)
    expect((await send(port, 'GET', '/', { headers: { Host: '127.0.0.1' } })).status).toBe(403)
  })

  test.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1.evil.example',
    'http://localhost@e',
  ])('a page of %s may do nothing', async (origin) => {
    for (const path of ['/', '/requests', '/events', '/faults']) {
      const answer = await send(port, 'GET', path, { headers: { origin } })
      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect((await order({ origin, ...json })).status).toBe(403)
    for (const path of ['/faults', '/faults/1']) {
      expect((await send(port, 'DELETE', path, { headers: { origin } })).status).toBe(403)
    }
    const preflight = { origin, 'access-control-request-method': 'POST' }
    expect((await send(port, 'OPTIONS', '/faults', { headers: preflight })).status).toBe(403)
    expect(await control.pending()).toEqual([])
  })

  test.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])(
    'a page of %s may order faults, and nothing else',
    async (origin) => {
      const preflight = {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      }
      for (const path of ['/faults', '/faults/1']) {
        const { status, headers } = await send(port, 'OPTIONS', path, { headers: preflight })
        expect([status, headers['access-control-allow-origin']]).toEqual([204, origin])
        expect(headers['access-control-allow-methods']).toContain('DELETE')
      }
      const answer = await order({ origin, ...json })
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([201, origin])
      const { id } = JSON.parse(answer.text) as { id: number }
      const forgotten = await send(port, 'DELETE', `/faults/${id}`, { headers: { origin } })
      expect(forgotten.status).toBe(204)
      expect((await send(port, 'DELETE', '/faults', { headers: { origin } })).status).toBe(204)
      for (const path of ['/requests', '/events', '/']) {
        expect((await send(port, 'GET', path, { headers: { origin } })).status).toBe(403)
      }
    },
  )

  test('an order that is no JSON, and one that cannot be', async () => {
    expect((await order({ 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await order({})).status).toBe(415)
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '"503"',
      '{"kind":"600"}',
      '{"kind":"503","by":1}',
    ]) {
      expect((await order(json, body)).status).toBe(400)
    }
    expect((await order(json, '{"kind":"503","times":1.5}')).text).toBe(
      '{"error":{"message":"times must be: a positive whole number"}}',
    )
    expect((await order(json, JSON.stringify({ kind: 'x'.repeat(20_000) }))).status).toBe(413)
    expect(await control.pending()).toEqual([])
  })

  test.each([
    ['GET', '/nothing', 404],
    ['GET', '/../local-cloud.ts', 404],
    ['GET', '/constructor', 404],
    ['POST', '/requests', 405],
    ['PATCH', '/faults', 405],
    ['GET', '/faults/1', 405],
    ['GET', '/faults/x', 404],
    ['GET', '/faults/', 404],
  ])('%s %s is %d', async (method, path, status) => {
    expect((await send(port, method, path)).status).toBe(status)
  })
})

test('the page may run nothing but its own script', async () => {
  const { headers } = await send(port, 'GET', '/')
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/)
  expect(headers['content-security-policy']).not.toContain('unsafe')
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cross-origin-resource-policy']).toBe('same-origin')
})

test('without a control port there is none', async () => {
  expect((await startCloud()).controlUrl).toBeUndefined()
})

test('a control port in use ends all of it, and frees the folder', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const data = tempDir()
  const { port: taken } = other.address() as AddressInfo
  const start = createLocalCloud({ data: data.path, port: 0, controlPort: taken }).start()
  await expect(start).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken })
  const again = createLocalCloud({ data: data.path, port: 0, controlPort: 0, bucket: BUCKET })
  await again.start()
  await again.stop()
  other.close()
  data.remove()
})
