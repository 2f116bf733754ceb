import { beforeAll, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import vectors from '../vectors/manual.json'
import { signText } from '../../local-cloud/cos/signature'
import { BUCKET, RESOURCE, startCloud, type TestCloud } from './cloud'
import { authorization, hmac, presign, SECRET_ID, SECRET_KEY, send, validTime } from './sign'
import { temporaryKey } from './sts-client'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})

interface FormOptions {
  key?: string
  conditions?: unknown[]
  expiration?: number
  time?: string
  secretId?: string
  secretKey?: string
}

/** The signed fields of a form (436/14690). */
function signedForm(options: FormOptions = {}): Record<string, string> {
  const { key = 'posted.txt', conditions = [], expiration = Date.now() + 600_000 } = options
  const { time = validTime(), secretId = SECRET_ID, secretKey = SECRET_KEY } = options
  const policy = JSON.stringify({
    expiration: new Date(expiration).toISOString(),
    conditions: [
      ...conditions,
      { 'q-sign-algorithm': 'sha1' },
      { 'q-ak': secretId },
      { 'q-sign-time': time },
    ],
  })
  const sha1 = createHash('sha1').update(policy).digest('hex')
  return {
    key,
    policy: Buffer.from(policy).toString('base64'),
    'q-sign-algorithm': 'sha1',
    'q-ak': secretId,
    'q-key-time': time,
    'q-signature': hmac(hmac(secretKey, time), sha1),
  }
}

const BOUNDARY = 'boundary-of-the-tests'

function formBody(
  fields: Record<string, string>,
  files: [name: string, filename: string, content: string | Buffer][],
  closing = `--${BOUNDARY}--\r\n`,
): Buffer {
  const part = (disposition: string, content: string | Buffer) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ])
  return Buffer.concat([
    ...Object.entries(fields).map(([name, value]) => part(`name="${name}"`, value)),
    ...files.map(([name, filename, content]) =>
      part(`name="${name}"; filename="${filename}"\r\nContent-Type: text/html`, content),
    ),
    Buffer.from(closing),
  ])
}

const post = (body: Buffer, headers = {}, path = '/') =>
  send(cloud.port, 'POST', path, {
    body,
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
  })

const postFile = (fields: Record<string, string>, content: string | Buffer = 'posted') =>
  post(formBody(fields, [['file', '照片.png', content]]))

const get = (path: string) => send(cloud.port, 'GET', presign({ method: 'GET', path }))

describe('accepted', () => {
  test('204, ETag and Location by default; the type of the file part is ignored', async () => {
    const answer = await postFile(signedForm())
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(answer.headers).toMatchObject({
      etag: `"${createHash('md5').update('posted').digest('hex')}"`,
      location: `http://127.0.0.1:${cloud.port}/posted.txt`,
    })
    const { text, headers } = await get('/posted.txt')
    expect([text, headers['content-type']]).toEqual(['posted', 'text/plain'])
  })

  test.each(['200', '201', '204'])('success_action_status %s', async (status) => {
    const answer = await postFile({ ...signedForm(), success_action_status: status })
    expect([answer.status, answer.text]).toEqual([Number(status), ''])
  })

  test('success_action_redirect', async () => {
    const form = signedForm({ key: 'a b.txt' })
    const answer = await postFile({ ...form, success_action_redirect: 'http://127.0.0.1/done?x=1' })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toMatch(
      /^http:\/\/127\.0\.0\.1\/done\?x=1&bucket=examplebucket-1250000000&key=a%20b\.txt&etag=%22[0-9a-f]{32}%22$/,
    )
  })

  test('all kinds of conditions, metadata, and ${filename}', async () => {
    const form = signedForm({
      key: 'users/1/${filename}',
      conditions: [
        { bucket: BUCKET },
        ['eq', '$key', 'users/1/照片.png'],
        ['starts-with', '$Content-Type', 'image/'],
        ['content-length-range', 1, 100],
        ['eq', '$x-cos-meta-author', '作者'],
      ],
    })
    const fields = { ...form, 'Content-Type': 'image/png', 'x-cos-meta-author': '作者' }
    expect((await postFile(fields)).status).toBe(204)
    const { headers } = await get('/users/1/照片.png')
    expect(headers['content-type']).toBe('image/png')
    expect(Buffer.from(String(headers['x-cos-meta-author']), 'latin1').toString()).toBe('作者')
  })

  test('x-cos-traffic-limit slows what comes after it', async () => {
    const fields = { ...signedForm(), 'x-cos-traffic-limit': '8000000' } // bit/s: 1 MB in a second
    const before = performance.now()
    expect((await postFile(fields, Buffer.alloc(400_000))).status).toBe(204)
    expect(performance.now() - before).toBeGreaterThan(190)
  })

  test('a large file, and an empty one', async () => {
    const large = Buffer.alloc(20 * 1024 * 1024, 'content ')
    expect((await postFile(signedForm(), large)).status).toBe(204)
    expect((await get('/posted.txt')).body.equals(large)).toBe(true)
    expect((await postFile(signedForm(), '')).status).toBe(204)
    expect((await get('/posted.txt')).text).toBe('')
  })

  test('the older form, signed by a Signature field', async () => {
    const host = `127.0.0.1:${cloud.port}`
    const signature = { method: 'POST', path: '/', headers: [['host', host]] as [string, string][] }
    const fields = { key: 'older.txt', Signature: authorization(signature) }
    expect((await postFile(fields)).status).toBe(204)
    const wrong = authorization({ ...signature, method: 'PUT' })
    expect((await postFile({ ...fields, Signature: wrong })).code).toBe('SignatureDoesNotMatch')
  })

  test('a form to the URL of an object is a form: its key counts', async () => {
    const body = formBody(signedForm({ key: 'by-field' }), [['file', 'a.txt', 'posted']])
    expect((await post(body, {}, '/by-path')).status).toBe(204)
    expect((await get('/by-field')).text).toBe('posted')
    expect((await get('/by-path')).code).toBe('NoSuchKey')
    const host = `127.0.0.1:${cloud.port}`
    const Signature = authorization({ method: 'POST', path: '/by-path', headers: [['host', host]] })
    const older = formBody({ key: 'by-field', Signature }, [['file', 'a.txt', 'older']])
    expect((await post(older, {}, '/by-path')).status).toBe(204)
    expect((await get('/by-field')).text).toBe('older')
  })

  test('the policy of the manual has the signature of the manual', () => {
    const vector = vectors.vectors.find(({ kind }) => kind === 'post-policy')
    const text = Buffer.from(vector?.policyBase64 ?? '', 'base64')
    const stringToSign = createHash('sha1').update(text).digest('hex')
    expect(stringToSign).toBe(vector?.stringToSign)
    expect(hmac(vector?.signKey ?? '', stringToSign)).toBe(vector?.signature)
    // Ours, with a key that can be printed, computes the same way.
    expect(signText(stringToSign, '1;2', 'secret')).toBe(hmac(hmac('secret', '1;2'), stringToSign))
  })
})

describe('refused, and the old object stays', () => {
  beforeAll(async () => {
    await postFile(signedForm({ key: 'kept' }), 'the old object')
  })

  const kept = (options: FormOptions = {}) => signedForm({ key: 'kept', ...options })
  const without = (name: string) => {
    const { [name]: _, ...rest } = kept()
    return rest
  }
  const denied = { status: 403, code: 'AccessDenied' }

  test.each([
    ['no signature', () => ({ key: 'kept' }), { ...denied, message: 'Access Denied.' }],
    [
      'another key',
      () => kept({ conditions: [['eq', '$key', 'other']] }),
      { ...denied, message: "Condition key key doesn't match the value other" },
    ],
    ['another prefix', () => kept({ conditions: [['starts-with', '$key', 'users/']] }), denied],
    [
      'another type',
      () => ({
        ...kept({ conditions: [['starts-with', '$Content-Type', 'image/']] }),
        'Content-Type': 'text/html',
      }),
      { ...denied, message: "Condition key content-type doesn't match the value image/" },
    ],
    ['a missing field', () => kept({ conditions: [{ acl: 'private' }] }), denied],
    [
      'a prefix of what is matched exactly',
      () => kept({ conditions: [['starts-with', '$x-cos-storage-class', '']] }),
      { status: 400, code: 'InvalidPolicyDocument' },
    ],
    ['another bucket', () => kept({ conditions: [{ bucket: 'other-1' }] }), denied],
    [
      'too large',
      () => kept({ conditions: [['content-length-range', 0, 5]] }),
      { status: 400, code: 'EntityTooLarge' },
    ],
    [
      'too small',
      () => kept({ conditions: [['content-length-range', 7, 9]] }),
      { status: 400, code: 'EntityTooSmall' },
    ],
    [
      'an expired policy',
      () => kept({ expiration: Date.now() - 1000 }),
      { ...denied, message: expect.stringContaining('You post object request has been expired') },
    ],
    [
      'an expired signature',
      () => kept({ time: '1;2' }),
      { ...denied, message: 'Request has expired' },
    ],
    [
      'an unknown key id',
      () => kept({ secretId: 'someone' }),
      { status: 403, code: 'InvalidAccessKeyId' },
    ],
    [
      'a wrong key',
      () => kept({ secretKey: 'wrong' }),
      { status: 403, code: 'SignatureDoesNotMatch' },
    ],
    [
      'another policy than was signed',
      () => ({ ...kept(), policy: kept({ conditions: [{ key: 'kept' }] })['policy'] ?? '' }),
      { status: 403, code: 'SignatureDoesNotMatch' },
    ],
    [
      'another time than was signed',
      () => ({ ...kept(), 'q-key-time': validTime(Date.now() + 5000) }),
      { status: 403, code: 'SignatureDoesNotMatch' },
    ],
    ['no q-signature', () => without('q-signature'), { status: 400, code: 'InvalidArgument' }],
    ['no key', () => without('key'), { status: 400, code: 'MalformedPOSTRequest' }],
    ['an empty key', () => ({ ...kept(), key: '' }), { status: 400, code: 'InvalidObjectName' }],
    [
      'a wrong digest',
      () => ({ ...kept(), 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' }),
      { status: 400, code: 'BadDigest' },
    ],
    [
      'a public ACL',
      () => ({ ...kept(), acl: 'public-read' }),
      { status: 501, code: 'NotImplemented' },
    ],
    [
      'a control character in metadata',
      () => ({ ...kept(), 'x-cos-meta-a': 'a\u0007b' }),
      { status: 400, code: 'InvalidArgument' },
    ],
  ])('%s', async (_, fields, expected) => {
    expect(await postFile(fields())).toMatchObject(expected)
    expect((await get('/kept')).text).toBe('the old object')
  })

  test.each([
    ['no conditions', { expiration: '2099-01-01T00:00:00Z', conditions: [] }],
    ['no condition on q-ak', { expiration: '2099-01-01T00:00:00Z', conditions: [{ key: 'kept' }] }],
    ['no JSON', 'x'],
  ])('a policy with %s', async (_, document) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    const form = kept()
    const sha1 = createHash('sha1').update(text).digest('hex')
    const fields = {
      ...form,
      policy: Buffer.from(text).toString('base64'),
      'q-signature': hmac(hmac(SECRET_KEY, form['q-key-time'] ?? ''), sha1),
    }
    expect(await postFile(fields)).toMatchObject({ status: 400, code: 'InvalidPolicyDocument' })
  })

  test.each([
    ['no file', () => formBody(kept(), []), 'IncorrectNumberOfFilesInPostRequest'],
    [
      'a file in another field',
      () => formBody(kept(), [['upload', 'a', 'x']]),
      'IncorrectNumberOfFilesInPostRequest',
    ],
    [
      'two files',
      () =>
        formBody(kept(), [
          ['file', 'a', 'x'],
          ['file', 'b', 'y'],
        ]),
      'IncorrectNumberOfFilesInPostRequest',
    ],
    ['no end', () => formBody(kept(), [['file', 'a', 'x']], ''), 'MalformedPOSTRequest'],
    ['a body that is no form', () => Buffer.from('hello'), 'MalformedPOSTRequest'],
    ['an empty body', () => Buffer.alloc(0), 'MalformedPOSTRequest'],
    [
      'a field given twice',
      () =>
        Buffer.concat([formBody({ key: 'other' }, [], ''), formBody(kept(), [['file', 'a', 'x']])]),
      'MalformedPOSTRequest',
    ],
  ])('%s', async (_, body, code) => {
    expect(await post(body())).toMatchObject({ status: 400, code })
    expect((await get('/kept')).text).toBe('the old object')
  })

  test('a form to the URL of an object is refused as one, its path as the Resource', async () => {
    const answer = await post(Buffer.from('hello'), {}, '/avatar/a.jpg')
    expect(answer).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' })
    expect(answer.text).toContain('<Resource>/avatar/a.jpg</Resource>')
    const other = formBody(kept({ conditions: [['eq', '$key', 'other']] }), [['file', 'a', 'x']])
    expect(await post(other, {}, '/kept')).toMatchObject(denied)
    expect((await get('/kept')).text).toBe('the old object')
  })

  test('a form to a presigned PUT URL, which has no fields', async () => {
    const url = presign({ method: 'PUT', path: '/kept' })
    const answer = await post(formBody({}, [['file', 'a', 'x']]), {}, url)
    expect(answer).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' })
    expect((await get('/kept')).text).toBe('the old object')
  })

  test('a form to a sub-resource is none', async () => {
    const body = formBody(kept(), [['file', 'a', 'x']])
    expect(await post(body, {}, '/kept?uploads')).toMatchObject(denied)
  })

  test('no boundary', async () => {
    const answer = await post(Buffer.from('x'), { 'Content-Type': 'multipart/form-data' })
    expect(answer).toMatchObject({ status: 400, code: 'MalformedPOSTRequest' })
  })
})

test('a temporary key posts where its policy allows', async () => {
  const key = await temporaryKey(cloud.port, {
    effect: 'allow',
    action: 'name/cos:PostObject',
    resource: `${RESOURCE}users/1/*`,
    condition: { string_like: { 'cos:content-type': 'image/*' } },
  })
  const form = (path: string, type: string) => ({
    ...signedForm({ key: path, ...key }),
    'x-cos-security-token': key.token,
    'Content-Type': type,
  })
  expect((await postFile(form('users/1/a', 'image/png'))).status).toBe(204)
  expect(await postFile(form('users/2/a', 'image/png'))).toMatchObject({
    status: 403,
    code: 'AccessDenied',
  })
  expect(await postFile(form('users/1/a', 'text/html'))).toMatchObject({
    status: 403,
    code: 'AccessDenied',
  })
  const { 'x-cos-security-token': _, ...unaccompanied } = form('users/1/a', 'image/png')
  expect(await postFile(unaccompanied)).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' })
})
