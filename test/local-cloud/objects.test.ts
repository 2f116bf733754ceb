import { beforeAll, describe, expect, test } from '@jest/globals'
import { createHash, randomBytes } from 'node:crypto'
import net from 'node:net'
import vectors from '../vectors/manual.json'
import { startCloud, type TestCloud } from './cloud'
import { authorization, presign, send, target } from './sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})

const put = (path: string, body: Buffer | string, headers = {}) =>
  send(cloud.port, 'PUT', presign({ method: 'PUT', path }), { body, headers })
const get = (path: string, headers = {}) =>
  send(cloud.port, 'GET', presign({ method: 'GET', path }), { headers })
const head = (path: string, headers = {}) =>
  send(cloud.port, 'HEAD', presign({ method: 'HEAD', path }), { headers })

describe('put and get', () => {
  test.each([
    ['an empty object', Buffer.alloc(0)],
    ['a text', Buffer.from('你好, world\n')],
    ['30 MB', randomBytes(30 * 1024 * 1024)],
  ])('%s comes back unchanged', async (_, body) => {
    const stored = await put('/folder/file.bin', body, { 'Content-Type': 'text/x-test' })
    expect(stored.status).toBe(200)
    const md5 = createHash('md5').update(body).digest('hex')
    expect(stored.headers.etag).toBe(`"${md5}"`)
    expect(stored.headers['content-length']).toBe('0')

    const got = await get('/folder/file.bin')
    expect(got.status).toBe(200)
    expect(got.body.equals(body)).toBe(true)
    expect(got.headers).toMatchObject({
      'content-length': String(body.length),
      'content-type': 'text/x-test',
      etag: `"${md5}"`,
      'accept-ranges': 'bytes',
      server: 'tencent-cos',
      'x-cos-hash-crc64ecma': stored.headers['x-cos-hash-crc64ecma'],
    })
    expect(Date.parse(got.headers['last-modified'] ?? '')).not.toBeNaN()
    expect(Date.parse(got.headers.date ?? '')).not.toBeNaN()
    expect(Buffer.from(String(got.headers['x-cos-request-id']), 'base64').toString()).toMatch(
      /^[0-9a-f]+_[0-9a-f]+_[0-9a-f]+_[0-9a-f]+$/,
    )
  })

  test.each([
    '/照片/a b+c (1)&.png',
    '/a//b',
    '/100%.txt',
    "/🙂/é!'()*~.txt",
    '/a/../b',
    '/./x',
    '/con:<>|?#.txt',
    '/line\nbreak\u0000nul',
    `/${'长'.repeat(283)}`,
  ])('any key works: %j', async (path) => {
    expect((await put(path, path)).status).toBe(200)
    expect((await get(path)).text).toBe(path)
  })

  test('keys that differ only in case or Unicode form are different objects', async () => {
    const paths = ['/Key', '/key', '/\u00e9', '/e\u0301']
    for (const path of paths) await put(path, `of ${path}`)
    for (const path of paths) expect((await get(path)).text).toBe(`of ${path}`)
  })

  test('a raw + in the path is a space', async () => {
    await put('/a b', 'with a space')
    const query = presign({ method: 'GET', path: '/a b' }).split('?')[1]
    expect((await send(cloud.port, 'GET', `/a+b?${query}`)).text).toBe('with a space')
  })

  test('a chunked body needs no length', async () => {
    const headers = { 'Transfer-Encoding': 'chunked' }
    expect((await put('/chunked', 'in chunks', headers)).status).toBe(200)
    expect((await get('/chunked')).text).toBe('in chunks')
  })

  test.each(vectors.vectors.filter(({ kind }) => kind === 'digest'))(
    'digests are those of the manual: $id',
    async ({ body = '', etag, crc64ecma, contentMD5 }) => {
      const stored = await put('/digest', body, { 'Content-MD5': contentMD5 })
      expect(stored.headers).toMatchObject({ etag, 'x-cos-hash-crc64ecma': crc64ecma })
    },
  )
})

describe('metadata', () => {
  test('headers and x-cos-meta-* come back, empty ones do not', async () => {
    await put('/meta', 'x', {
      'Content-Type': 'image/png',
      'Cache-Control': 'max-age=60',
      'Content-Disposition': 'attachment; filename="a.png"',
      'x-cos-meta-author': 'a%20b',
      'Content-Language': '',
      'x-cos-storage-class': 'STANDARD_IA',
      'x-cos-acl': 'private',
    })
    const { headers } = await head('/meta')
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'max-age=60',
      'content-disposition': 'attachment; filename="a.png"',
      'x-cos-meta-author': 'a%20b',
      'x-cos-storage-class': 'STANDARD_IA',
    })
    expect(headers).not.toHaveProperty('content-language')
    expect(headers).not.toHaveProperty('x-cos-acl')
  })

  test.each([
    ['/typed/a.zip', 'application/zip'],
    ['/typed/照片.PNG', 'image/png'],
    ['/typed/a.txt', 'text/plain'],
    ['/typed.zip/a', 'application/octet-stream'],
    ['/typed/a.unknown', 'application/octet-stream'],
  ])('without a Content-Type, %s is %s', async (path, type) => {
    await put(path, 'x')
    expect((await head(path)).headers['content-type']).toBe(type)
    await put(path, 'x', { 'Content-Type': 'text/x-own' })
    expect((await get(path)).headers['content-type']).toBe('text/x-own')
  })

  test('response-* replaces headers of one answer', async () => {
    await put('/override', 'x', { 'Content-Type': 'text/plain' })
    const query: [string, string][] = [
      ['response-content-type', 'application/pdf'],
      ['response-content-disposition', 'attachment; filename="照片.pdf"'],
    ]
    const answer = await send(
      cloud.port,
      'GET',
      presign({ method: 'GET', path: '/override', query }),
    )
    expect(answer.headers['content-type']).toBe('application/pdf')
    const disposition = String(answer.headers['content-disposition'])
    expect(Buffer.from(disposition, 'latin1').toString()).toContain('照片.pdf')
    expect((await get('/override')).headers['content-type']).toBe('text/plain')
  })

  test('metadata over 2 KB is refused', async () => {
    const answer = await put('/meta-large', 'x', { 'x-cos-meta-a': 'a'.repeat(2100) })
    expect([answer.status, answer.code]).toEqual([400, 'KeyTooLong'])
    await cloud.logged('x-cos-meta-* has 2112 bytes, at most 2048 are allowed')
    expect((await get('/meta-large')).code).toBe('NoSuchKey')
  })
})

describe('range and conditions', () => {
  beforeAll(async () => {
    await put('/digits', '0123456789')
    await put('/nothing', '')
  })

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=4-', '456789', 'bytes 4-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('%s gives %j', async (range, text, contentRange) => {
    const answer = await get('/digits', { Range: range })
    expect([answer.status, answer.text]).toEqual([206, text])
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(text.length),
    })
  })

  test.each(['bytes=10-', 'bytes=5-2', 'bytes=-', 'bytes=0-1,3-4', 'lines=1-2'])(
    '%s is refused',
    async (range) => {
      const answer = await get('/digits', { Range: range })
      expect([answer.status, answer.code]).toEqual([416, 'InvalidRange'])
    },
  )

  test('no range lies within an empty object', async () => {
    expect((await get('/nothing', { Range: 'bytes=0-' })).status).toBe(416)
  })

  test('conditional headers', async () => {
    const { headers } = await get('/digits')
    const etag = headers.etag ?? ''
    const modified = headers['last-modified'] ?? ''
    const earlier = new Date(Date.parse(modified) - 60_000).toUTCString()
    const statusOf = async (conditions: object) => (await get('/digits', conditions)).status
    expect(await statusOf({ 'If-None-Match': etag })).toBe(304)
    expect(await statusOf({ 'If-None-Match': '"other"' })).toBe(200)
    expect(await statusOf({ 'If-Modified-Since': modified })).toBe(304)
    expect(await statusOf({ 'If-Modified-Since': earlier })).toBe(200)
    expect(await statusOf({ 'If-None-Match': '"other"', 'If-Modified-Since': modified })).toBe(200)
    expect(await statusOf({ 'If-Match': etag })).toBe(200)
    expect(await statusOf({ 'If-Match': '"other"' })).toBe(412)
    expect(await statusOf({ 'If-Unmodified-Since': modified })).toBe(200)
    expect(await statusOf({ 'If-Unmodified-Since': earlier })).toBe(412)
  })
})

describe('head and delete', () => {
  test('HEAD tells all about the object but sends no body', async () => {
    await put('/head', 'twelve bytes')
    const answer = await head('/head')
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers['content-length']).toBe('12')
  })

  test('an error of HEAD has no body', async () => {
    const answer = await head('/missing')
    expect([answer.status, answer.text]).toEqual([404, ''])
    expect(answer.headers).toHaveProperty('x-cos-request-id')
  })

  test('DELETE removes, and says 204 for a missing key too', async () => {
    await put('/delete', 'x')
    const remove = () => send(cloud.port, 'DELETE', presign({ method: 'DELETE', path: '/delete' }))
    expect((await remove()).status).toBe(204)
    const gone = await get('/delete')
    expect([gone.status, gone.code, gone.message]).toEqual([
      404,
      'NoSuchKey',
      'The specified key does not exist.',
    ])
    expect((await remove()).status).toBe(204)
  })

  test('HEAD of the bucket', async () => {
    const answer = await head('/')
    expect([answer.status, answer.headers['x-cos-bucket-region']]).toEqual([200, 'ap-beijing'])
  })
})

describe('x-cos-traffic-limit', () => {
  const limit = '8000000' // bit/s: 1 MB in a second
  const body = 'abcdefgh'.repeat(25_000)
  const query: [string, string][] = [['x-cos-traffic-limit', limit]]

  test.each([
    ['a PUT, by a header', () => put('/limited', body, { 'x-cos-traffic-limit': limit })],
    ['a GET, by a header', () => get('/limited', { 'x-cos-traffic-limit': limit })],
    [
      'a GET, by a parameter',
      () => send(cloud.port, 'GET', presign({ method: 'GET', path: '/limited', query })),
    ],
  ])('slows %s', async (_, request) => {
    await put('/limited', body)
    const before = performance.now()
    expect((await request()).status).toBe(200)
    expect(performance.now() - before).toBeGreaterThan(190)
    expect((await get('/limited')).text).toBe(body)
  })

  test('out of its range is refused, for a GET too', async () => {
    await put('/limited', body)
    const answer = await get('/limited', { 'x-cos-traffic-limit': '819199' })
    expect(answer).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })
})

describe('refused uploads leave the object as it was', () => {
  test.each([
    ['a wrong Content-MD5', { 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' }, 400, 'BadDigest'],
    ['an unreadable Content-MD5', { 'Content-MD5': 'abc' }, 400, 'InvalidDigest'],
    ['a public ACL', { 'x-cos-acl': 'public-read' }, 501, 'NotImplemented'],
    ['a grant', { 'x-cos-grant-read': 'id="1"' }, 501, 'NotImplemented'],
    ['a copy', { 'x-cos-copy-source': 'a/b' }, 501, 'NotImplemented'],
    ['an unknown storage class', { 'x-cos-storage-class': 'GOLD' }, 400, 'InvalidArgument'],
    ['a traffic limit out of range', { 'x-cos-traffic-limit': '1' }, 400, 'InvalidArgument'],
    ['x-cos-forbid-overwrite', { 'x-cos-forbid-overwrite': 'true' }, 409, 'FileAlreadyExists'],
    [
      'more than 5 GB',
      { 'Content-Length': 5 * 1024 ** 3 + 1, Connection: 'close' },
      400,
      'EntityTooLarge',
    ],
  ])('%s', async (_, headers, status, code) => {
    await put('/kept', 'the old object')
    const answer = await put('/kept', 'new', headers)
    expect(answer).toMatchObject({ status, code })
    expect((await get('/kept')).text).toBe('the old object')
  })

  test('no length at all', async () => {
    // node:http always sends a length for PUT, so this one is written by hand.
    const line = `PUT ${presign({ method: 'PUT', path: '/kept' })} HTTP/1.1`
    const socket = net.connect(cloud.port, '127.0.0.1')
    socket.end(`${line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1\.1 411 /)
    expect(text).toContain('<Code>MissingContentLength</Code>')
  })

  test.each([
    ['KeyTooLong', `/${'a'.repeat(851)}`],
    ['InvalidObjectName', '//a'],
    ['InvalidObjectName', '/\\a'],
    ['InvalidObjectName', '/a\u001bb'],
  ])('%s for the path %j', async (code, path) => {
    expect(await put(path, 'x')).toMatchObject({ status: 400, code })
  })

  test('a target that is not percent-encoded UTF-8', async () => {
    for (const path of ['/%', '/%ff', '/a?b=%zz']) {
      expect(await send(cloud.port, 'GET', path)).toMatchObject({ status: 400, code: 'InvalidURI' })
    }
  })
})

describe('what is not implemented says so', () => {
  test.each([
    ['GET', '/', [['cors', '']], '?cors'],
    ['POST', '/', [['delete', '']], '?delete'],
    ['GET', '/', [['intelligent-tiering', '']], '?intelligent-tiering'],
    [
      'GET',
      '/',
      [
        ['prefix', 'a'],
        ['a-setting-of-tomorrow', ''],
      ],
      '?a-setting-of-tomorrow',
    ],
    [
      'PUT',
      '/',
      [
        ['inventory', ''],
        ['id', '1'],
      ],
      '?inventory',
    ],
    ['DELETE', '/', [], 'DeleteBucket'],
    ['GET', '/key', [['acl', '']], '?acl'],
    ['GET', '/key', [['versionId', 'a']], '?versionId'],
    ['PUT', '/key', [['tagging', '']], '?tagging'],
    ['POST', '/key', [['image_process', '']], '?image_process'],
  ] as [string, string, [string, string][], string][])(
    '%s %s %j',
    async (method, path, query, name) => {
      const headers = { Authorization: authorization({ method, path, query }) }
      const answer = await send(cloud.port, method, target(path, query), { headers })
      const message = `The local cloud does not implement ${name}.`
      expect(answer).toMatchObject({ status: 501, code: 'NotImplemented', message })
    },
  )

  test('Pic-Operations on an upload', async () => {
    const answer = await put('/image.png', 'an image', { 'Pic-Operations': '{"is_pic_info":1}' })
    expect(answer).toMatchObject({ status: 501, code: 'NotImplemented' })
    expect(answer.message).toContain('pic-operations')
  })

  test('an empty versionId is none', async () => {
    await put('/version', 'the only one')
    const query: [string, string][] = [['versionId', '']]
    const path = presign({ method: 'GET', path: '/version', query })
    expect(await send(cloud.port, 'GET', path)).toMatchObject({ status: 200, text: 'the only one' })
  })

  test('image processing is ignored', async () => {
    await put('/image.png', 'an image')
    const query: [string, string][] = [['imageMogr2/thumbnail/200x/', '']]
    const answer = await send(
      cloud.port,
      'GET',
      presign({ method: 'GET', path: '/image.png', query }),
    )
    expect(answer).toMatchObject({ status: 200, text: 'an image' })
    await cloud.logged('GET /image.png 200: imageMogr2/thumbnail/200x/ is not carried out')
  })

  test('a method that COS does not have', async () => {
    const answer = await send(cloud.port, 'PATCH', '/key')
    expect(answer).toMatchObject({ status: 405, code: 'MethodNotAllowed' })
  })
})

test('a line break in a path does not forge a line of the log', async () => {
  await put('/a\nGET /b 200', 'x')
  expect(await cloud.logged('/a GET /b')).toBe('PUT /a GET /b 200 200')
})

describe('CORS', () => {
  const origin = { Origin: 'http://127.0.0.1:8080' }

  test('a preflight is answered without a signature', async () => {
    const { status, headers } = await send(cloud.port, 'OPTIONS', '/any/key', {
      headers: {
        ...origin,
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'content-type,x-cos-meta-a',
      },
    })
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-methods']?.split(',')).toContain('PUT')
    expect(headers['access-control-allow-headers']).toBe('content-type,x-cos-meta-a')
  })

  test.each([
    ['no origin', { 'Access-Control-Request-Method': 'PUT' }],
    ['no method', origin],
    ['an unknown method', { ...origin, 'Access-Control-Request-Method': 'PATCH' }],
  ])('a preflight with %s is refused', async (_, headers) => {
    const answer = await send(cloud.port, 'OPTIONS', '/key', { headers })
    expect(answer).toMatchObject({ status: 403, code: 'AccessForbidden' })
  })

  test('answers and errors can be read by a page', async () => {
    await put('/cors', 'x', { 'x-cos-meta-a': 'b' })
    const answer = await get('/cors', origin)
    expect(answer.headers['access-control-allow-origin']).toBe('*')
    const exposed = answer.headers['access-control-expose-headers']?.split(',')
    expect(exposed).toEqual(
      expect.arrayContaining([
        'ETag',
        'Content-Length',
        'Date',
        'x-cos-request-id',
        'x-cos-hash-crc64ecma',
        'x-cos-meta-a',
      ]),
    )
    const refused = await send(cloud.port, 'GET', '/cors', { headers: origin })
    expect(refused.headers['access-control-allow-origin']).toBe('*')
  })

  test('without an origin there are no CORS headers', async () => {
    expect((await get('/cors')).headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('a visit with a browser', () => {
  const visit = (port: number, path = '/', headers = {}) =>
    send(port, 'GET', path, { headers: { Accept: 'text/html,*/*;q=0.8', ...headers } })

  test('is told in one line what this is, and where the console is', async () => {
    const { port, controlUrl, log, logged } = await startCloud({ controlPort: 0 })
    const { status, text, headers } = await visit(port)
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
    expect(text).toMatch(/^Local cloud: COS and STS for development\. .*本地云.*\n$/)
    expect(text).toContain(`${controlUrl}/`)
    await logged('GET / 200')
    expect(log).toEqual(['GET / 200'])
    expect((await visit((await startCloud()).port)).text).toMatch(/^Local cloud: [^:]*：[^：]*\n$/)
  })

  test('changes nothing for clients of COS, nor for any other address', async () => {
    const { port } = await startCloud()
    const refused = { status: 403, code: 'AccessDenied' }
    expect(await send(port, 'GET', '/')).toMatchObject(refused)
    expect(await send(port, 'GET', '/', { headers: { Accept: '*/*' } })).toMatchObject(refused)
    expect(await visit(port, '/key')).toMatchObject(refused)
    expect(await visit(port, '/?uploads')).toMatchObject(refused)
    const list = await visit(port, presign({ method: 'GET', path: '/' }))
    expect(list.text).toContain('<ListBucketResult>')
    const Authorization = authorization({ method: 'GET', path: '/' })
    expect((await visit(port, '/', { Authorization })).text).toContain('<ListBucketResult>')
  })
})
