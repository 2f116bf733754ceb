import { beforeEach, describe, expect, test } from '@jest/globals'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { ObjectStore } from '../../local-cloud/store/object-store'
import { tempDir } from '../helpers/temp-dir'
import { until } from '../helpers/until'
import { BUCKET, RESOURCE, startCloud, type TestCloud } from './cloud'
import { forkCloud } from './fork-cloud'
import { presign, send } from './sign'
import { temporaryKey } from './sts-client'

const put = ({ port }: TestCloud, key: string, body: string | Buffer, headers = {}) =>
  send(port, 'PUT', presign({ method: 'PUT', path: key }), { body, headers })
const get = ({ port }: TestCloud, key: string) =>
  send(port, 'GET', presign({ method: 'GET', path: key }))
const blobs = ({ data }: TestCloud) => readdirSync(path.join(data, BUCKET, 'blobs'))

describe('a body that is cut off', () => {
  test.each([
    ['PUT with a length', 'PUT', 'Content-Length: 100000\r\n\r\nthe first bytes'],
    ['PUT in chunks', 'PUT', 'Transfer-Encoding: chunked\r\n\r\n10\r\nthe first bytes.\r\n'],
    [
      'POST of a form',
      'POST',
      'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n' +
        '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nkey\r\n',
    ],
  ])('%s changes nothing and leaves nothing', async (_, method, rest) => {
    const cloud = await startCloud()
    await put(cloud, '/key', 'the old object')
    const target = method === 'PUT' ? presign({ method, path: '/key' }) : '/'
    const socket = net.connect(cloud.port, '127.0.0.1')
    socket.write(`${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${rest}`)
    await once(socket, 'connect')
    // Once the server is writing the new body, the connection breaks.
    if (method === 'PUT') await until(() => blobs(cloud).length === 2)
    socket.destroy()
    await cloud.logged('IncompleteBody')
    expect((await get(cloud, '/key')).text).toBe('the old object')
    expect(blobs(cloud)).toHaveLength(1)
  })
})

test('a refused body leaves no files behind', async () => {
  const cloud = await startCloud()
  await put(cloud, '/key', 'x', { 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' })
  expect(blobs(cloud)).toEqual([])
})

test('overwritten and deleted bodies are removed', async () => {
  const cloud = await startCloud()
  await put(cloud, '/key', 'one')
  await put(cloud, '/key', 'two')
  await until(() => blobs(cloud).length === 1)
  await send(cloud.port, 'DELETE', presign({ method: 'DELETE', path: '/key' }))
  await until(() => blobs(cloud).length === 0)
  expect((await get(cloud, '/key')).status).toBe(404)
})

test('an object that is overwritten while it is read comes whole', async () => {
  const cloud = await startCloud()
  const [one, two] = ['1', '2'].map((digit) => Buffer.alloc(8 * 1024 * 1024, digit))
  await put(cloud, '/key', one ?? '')
  const answers = await Promise.all([
    ...Array.from({ length: 4 }, () => get(cloud, '/key')),
    put(cloud, '/key', two ?? ''),
    ...Array.from({ length: 4 }, () => get(cloud, '/key')),
  ])
  for (const { status, headers, body } of answers) {
    expect(status).toBe(200)
    if (headers['content-length'] === '0') continue
    expect([one, two].some((whole) => whole?.equals(body))).toBe(true)
  }
})

test('two writers of one key: one wins, whole', async () => {
  const cloud = await startCloud()
  const bodies = Array.from({ length: 8 }, (_, i) => Buffer.alloc(300_000, String(i)))
  await Promise.all(
    bodies.map((body, i) => put(cloud, '/key', body, { 'x-cos-meta-writer': String(i) })),
  )
  const { body, headers } = await get(cloud, '/key')
  expect(body.equals(bodies[Number(headers['x-cos-meta-writer'])] ?? Buffer.alloc(0))).toBe(true)
  await until(() => blobs(cloud).length === 1)
})

test('objects, metadata and tokens live through a restart; leftovers do not', async () => {
  const first = await startCloud()
  await put(first, '/目录/a.txt', 'content', { 'x-cos-meta-a': 'b' })
  await put(first, '/deleted', 'x')
  await send(first.port, 'DELETE', presign({ method: 'DELETE', path: '/deleted' }))
  const key = await temporaryKey(first.port, {
    effect: 'allow',
    action: '*',
    resource: `${RESOURCE}*`,
  })
  await first.cloud.stop()
  writeFileSync(path.join(first.data, BUCKET, 'blobs', randomUUID()), 'half a body')
  writeFileSync(path.join(first.data, BUCKET, 'records', `ab.json.${randomUUID()}`), '{')

  const second = await startCloud({ data: first.data })
  expect(await get(second, '/目录/a.txt')).toMatchObject({
    status: 200,
    text: 'content',
    headers: { 'x-cos-meta-a': 'b' },
  })
  expect((await get(second, '/deleted')).status).toBe(404)
  const withToken = presign({ ...key, method: 'GET', path: '/目录/a.txt' }, [
    ['x-cos-security-token', key.token],
  ])
  expect((await send(second.port, 'GET', withToken)).status).toBe(200)
  expect(blobs(second)).toHaveLength(1)
  expect(readdirSync(path.join(first.data, BUCKET, 'records'))).toHaveLength(1)
})

test('a token of another permanent key is worth nothing', async () => {
  const other = await startCloud({ secretKey: 'another-key' })
  const cloud = await startCloud()
  const key = await temporaryKey(cloud.port, { effect: 'allow', action: '*', resource: '*' })
  const target = presign({ ...key, method: 'GET', path: '/a' }, [
    ['x-cos-security-token', key.token],
  ])
  expect(await send(other.port, 'GET', target)).toMatchObject({ code: 'InvalidAccessKeyId' })
})

test('a failing disk is an InternalError and the old object stays', async () => {
  const cloud = await startCloud()
  await put(cloud, '/key', 'the old object')
  const [record = ''] = readdirSync(path.join(cloud.data, BUCKET, 'records'))
  // A folder where the record of another key must go: the rename fails.
  await put(cloud, '/other', 'x')
  const other = readdirSync(path.join(cloud.data, BUCKET, 'records')).find(
    (name) => name !== record,
  )
  const place = path.join(cloud.data, BUCKET, 'records', other ?? '')
  rmSync(place)
  mkdirSync(path.join(place, 'in the way'), { recursive: true })
  const before = blobs(cloud)
  expect(await put(cloud, '/other', 'new')).toMatchObject({ status: 500, code: 'InternalError' })
  expect((await get(cloud, '/other')).text).toBe('x')
  expect((await get(cloud, '/key')).text).toBe('the old object')
  expect(blobs(cloud).toSorted()).toEqual(before.toSorted())
})

test('a key never names a file: none can leave the folder, and no two share one anywhere', async () => {
  const cloud = await startCloud()
  const outside = 'outside-of-the-local-cloud'
  const keys = [
    'Key',
    'key',
    '\u00e9',
    'e\u0301',
    `a/../../../${outside}`,
    `../${outside}`,
    'c:\\x',
    'con',
    'a\u0000b',
  ]
  for (const key of keys) expect((await put(cloud, `/${key}`, key)).status).toBe(200)
  const names = readdirSync(cloud.data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'lock')
    .map(({ name }) => name)
  expect(names).toHaveLength(2 * keys.length)
  // Lower-case hex: the same on a file system that ignores case or normalizes Unicode.
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{64}\.json$|^[0-9a-f-]{36}$/)
  expect(readdirSync(path.dirname(cloud.data))).not.toContain(outside)
})

test('stop() waits for requests that still write: the next one on the folder sees all or nothing', async () => {
  const { cloud, port, data, log } = await startCloud()
  const body = Buffer.alloc(4 * 1024 * 1024, 'x')
  const puts = Array.from({ length: 8 }, (_, i) =>
    send(port, 'PUT', presign({ method: 'PUT', path: `/${i}` }), { body }).catch(() => {}),
  )
  await until(() => readdirSync(path.join(data, BUCKET, 'blobs')).length > 0)
  await cloud.stop()
  const lines = log.length
  expect(lines).toBeGreaterThan(0)
  const files = () => readdirSync(data, { recursive: true }).toSorted()
  const stopped = files()
  expect(stopped).not.toContain(path.join(BUCKET, 'lock'))
  await Promise.all(puts)
  const again = await startCloud({ data })
  await again.cloud.stop()
  expect([files(), log.length]).toEqual([stopped, lines])
})

test('a closed store takes nothing more', () => {
  const dir = tempDir()
  const store = new ObjectStore(dir.path)
  const body = { blob: 'a', size: 0, md5: '', crc64: '0', lastModified: 0 }
  const upload = store.uploads.create({ key: 'key', headers: {}, initiated: 0 })
  store.close()
  expect(() => store.commit({ ...body, key: 'key', headers: {} })).toThrow(/stopped/)
  expect(() => store.uploads.putPart(upload, { ...body, number: 1 })).toThrow(/stopped/)
  dir.remove()
})

describe('a folder that somebody has damaged', () => {
  let cloud: TestCloud
  /** The files of an object `目录/a` and of an upload of `b` with one part. */
  let files: { record: string; body: string; upload: string; part: string; partBody: string }

  beforeEach(async () => {
    cloud = await startCloud()
    const folder = (...names: string[]) => path.join(cloud.data, BUCKET, ...names)
    await put(cloud, '/目录/a', 'the content')
    const [body = ''] = blobs(cloud)
    const { id } = await upload(cloud, '/b', 'the part')
    const partBody = blobs(cloud).find((name) => name !== body) ?? ''
    const name = createHash('sha256').update('目录/a').digest('hex')
    files = {
      record: folder('records', `${name}.json`),
      body: folder('blobs', body),
      upload: folder('uploads', id, 'upload.json'),
      part: folder('uploads', id, '1.json'),
      partBody: folder('blobs', partBody),
    }
  })

  /** Starts an upload of one part. */
  async function upload({ port }: TestCloud, key: string, body: string) {
    const call = (method: string, query: [string, string][], content?: string) =>
      send(port, method, presign({ method, path: key, query }), { body: content })
    const { text } = await call('POST', [['uploads', '']])
    const id = /<UploadId>(\w+)</.exec(text)?.[1] ?? ''
    const { headers } = await call(
      'PUT',
      [
        ['partNumber', '1'],
        ['uploadId', id],
      ],
      body,
    )
    const xml = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.etag}</ETag></Part></CompleteMultipartUpload>`
    return { id, complete: () => call('POST', [['uploadId', id]], xml) }
  }

  /** The one line with which a start is refused. */
  const startError = async () => {
    const { message } = await startCloud({ data: cloud.data }).then(
      () => new Error('it started'),
      (error: Error) => error,
    )
    return message
  }

  test.each([
    ['shorter', 'the con'],
    ['longer', 'the content and more'],
    ['empty', ''],
  ])('a body that is %s is an error at once, and named at the start', async (_, content) => {
    writeFileSync(files.body, content)
    for (const method of ['GET', 'HEAD']) {
      const answer = await send(cloud.port, method, presign({ method, path: '/目录/a' }))
      expect([answer.status, answer.code]).toEqual([
        500,
        method === 'GET' ? 'InternalError' : undefined,
      ])
      await cloud.logged(`${files.body} has ${content.length} bytes, not 11`)
    }
    await cloud.cloud.stop()
    expect(await startError()).toBe(
      `the body of "目录/a" has ${content.length} bytes, not 11: remove ${files.record} to forget it`,
    )
    rmSync(files.record)
    expect((await get(await startCloud({ data: cloud.data }), '/目录/a')).status).toBe(404)
  })

  test('a body that is missing is named at the start', async () => {
    await cloud.cloud.stop()
    rmSync(files.body)
    expect(await startError()).toBe(
      `the body of "目录/a" is missing: remove ${files.record} to forget it`,
    )
  })

  test('a part that is cut short: no object, and named at the start', async () => {
    const { id, complete } = await upload(cloud, '/c', 'the part of c')
    const known = [path.basename(files.body), path.basename(files.partBody)]
    const body = blobs(cloud).find((name) => !known.includes(name)) ?? ''
    writeFileSync(path.join(cloud.data, BUCKET, 'blobs', body), 'the part')
    expect(await complete()).toMatchObject({ status: 500, code: 'InternalError' })
    await cloud.logged(`${body} has 8 bytes, not 13`)
    expect((await get(cloud, '/c')).status).toBe(404)
    await cloud.cloud.stop()
    const record = path.join(cloud.data, BUCKET, 'uploads', id, '1.json')
    expect(await startError()).toBe(
      `the body of part 1 of "c" has 8 bytes, not 13: remove ${record} to forget it`,
    )
    rmSync(record)
    await startCloud({ data: cloud.data })
  })

  const broken = ['', '{', 'noise', 'null', '{}', '[]', '"text"', '{"key":"目录/a"}']

  test.each(broken)('the record of an object that is %j', async (content) => {
    await cloud.cloud.stop()
    writeFileSync(files.record, content)
    const message = await startError()
    expect(message).toContain(`${files.record} is not a record of the local cloud`)
    expect(message).toMatch(/: remove it to forget the object$/)
    rmSync(files.record)
    await startCloud({ data: cloud.data })
  })

  test.each(broken)('the record of an upload, or of a part, that is %j', async (content) => {
    await cloud.cloud.stop()
    const part = readFileSync(files.part)
    writeFileSync(files.part, content)
    expect(await startError()).toMatch(/1\.json is not a record .*: remove it to forget the part$/)
    writeFileSync(files.part, part)
    writeFileSync(files.upload, content)
    const folder = path.dirname(files.upload)
    expect(await startError()).toContain(`: remove ${folder} to forget the upload`)
    rmSync(folder, { recursive: true })
    await startCloud({ data: cloud.data })
  })

  test.each([
    ['the record of another key', { key: 'other' }],
    ['a body outside of the folder', { blob: '../../secret' }],
    ['a size that is a text', { size: '11' }],
    ['headers that are none', { headers: { 'content-type': 1 } }],
  ])('a record with %s', async (_, change) => {
    await cloud.cloud.stop()
    const record = { ...JSON.parse(readFileSync(files.record, 'utf8')), ...change }
    writeFileSync(files.record, JSON.stringify(record))
    const [field] = Object.keys(change)
    expect(await startError()).toContain(`(its ${field} is wrong): remove it`)
  })

  test('files of others stop no start, and stay', async () => {
    await cloud.cloud.stop()
    const copy = (file: string, name: string) => {
      const target = path.join(path.dirname(file), name)
      writeFileSync(target, 'of somebody else')
      return target
    }
    const others = Object.values(files).flatMap((file) => [
      copy(file, '.DS_Store'),
      copy(file, 'Thumbs.db'),
      copy(file, `._${path.basename(file)}`),
      copy(file, `${path.basename(file)}~`),
      copy(file, `${path.basename(file)}.bak`),
      copy(file, `.${path.basename(file)}.swp`),
      copy(file, path.basename(file).replace(/(\.json)?$/, ' copy$1')),
    ])
    others.push(copy(path.dirname(files.upload), '.DS_Store'))
    const again = await startCloud({ data: cloud.data })
    expect((await get(again, '/目录/a')).text).toBe('the content')
    expect(others.filter((file) => !existsSync(file))).toEqual([])
  })
})

describe('a second local cloud on the same folder', () => {
  test('is refused, and harms nothing', async () => {
    const dir = tempDir()
    const first = await forkCloud(dir.path)
    try {
      const put = (port: number) =>
        send(port, 'PUT', presign({ method: 'PUT', path: '/key' }), { body: 'kept' })
      await put(first.port)
      // An upload that is under way has a body that no record refers to yet.
      const socket = net.connect(first.port, '127.0.0.1')
      const target = presign({ method: 'PUT', path: '/slow' })
      socket.write(`PUT ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst`)
      const bodies = () => readdirSync(path.join(dir.path, BUCKET, 'blobs')).length
      await until(() => bodies() === 2)
      const refused = new RegExp(`is in use by the local cloud with process id ${first.child.pid};`)
      await expect(forkCloud(dir.path)).rejects.toThrow(refused)
      await expect(startCloud({ data: dir.path })).rejects.toThrow(refused)
      expect(bodies()).toBe(2)
      socket.write('-last')
      await once(socket, 'data')
      socket.destroy()
      const { text } = await send(first.port, 'GET', presign({ method: 'GET', path: '/slow' }))
      expect(text).toBe('first-last')
    } finally {
      await first.kill()
    }
    // Its process is gone: its lock is worth nothing.
    const second = await startCloud({ data: dir.path })
    expect((await get(second, '/slow')).text).toBe('first-last')
    await second.cloud.stop()
    dir.remove()
  })

  test('is refused in the same process, too', async () => {
    const { data, cloud } = await startCloud()
    await expect(startCloud({ data })).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    await cloud.stop()
    await startCloud({ data })
  })

  test('a lock of no process, or from before the machine started, is none', async () => {
    const dir = tempDir()
    const lock = path.join(dir.path, BUCKET, 'lock')
    mkdirSync(path.dirname(lock))
    for (const content of ['', 'x', '-1', '0', '999999999', String(process.pid)]) {
      writeFileSync(lock, content)
      const { cloud } = await startCloud({ data: dir.path })
      await cloud.stop()
    }
    writeFileSync(lock, String(process.ppid))
    await expect(startCloud({ data: dir.path })).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
    utimesSync(lock, 1, 1)
    const { cloud } = await startCloud({ data: dir.path })
    await cloud.stop()
    dir.remove()
  })
})
