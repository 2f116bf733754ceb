import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { FAULT_KINDS, parseFaultOrder } from '../../local-cloud/control/faults'
import type { RequestRecord } from '../../local-cloud/control/request-log'
import { until } from '../helpers/until'
import { startCloud, type TestCloud } from './cloud'
import { controlOf, type Control } from '../helpers/control'
import { presign, send } from './sign'

let cloud: TestCloud
let control: Control

beforeAll(async () => {
  cloud = await startCloud({ controlPort: 0 })
  control = controlOf(cloud.controlUrl)
})

afterEach(() => control.clear())

const put = (path: string, body: string) =>
  send(cloud.port, 'PUT', presign({ method: 'PUT', path }), { body })
const get = (path: string) => send(cloud.port, 'GET', presign({ method: 'GET', path }))
const statuses = async (count: number, path: string) => {
  const all: number[] = []
  for (let i = 0; i < count; i++) all.push((await get(path)).status)
  return all
}

describe('refusals leave the object as it was', () => {
  test.each([
    ['expired', 403, 'AccessDenied', 'Request has expired'],
    ['skew', 403, 'RequestTimeTooSkewed', /difference/],
    ['403', 403, 'AccessDenied', 'Access Denied.'],
    ['404', 404, 'NoSuchKey', /does not exist/],
    ['503', 503, 'ServiceUnavailable', /unavailable/],
  ] as const)('%s', async (kind, status, code, message) => {
    const path = `/refused-${kind}`
    await put(path, 'old')
    await control.order({ kind })
    const answer = await put(path, 'new')
    expect([answer.status, answer.code]).toEqual([status, code])
    expect(answer.message).toMatch(message)
    expect(answer.headers['x-cos-request-id']).toBeTruthy()
    expect((await get(path)).text).toBe('old')
    expect((await put(path, 'newer')).status).toBe(200)
  })

  test('a HEAD is refused without a body, a browser may read the refusal', async () => {
    await control.order({ kind: '403', times: 2 })
    const head = await send(cloud.port, 'HEAD', presign({ method: 'HEAD', path: '/a' }))
    expect([head.status, head.text]).toEqual([403, ''])
    const path = presign({ method: 'GET', path: '/a' })
    const { headers } = await send(cloud.port, 'GET', path, { headers: { origin: 'http://a.b' } })
    expect(headers['access-control-allow-origin']).toBe('*')
  })
})

describe('connections', () => {
  test('drop-before does nothing and gives no answer', async () => {
    await put('/before', 'old')
    await control.order({ kind: 'drop-before' })
    await expect(put('/before', 'new')).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/)
    expect((await get('/before')).text).toBe('old')
  })

  test('drop-after does what was asked and gives no answer', async () => {
    await control.order({ kind: 'drop-after' })
    await expect(put('/after', 'new')).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/)
    expect(await control.recordOf({ path: '/after', fault: 'drop-after' })).toMatchObject({
      status: 0,
      reason: 'the fault "drop-after" was ordered; the answer would have been 200',
    })
    expect((await get('/after')).text).toBe('new')
  })

  test.each([1, 2, 4_000_001])(
    'drop-during takes half of a body of %d bytes, and does nothing with it',
    async (size) => {
      const path = `/during-${size}`
      await put(path, 'old')
      await control.order({ kind: 'drop-during' })
      const body = 'x'.repeat(size)
      await expect(put(path, body)).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/)
      const record = await control.recordOf({ path, fault: 'drop-during' })
      expect(record).toMatchObject({
        method: 'PUT',
        status: 0,
        reason: 'the fault "drop-during" was ordered',
        bytesOut: 0,
      })
      expect(record.bytesIn).toBeGreaterThanOrEqual(size / 2)
      expect((await get(path)).text).toBe('old')
      expect((await put(path, body)).status).toBe(200)
    },
  )

  test('drop-during waits until half has come', async () => {
    await put('/half', 'old')
    await control.order({ kind: 'drop-during' })
    const path = presign({ method: 'PUT', path: '/half' })
    const client = net.connect(cloud.port, '127.0.0.1')
    const closed = new Promise((resolve) => client.on('error', resolve).on('close', resolve))
    client.write(`PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhal`)
    await until(async () => (await control.pending()).length === 0)
    expect([client.closed, client.bytesRead]).toEqual([false, 0])
    client.write('f')
    await closed
    expect(await control.recordOf({ path: '/half', fault: 'drop-during' })).toMatchObject({
      bytesIn: 4,
    })
    expect((await get('/half')).text).toBe('old')
  })

  test('drop-during leaves no object where there was none, nor a part', async () => {
    const query: [string, string][] = [['uploads', '']]
    const begin = presign({ method: 'POST', path: '/parts', query })
    const { text } = await send(cloud.port, 'POST', begin)
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(text)?.[1] ?? ''
    const part = presign({
      method: 'PUT',
      path: '/parts',
      query: [
        ['partNumber', '1'],
        ['uploadId', uploadId],
      ],
    })
    const list = presign({ method: 'GET', path: '/parts', query: [['uploadId', uploadId]] })
    await control.order({ kind: 'drop-during', times: 2 })
    await expect(put('/none', 'new')).rejects.toThrow(/socket hang up|ECONNRESET|EPIPE/)
    await expect(send(cloud.port, 'PUT', part, { body: randomBytes(1_000_000) })).rejects.toThrow(
      /socket hang up|ECONNRESET|EPIPE/,
    )
    expect((await get('/none')).code).toBe('NoSuchKey')
    expect((await send(cloud.port, 'GET', list)).text).not.toContain('<Part>')
  })

  test('drop-during cuts the answer to a request without a body', async () => {
    await put('/answer', 'content')
    await control.order({ kind: 'drop-during', times: 2 })
    const response = await fetch(
      `http://127.0.0.1:${cloud.port}${presign({ method: 'GET', path: '/answer' })}`,
    )
    expect(response.headers.get('content-length')).toBe('7')
    await expect(response.text()).rejects.toThrow('terminated')

    const begin = presign({ method: 'POST', path: '/answer', query: [['uploads', '']] })
    await expect(send(cloud.port, 'POST', begin)).rejects.toThrow('aborted')
    expect(await control.recordOf({ path: '/answer', method: 'POST' })).toMatchObject({
      status: 200,
    })
  })

  test.each([
    ['HEAD', 200],
    ['DELETE', 204],
  ])('drop-during gives a %s its whole head, and closes', async (method, status) => {
    await put('/head', 'content')
    await control.order({ kind: 'drop-during' })
    const client = net.connect(cloud.port, '127.0.0.1')
    client.write(`${method} ${presign({ method, path: '/head' })} HTTP/1.1\r\nHost: a\r\n\r\n`)
    let answer = ''
    for await (const chunk of client) answer += chunk
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\n\r\n$`))
  })

  test.each([2, 300_001])('truncate cuts a body of %d bytes in half', async (size) => {
    await put('/long', 'x'.repeat(size))
    await control.order({ kind: 'truncate' })
    const response = await fetch(
      `http://127.0.0.1:${cloud.port}${presign({ method: 'GET', path: '/long' })}`,
    )
    expect(Number(response.headers.get('content-length'))).toBe(size)
    let taken = 0
    const read = async () => {
      for await (const chunk of response.body ?? []) taken += (chunk as Uint8Array).length
    }
    await expect(read()).rejects.toThrow('terminated')
    expect(taken).toBe(Math.floor(size / 2))
    expect((await get('/long')).body).toHaveLength(size)
  })

  test('truncate waits for a GET', async () => {
    await control.order({ kind: 'truncate' })
    expect((await put('/waits', 'content')).status).toBe(200)
    expect(await control.pending()).toHaveLength(1)
    await expect(get('/waits')).rejects.toThrow('aborted')
  })
})

describe('slow', () => {
  test('waits before it handles', async () => {
    await control.order({ kind: 'slow', delay: 200 })
    const before = performance.now()
    expect((await put('/slow', 'x')).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(190)
  })

  test('a rate holds in both directions, and every byte arrives', async () => {
    const body = 'abcdefgh'.repeat(25_000)
    await control.order({ kind: 'slow', rate: 1_000_000, times: 2 })
    const before = performance.now()
    expect((await put('/rate', body)).status).toBe(200)
    const between = performance.now()
    expect((await get('/rate')).text).toBe(body)
    expect(between - before).toBeGreaterThan(190)
    expect(performance.now() - between).toBeGreaterThan(190)
    expect((await control.recordOf({ path: '/rate' })).bytesOut).toBeGreaterThan(0)
  })

  test('a client that leaves changes nothing', async () => {
    await put('/leaves', 'old')
    await control.order({ kind: 'slow', delay: 50 })
    const path = presign({ method: 'PUT', path: '/leaves' })
    const half = net.connect(cloud.port, '127.0.0.1')
    half.write(`PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf`)
    await until(async () => (await control.pending()).length === 0)
    half.destroy()
    const isHalf = ({ fault, bytesIn }: RequestRecord) => fault === 'slow' && bytesIn === 4
    await until(async () => (await control.list()).find(isHalf), 'the record')
    expect((await get('/leaves')).text).toBe('old')
  })
})

describe('which requests are struck', () => {
  test('the next n, then no more', async () => {
    await put('/n', 'x')
    await control.order({ kind: '503', times: 2 })
    expect(await statuses(4, '/n')).toEqual([503, 503, 200, 200])
    expect(await control.pending()).toEqual([])
  })

  test('only those that match; the first order that applies', async () => {
    await put('/users/a', 'x')
    await put('/other', 'x')
    await control.order({ kind: '404', match: { method: 'GET', path: '/users/' } })
    await control.order({ kind: '503', match: { method: 'GET' } })
    expect((await put('/users/a', 'y')).status).toBe(200)
    expect(await statuses(2, '/other')).toEqual([503, 200])
    expect(await statuses(2, '/users/a')).toEqual([404, 200])
  })

  test('a preflight is not', async () => {
    await control.order({ kind: '503' })
    const headers = { origin: 'http://a.b', 'access-control-request-method': 'PUT' }
    expect((await send(cloud.port, 'OPTIONS', '/a', { headers })).status).toBe(200)
    expect(await control.pending()).toMatchObject([{ kind: '503', times: 1 }])
  })

  test('a share strikes the same requests for the same seed', async () => {
    await put('/share', 'x')
    const struck = async (seed: number) => {
      await control.order({ kind: '503', share: 0.5, seed })
      const result = await statuses(40, '/share')
      await control.clear()
      return result
    }
    const first = await struck(7)
    expect(await struck(7)).toEqual(first)
    expect(await struck(8)).not.toEqual(first)
    const count = first.filter((status) => status === 503).length
    expect(count).toBeGreaterThan(8)
    expect(count).toBeLessThan(32)
  })

  test('clear forgets all orders', async () => {
    await control.order({ kind: '503', share: 1 })
    await control.order({ kind: '404', times: 3 })
    expect(await control.clear()).toBe(204)
    expect((await put('/cleared', 'x')).status).toBe(200)
  })

  test('one can be ordered at the start, without a control port', async () => {
    const { port } = await startCloud({ fault: { kind: '503' } })
    const path = presign({ method: 'GET', path: '/none' })
    expect((await send(port, 'GET', path)).status).toBe(503)
    expect((await send(port, 'GET', path)).status).toBe(404)
  })
})

test('the manual names every kind, in order', () => {
  const manual = readFileSync('local-cloud/README.md', 'utf8')
  const [, list = ''] = /Kinds: (.*?)\./.exec(manual) ?? []
  expect([...list.matchAll(/`(.*?)`/g)].map(([, kind]) => kind)).toEqual(FAULT_KINDS)
})

describe('the order of a command line', () => {
  test.each([
    ['503', { kind: '503' }],
    [
      'slow,times=3,delay=500,method=PUT,path=/a=b/',
      { kind: 'slow', times: 3, delay: 500, match: { method: 'PUT', path: '/a=b/' } },
    ],
    ['403,share=0.1,seed=7', { kind: '403', share: 0.1, seed: 7 }],
  ])('%s', (text, order) => {
    expect(parseFaultOrder(text)).toEqual(order)
  })

  test.each([
    ['', /^kind must be: expired, /],
    ['500', /^kind must be: expired, /],
    ['503,times=0', /^times must be: a positive whole number/],
    ['503,times', /^times must be/],
    ['503,share=2', /^share must be/],
    ['503,share=0.1,times=2', 'a fault has times or a share, not both'],
    ['slow,delay=-1', /^delay must be/],
    ['503,color=red', 'color is not a field of a fault'],
    ['503,constructor=1', 'constructor is not a field of a fault'],
    ['503,path=', /^match must be/],
  ])('%s is refused', (text, message) => {
    expect(() => parseFaultOrder(text)).toThrow(TypeError)
    expect(() => parseFaultOrder(text)).toThrow(message)
  })
})
