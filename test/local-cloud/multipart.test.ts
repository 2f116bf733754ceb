import { beforeAll, describe, expect, test } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '../helpers/until'
import { BUCKET, RESOURCE, startCloud } from './cloud'
import {
  call,
  cloud,
  initiate,
  md5,
  putPart,
  upload,
  uploadIdIn,
  type Query,
} from './multipart-steps'
import { presign, send } from './sign'
import { temporaryKey, type Statement } from './sts-client'

const MB = 1024 * 1024

const completeXml = (parts: [number: number, etag: string][]) =>
  `<CompleteMultipartUpload>${parts
    .map(([n, etag]) => `<Part><PartNumber>${n}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join('')}</CompleteMultipartUpload>`

const complete = (key: string, id: string, parts: [number, string][], headers = {}) =>
  call('POST', key, [['uploadId', id]], { body: completeXml(parts), headers })

const get = (key: string, headers = {}) => call('GET', key, [], { headers })
const blobs = () => readdirSync(path.join(cloud.data, BUCKET, 'blobs'))

describe('an upload in parts', () => {
  const one = randomBytes(2 * MB)
  const two = randomBytes(MB)
  const three = Buffer.from('the rest')

  test('becomes one object, whatever the order of the parts', async () => {
    const key = '照片/a b&c.bin'
    const encoded = '%E7%85%A7%E7%89%87/a%20b%26c.bin'
    const answer = await call('POST', key, [['uploads', '']], {
      headers: { 'Content-Type': 'video/mp4', 'x-cos-meta-a': 'b' },
    })
    expect(answer.text).toMatch(
      /<InitiateMultipartUploadResult>\n\t<Bucket>examplebucket-1250000000<\/Bucket>\n\t<Key>照片\/a b&amp;c\.bin<\/Key>\n\t<UploadId>\d{10}[0-9a-f]{64}<\/UploadId>\n<\/InitiateMultipartUploadResult>\n$/,
    )
    const id = uploadIdIn(answer)
    const parts = await upload(key, id, [
      [3, three],
      [1, two],
      [2, two],
      [1, one],
    ])
    expect((await get(key)).code).toBe('NoSuchKey')
    const done = await complete(key, id, parts)
    const whole = Buffer.concat([one, two, three])
    const etag = /<ETag>&quot;([0-9a-f]{32}-3)&quot;<\/ETag>/.exec(done.text)?.[1]
    expect(done.status).toBe(200)
    expect(etag).toBeDefined()
    expect(done.text).toContain(
      '<CompleteMultipartUploadResult xmlns="http://www.qcloud.com/document/product/436/7751">',
    )
    expect(done.text).toContain(`<Location>http://127.0.0.1:${cloud.port}/${encoded}</Location>`)

    const { body, headers } = await get(key)
    expect(body.equals(whole)).toBe(true)
    // The same bytes in one piece have the same CRC.
    const simple = await call('PUT', 'simple', [], { body: whole })
    expect(headers).toMatchObject({
      etag: `"${etag}"`,
      'content-type': 'video/mp4',
      'x-cos-meta-a': 'b',
      'x-cos-hash-crc64ecma': simple.headers['x-cos-hash-crc64ecma'],
    })
    expect(done.headers['x-cos-hash-crc64ecma']).toBe(headers['x-cos-hash-crc64ecma'])
    expect((await get(key, { 'If-None-Match': `"${etag}"` })).status).toBe(304)
    expect((await get(key, { Range: `bytes=${2 * MB - 1}-${2 * MB}` })).body).toEqual(
      whole.subarray(2 * MB - 1, 2 * MB + 1),
    )
    expect(await complete(key, id, parts)).toMatchObject({ status: 404, code: 'NoSuchUpload' })
    await until(() => blobs().length === 2)
    await until(() => !existsSync(path.join(cloud.data, BUCKET, 'uploads', id)))
  })

  test('replaces an object at once, and one part is enough', async () => {
    await call('PUT', 'replaced', [], { body: 'the old object' })
    const id = await initiate('replaced')
    const parts = await upload('replaced', id, [[1, 'the new object']])
    expect((await get('replaced')).text).toBe('the old object')
    // ETags may come without quotes, in upper case, with a declaration and white space around.
    const body = `<?xml version="1.0"?>\n${completeXml(
      parts.map(([n, etag]) => [n, ` ${etag.replaceAll('"', '').toUpperCase()} `]),
    )}`
    expect((await call('POST', 'replaced', [['uploadId', id]], { body })).status).toBe(200)
    expect((await get('replaced')).text).toBe('the new object')
  })

  test('can be aborted', async () => {
    const before = blobs().length
    const id = await initiate('aborted')
    await upload('aborted', id, [[1, 'a part']])
    expect((await call('DELETE', 'aborted', [['uploadId', id]])).status).toBe(204)
    await until(() => blobs().length === before)
    for (const answer of [
      await putPart('aborted', id, 1, 'x'),
      await complete('aborted', id, [[1, md5('x')]]),
      await call('GET', 'aborted', [['uploadId', id]]),
      await call('DELETE', 'aborted', [['uploadId', id]]),
    ]) {
      expect(answer).toMatchObject({ status: 404, code: 'NoSuchUpload' })
    }
    expect(blobs().length).toBe(before)
  })

  test('lives through a restart; leftovers do not', async () => {
    const first = await startCloud()
    const id = await initiate('resumed', { 'Content-Type': 'a/b' }, first.port)
    const query: Query = [
      ['partNumber', '1'],
      ['uploadId', id],
    ]
    await call('PUT', 'resumed', query, { body: one, port: first.port })
    await first.cloud.stop()
    const folder = path.join(first.data, BUCKET, 'uploads')
    writeFileSync(path.join(folder, id, `2.json.${randomUUID()}`), '{')
    const withoutRecord = path.join(folder, `1${id}`)
    mkdirSync(withoutRecord)
    writeFileSync(path.join(withoutRecord, '1.json'), '{}')

    const { port, data } = await startCloud({ data: first.data })
    expect(readdirSync(folder)).toEqual([id])
    expect(readdirSync(path.join(folder, id)).toSorted()).toEqual(['1.json', 'upload.json'])
    expect(readdirSync(path.join(data, BUCKET, 'blobs'))).toHaveLength(1)
    const body = completeXml([[1, md5(one)]])
    expect((await call('POST', 'resumed', [['uploadId', id]], { body, port })).status).toBe(200)
    const got = await call('GET', 'resumed', [], { port })
    expect([got.body.equals(one), got.headers['content-type']]).toEqual([true, 'a/b'])
  })

  test('that is completed twice at once ends well', async () => {
    const id = await initiate('twice')
    const parts = await upload('twice', id, [
      [1, one],
      [2, two],
    ])
    const answers = await Promise.all([1, 2, 3].map(() => complete('twice', id, parts)))
    const codes = answers.map(({ code }) => code ?? 'done')
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect(['NoSuchUpload', 'UploadConflict', 'done']).toEqual(expect.arrayContaining(codes))
    expect((await get('twice')).body.equals(Buffer.concat([one, two]))).toBe(true)
  })
})

describe('a part is refused', () => {
  let id: string

  beforeAll(async () => {
    id = await initiate('parts')
    await upload('parts', id, [[1, 'kept']])
  })

  test.each([
    ['number 0', 0, {}, 400, 'InvalidArgument'],
    ['number 10001', 10_001, {}, 400, 'InvalidArgument'],
    ['a wrong digest', 1, { 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' }, 400, 'BadDigest'],
    ['a copy', 1, { 'x-cos-copy-source': 'a/b' }, 501, 'NotImplemented'],
    [
      'more than 5 GB',
      1,
      { 'Content-Length': 5 * 1024 ** 3 + 1, Connection: 'close' },
      400,
      'EntityTooLarge',
    ],
  ])('%s', async (_, number, headers, status, code) => {
    expect(await putPart('parts', id, number, 'new', headers)).toMatchObject({ status, code })
    expect((await complete('parts', id, [[1, md5('new')]])).code).toBe('InvalidPart')
  })

  test.each(['', '1.5', 'one', '-1'])('number %j', async (number) => {
    const query: Query = [
      ['partNumber', number],
      ['uploadId', id],
    ]
    expect(await call('PUT', 'parts', query, { body: 'x' })).toMatchObject({
      code: 'InvalidArgument',
    })
  })

  test('an upload of another key', async () => {
    expect(await putPart('other', id, 1, 'x')).toMatchObject({ status: 404, code: 'NoSuchUpload' })
  })
})

const ETAG = md5('x')
const NAMESPACE = 'http://www.qcloud.com/document/product/436/7751'
const onePart = (etag: string) => completeXml([[1, etag]])

test.each([
  ['a decimal reference, as the Go SDK writes it', onePart(`&#34;${ETAG}&#34;`)],
  ['a hexadecimal reference', onePart(`&#x22;${ETAG}&#x22;`)],
  ['a reference to a letter', onePart(`&#x${ETAG.charCodeAt(0).toString(16)};${ETAG.slice(1)}`)],
  ['a named entity', onePart(`&quot;${ETAG}&quot;`)],
  ['CDATA', onePart(`<![CDATA["${ETAG}"]]>`)],
  ['white space', onePart(`\r\n\t"${ETAG}"\n `).replaceAll('><', '>\r\n\t<')],
  ['a declaration and a byte order mark', `\ufeff<?xml version="1.0"?>\n${onePart(ETAG)}`],
  ['a comment with an ampersand', onePart(`${ETAG}<!-- R&D -->`)],
  ['a processing instruction', onePart(`${ETAG}<?note?>`)],
  ['a namespace', onePart(ETAG).replace('Upload>', `Upload xmlns="${NAMESPACE}">`)],
  [
    'a namespace with a prefix',
    onePart(ETAG)
      .replaceAll(/<(\/?)/g, '<$1cos:')
      .replace('Upload>', `Upload xmlns:cos="${NAMESPACE}">`),
  ],
  ['almost 8 MB', `${onePart(ETAG)}${' '.repeat(8 * MB - 200)}`],
])('a complete request may have %s', async (_, body) => {
  const id = await initiate('xml')
  await upload('xml', id, [[1, 'x']])
  expect((await call('POST', 'xml', [['uploadId', id]], { body })).status).toBe(200)
  expect((await get('xml')).text).toBe('x')
})

describe('a complete request is refused, and the upload stays', () => {
  let id: string
  const big = Buffer.alloc(MB)
  const bigEtag = md5(big)
  const part = (number: number, etag = bigEtag) =>
    `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
  const root = (content: string) => `<CompleteMultipartUpload>${content}</CompleteMultipartUpload>`

  beforeAll(async () => {
    id = await initiate('refused')
    await upload('refused', id, [
      [1, big],
      [2, big],
      [3, 'small'],
      [4, big],
    ])
  })

  test.each([
    ['no body', '', 'MissingRequestBodyError'],
    ['no XML', 'hello', 'MalformedXML'],
    ['no end', '<CompleteMultipartUpload><Part>', 'MalformedXML'],
    ['another root', `<Delete>${part(1)}</Delete>`, 'MalformedXML'],
    ['two roots', `${root(part(1))}${root(part(1))}`, 'MalformedXML'],
    ['no part', root(''), 'MalformedXML'],
    ['text beside the parts', root(`text${part(1)}`), 'MalformedXML'],
    ['an unknown element', root(`${part(1)}<Size>1</Size>`), 'MalformedXML'],
    ['no ETag', root('<Part><PartNumber>1</PartNumber></Part>'), 'MalformedXML'],
    ['no number', root(`<Part><ETag>${md5(big)}</ETag></Part>`), 'MalformedXML'],
    [
      'a number twice in a part',
      root(
        `<Part><PartNumber>1</PartNumber><PartNumber>2</PartNumber><ETag>${md5(big)}</ETag></Part>`,
      ),
      'MalformedXML',
    ],
    ['a number that is none', root(part(1).replace('>1<', '>1e0<')), 'MalformedXML'],
    ['a part that was never uploaded', root(part(5)), 'InvalidPart'],
    ['another ETag', root(part(1, md5('x'))), 'InvalidPart'],
    ['a gap', root(part(2) + part(4)), 'InvalidPart'],
    ['the wrong order', root(part(2) + part(1)), 'InvalidPartOrder'],
    ['a part twice', root(part(1) + part(1)), 'InvalidPartOrder'],
    [
      'a small part that is not the last',
      root(part(2) + part(3, md5('small')) + part(4)),
      'EntityTooSmall',
    ],
    [
      'an entity bomb',
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from(
        { length: 20 },
        (_, i) => `<!ENTITY b${i} "${`&b${i - 1};`.repeat(10)}">`,
      ).join('')}]>${root(part(1, '&b19;'))}`,
      'MalformedXML',
    ],
    [
      'an external entity',
      `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${root(part(1, '&a;'))}`,
      'MalformedXML',
    ],
    ['a document type without entities', `<!DOCTYPE x>${root(part(1))}`, 'MalformedXML'],
    ['an entity of HTML', root(part(1, `${bigEtag}&nbsp;`)), 'MalformedXML'],
    ['an entity that is not declared', root(part(1, `&etag;${bigEtag}`)), 'MalformedXML'],
    ['a reference in CDATA', root(part(1, `<![CDATA[&#34;${bigEtag}&#34;]]>`)), 'InvalidPart'],
    ['a comment without an end', root('<!--'.repeat(MB)), 'MalformedXML'],
    ['deep nesting', root('<Part>'.repeat(100_000) + '</Part>'.repeat(100_000)), 'MalformedXML'],
    ['deep nesting without an end', '<a>'.repeat(300_000), 'MalformedXML'],
    [
      'more than 10,000 parts',
      root(Array.from({ length: 10_001 }, (_, i) => part(i + 1)).join('')),
      'MalformedXML',
    ],
    ['more than 8 MB', root(' '.repeat(9 * MB)), 'EntityTooLarge'],
  ])('%s', async (_, body, code) => {
    const answer = await call('POST', 'refused', [['uploadId', id]], { body })
    expect(answer).toMatchObject({ status: 400, code })
    expect((await get('refused')).code).toBe('NoSuchKey')
    expect((await call('GET', 'refused', [['uploadId', id]])).status).toBe(200)
  })

  test('a wrong Content-MD5', async () => {
    const headers = { 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' }
    expect(await complete('refused', id, [[1, md5(big)]], headers)).toMatchObject({
      code: 'BadDigest',
    })
  })

  test('x-cos-forbid-overwrite', async () => {
    await call('PUT', 'protected', [], { body: 'the old object' })
    const own = await initiate('protected')
    const parts = await upload('protected', own, [[1, 'new']])
    const headers = { 'x-cos-forbid-overwrite': 'true' }
    const refused = { status: 409, code: 'FileAlreadyExists' }
    expect(await complete('protected', own, parts, headers)).toMatchObject(refused)
    expect(await call('POST', 'protected', [['uploads', '']], { headers })).toMatchObject(refused)
    expect((await get('protected')).text).toBe('the old object')
  })
})

test('10,000 parts', async () => {
  const { port } = await startCloud()
  const id = await initiate('many', {}, port)
  // Only the last part may be small, so this shows the document read whole and refused for its first part.
  const query: Query = [
    ['partNumber', '10000'],
    ['uploadId', id],
  ]
  expect((await call('PUT', 'many', query, { body: 'x', port })).status).toBe(200)
  const body = completeXml(Array.from({ length: 10_000 }, (_, i) => [i + 1, `"${md5('x')}"`]))
  const answer = await call('POST', 'many', [['uploadId', id]], { body, port })
  expect(answer).toMatchObject({ status: 400, code: 'InvalidPart' })
  expect(
    (
      await call('POST', 'many', [['uploadId', id]], {
        body: completeXml([[10_000, md5('x')]]),
        port,
      })
    ).status,
  ).toBe(200)
})

describe('each operation needs its own right', () => {
  /** Lists the uploads below a prefix with a temporary key of these statements. */
  const listStatus = async (prefix: string, ...statements: Statement[]) => {
    const key = await temporaryKey(cloud.port, ...statements)
    const query: Query = [
      ['uploads', ''],
      ['prefix', prefix],
    ]
    const token: [string, string] = ['x-cos-security-token', key.token]
    const target = presign({ ...key, method: 'GET', path: '/', query }, [token])
    return (await send(cloud.port, 'GET', target)).status
  }

  // The manual's own policy for uploads in parts (436/31923) names it on a prefix.
  test.each([
    ['doc/', {}, 200],
    ['doc/a.bin', {}, 200],
    ['doc', {}, 403],
    ['other/', {}, 403],
    ['', {}, 403],
    ['doc/', { action: 'name/cos:ListParts' }, 403],
    ['', { resource: RESOURCE }, 200],
    ['any/', { resource: RESOURCE }, 200],
  ])('ListMultipartUploads of the prefix "%s" with %j: %i', async (prefix, change, status) => {
    const action = 'name/cos:ListMultipartUploads'
    const statement = { effect: 'allow', action, resource: `${RESOURCE}doc/*`, ...change }
    expect(await listStatus(prefix, statement)).toBe(status)
  })

  test('a deny on a prefix holds for the list of its uploads', async () => {
    const statements = [
      { effect: 'allow', action: '*', resource: '*' },
      { effect: 'deny', action: '*', resource: `${RESOURCE}doc/*` },
    ]
    expect(await listStatus('doc/a', ...statements)).toBe(403)
    expect(await listStatus('other/', ...statements)).toBe(200)
  })

  const operations: [action: string, method: string, query: (id: string) => Query][] = [
    ['InitiateMultipartUpload', 'POST', () => [['uploads', '']]],
    [
      'UploadPart',
      'PUT',
      (id) => [
        ['partNumber', '1'],
        ['uploadId', id],
      ],
    ],
    ['ListParts', 'GET', (id) => [['uploadId', id]]],
    ['CompleteMultipartUpload', 'POST', (id) => [['uploadId', id]]],
    ['AbortMultipartUpload', 'DELETE', (id) => [['uploadId', id]]],
  ]

  test.each(operations)('%s', async (action, method, query) => {
    const id = await initiate('users/1/a')
    await upload('users/1/a', id, [[1, 'x']])
    const body = action === 'CompleteMultipartUpload' ? completeXml([[1, md5('x')]]) : undefined
    const statusWith = async (statement: object) => {
      const key = await temporaryKey(cloud.port, {
        effect: 'allow',
        action: '*',
        resource: `${RESOURCE}users/1/*`,
        ...statement,
      })
      const token: [string, string] = ['x-cos-security-token', key.token]
      const target = presign({ ...key, method, path: '/users/1/a', query: query(id) }, [token])
      return (await send(cloud.port, method, target, { body })).status
    }
    const others = operations
      .map(([name]) => `name/cos:${name}`)
      .filter((name) => !name.endsWith(action))
    expect(await statusWith({ action: [...others, 'name/cos:PutObject'] })).toBe(403)
    expect(await statusWith({ resource: `${RESOURCE}users/2/*` })).toBe(403)
    expect(await statusWith({ action: `name/cos:${action}` })).toBeLessThan(300)
  })
})
