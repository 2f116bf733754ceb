import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { limitConnections } from '../../local-cloud/cos/connections'
import { startCloud, type TestCloud } from './cloud'
import { presign, send } from './sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
  await send(cloud.port, 'PUT', presign({ method: 'PUT', path: '/alive' }), { body: 'alive' })
})

/** Whatever was sent: the process lives on. */
afterEach(async () => {
  const answer = await send(cloud.port, 'GET', presign({ method: 'GET', path: '/alive' }))
  expect(answer.text).toBe('alive')
})

/** Writes bytes, and returns all that comes back until the server closes. */
async function exchange(bytes: string | Buffer, port = cloud.port): Promise<string> {
  const socket = net.connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  socket.setTimeout(3000, () => socket.destroy())
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  await once(socket, 'close')
  return text
}

describe('what is no HTTP', () => {
  const put = `PUT ${presign({ method: 'PUT', path: '/x' })} HTTP/1.1\r\nHost: a\r\n`

  test.each([
    ['noise', '\u0000\u0001\u0002 hello\r\n\r\n'],
    ['another protocol', '\u0016\u0003\u0001\u0002\u0000'],
    ['a method that does not exist', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no colon in a header', 'GET / HTTP/1.1\r\nHost a\r\n\r\n'],
    ['a control character in a header', 'GET / HTTP/1.1\r\nHost: a\u0000b\r\n\r\n'],
    ['two lengths', `${put}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`],
    ['a length that is none', `${put}Content-Length: 1x\r\n\r\nx`],
    ['a negative length', `${put}Content-Length: -1\r\n\r\nx`],
    [
      'a length and chunks',
      `${put}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['headers over 16 KB', `GET / HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['a target over 16 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    const answer = await exchange(bytes)
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toMatch(
      /<Error>\n\t<Code>BadRequest<\/Code>\n\t<Message>.+<\/Message>\n<\/Error>\n$/,
    )
  })

  test('a chunk that is broken ends a PUT, and nothing is stored', async () => {
    await exchange(`${put}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n`)
    expect((await send(cloud.port, 'GET', presign({ method: 'GET', path: '/x' }))).status).toBe(404)
  })

  test('two requests in one: the second is one of its own, with its own signature', async () => {
    const first = `GET ${presign({ method: 'GET', path: '/alive' })} HTTP/1.1\r\nHost: a\r\n\r\n`
    const second = `GET /alive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
    const answers = (await exchange(first + second)).match(/HTTP\/1\.1 \d+/g)
    expect(answers).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
  })

  test('a target with every byte', async () => {
    for (let byte = 0x80; byte <= 0xff; byte++) {
      const bytes = Buffer.concat([
        Buffer.from('GET /'),
        Buffer.from([byte]),
        Buffer.from(' HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      ])
      expect(await exchange(bytes)).toMatch(/^HTTP\/1\.1 40[03] /)
    }
  })
})

describe('slow clients', () => {
  const slowServer = async (limits: { idle?: number; request?: number }) => {
    const server = createServer({ connectionsCheckingInterval: 20 }, (message, response) => {
      message.on('error', () => {})
      message.resume()
      message.on('end', () => response.end())
    })
    limitConnections(server, limits)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { port: (server.address() as AddressInfo).port, stop: () => server.close() }
  }

  test('one that stops sending loses its connection', async () => {
    const { port, stop } = await slowServer({ idle: 50 })
    expect(
      await exchange('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf', port),
    ).toBe('')
    stop()
  })

  test('one that sends no headers', async () => {
    const { port, stop } = await slowServer({ idle: 50 })
    expect(await exchange('GET / HTTP/1.1\r\nHos', port)).toBe('')
    stop()
  })

  test('one that pauses between two requests is told how long its connection is kept', async () => {
    const { port, stop } = await slowServer({ idle: 50_000 })
    const { headers } = await fetch(`http://127.0.0.1:${port}/`)
    expect(headers.get('keep-alive')).toBe('timeout=50')
    stop()
  })

  test('one that sends a byte now and then is refused in the end', async () => {
    const { port, stop } = await slowServer({ idle: 5000, request: 100 })
    const socket = net.connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999\r\n\r\n')
    const timer = setInterval(() => socket.write('x'), 5)
    const chunks: string[] = []
    socket.on('data', (chunk) => chunks.push(String(chunk)))
    socket.setTimeout(3000, () => socket.destroy())
    await once(socket, 'close')
    clearInterval(timer)
    expect(chunks.join('')).toContain('<Message>The request did not arrive in time.</Message>')
    stop()
  })
})

const FORM_ERRORS = [
  'MalformedPOSTRequest',
  'IncorrectNumberOfFilesInPostRequest',
  // The field that should hold the key could not be read.
  'InvalidObjectName',
]

describe('what is no form', () => {
  const post = (body: string | Buffer, type = 'multipart/form-data; boundary=b') =>
    send(cloud.port, 'POST', '/', { body, headers: { 'Content-Type': type } })
  const field = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const file = field('file"; filename="a', 'content')

  test.each([
    [
      'more than 100 fields',
      Array.from({ length: 101 }, (_, i) => field(`f${i}`, '')).join('') + file,
    ],
    ['a field over 64 KB', field('key', 'x'.repeat(70_000)) + file],
    ['a name over 8 KB', field('x'.repeat(9000), '') + file],
    ['the same field in another case', field('key', 'a') + field('KEY', 'b') + file],
    ['headers without an end', `--b\r\n${'x: y\r\n'.repeat(10_000)}`],
    ['a part without a name', '--b\r\n\r\nhello\r\n--b--\r\n'],
    ['only its boundary', '--b--\r\n'],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 31) % 256))],
  ])('%s', async (_, body) => {
    const { status, code } = await post(typeof body === 'string' ? `${body}--b--\r\n` : body)
    expect(status).toBe(400)
    expect(FORM_ERRORS).toContain(code)
  })

  test.each([
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'x'.repeat(5000)}`,
    'multipart/form-data; boundary="',
  ])('%s', async (type) => {
    expect((await post(field('key', 'a') + file, type)).status).toBe(400)
  })

  test('fields named like properties of every object', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const body = `${names.map((name) => field(name, 'x')).join('')}${field('key', 'a')}${file}--b--\r\n`
    expect(await post(body)).toMatchObject({ status: 403, code: 'AccessDenied' })
  })
})
