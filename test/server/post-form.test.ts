import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { startLocalStack, type LocalStack } from './local-stack'

const MAX_BYTES = 1000

let stack: LocalStack
let prefix = ''

beforeAll(async () => {
  stack = await startLocalStack({ MAX_UPLOAD_BYTES: String(MAX_BYTES) })
  prefix = stack.user.prefix
})
afterAll(() => stack.stop())

const ask = (body: unknown) => stack.ask('/post-form', body)

interface Form {
  url: string
  fields: Record<string, string>
}

async function formFor(body: object): Promise<Form> {
  const answer = await ask(body)
  expect(answer.status).toBe(200)
  return answer.body
}

/** Sends the fields in order, then the file. */
async function send({ url, fields }: Form, content = 'hello', changes: object = {}) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, value)
  form.append('file', new Blob([content]), 'chosen.txt')
  const response = await fetch(url, { method: 'POST', body: form })
  return { status: response.status, text: await response.text() }
}

async function read(key: string) {
  const { body } = await stack.ask('/presign', { method: 'GET', key })
  const response = await fetch(body.url)
  return [response.headers.get('content-type'), await response.text()]
}

test('answers the fields in order, without the file', async () => {
  const { status, body } = await ask({ key: `${prefix}a.png`, contentType: 'image/png' })
  expect(status).toBe(200)
  expect(body).toEqual({
    url: `${stack.cloudUrl}/`,
    fields: expect.objectContaining({ key: `${prefix}a.png`, 'Content-Type': 'image/png' }),
    expiresAt: expect.any(Number),
    serverTime: expect.any(Number),
  })
  expect(body.expiresAt - body.serverTime).toBeLessThanOrEqual(900)
  const { body: brief } = await ask({ key: `${prefix}a.png`, expires: 60 })
  expect(brief.expiresAt - brief.serverTime).toBeLessThanOrEqual(60)
  const { body: long } = await ask({ key: `${prefix}a.png`, expires: 86_400 })
  expect(long.expiresAt - long.serverTime).toBeLessThanOrEqual(900)
})

describe('the form', () => {
  test.each(['照片/a b+c (1)&100%41.png', 'any*name', '${uin}'])('writes %s', async (name) => {
    const key = prefix + name
    const form = await formFor({ key, contentType: 'text/plain', maxBytes: 5 })
    expect((await send(form)).status).toBe(204)
    expect(await read(key)).toEqual(['text/plain', 'hello'])
  })

  test('takes as many bytes as it names, or as the server allows, and not one more', async () => {
    const key = `${prefix}size.txt`
    const small = await formFor({ key, maxBytes: 5 })
    expect((await send(small, '12345')).status).toBe(204)
    expect(await send(small, '123456')).toMatchObject({
      status: 400,
      text: expect.stringContaining('<Code>EntityTooLarge</Code>'),
    })
    const largest = await formFor({ key })
    expect((await send(largest, 'x'.repeat(MAX_BYTES))).status).toBe(204)
    expect((await send(largest, 'x'.repeat(MAX_BYTES + 1))).status).toBe(400)
    expect((await send(await formFor({ key, maxBytes: 0 }), '')).status).toBe(204)
  })

  test.each<[string, () => Record<string, string>]>([
    ['the key of another user', () => ({ key: `users/${'0'.repeat(32)}/a.txt` })],
    ['another key of the user', () => ({ key: `${prefix}other.txt` })],
    ['another type', () => ({ 'Content-Type': 'text/html' })],
    ['another ACL', () => ({ acl: 'public-read' })],
    ['another policy', () => ({ policy: Buffer.from('{}').toString('base64') })],
  ])('is refused with %s', async (_name, changes) => {
    const form = await formFor({ key: `${prefix}pinned.txt`, contentType: 'text/plain' })
    expect((await send(form, 'hello', changes())).status).toBe(403)
  })
})

test('more than the server allows is refused, and the limit told', async () => {
  const { status, body } = await ask({ key: `${prefix}a.txt`, maxBytes: MAX_BYTES + 1 })
  expect(status).toBe(413)
  expect(body).toEqual({
    error: {
      code: 'FILE_TOO_LARGE',
      message: 'Uploads take at most 1000 bytes',
      detail: '1000',
    },
  })
})

test.each<[string, () => object, number, string]>([
  ['the key of another user', () => ({ key: `users/${'0'.repeat(32)}/a` }), 403, 'KEY_NOT_ALLOWED'],
  ['the prefix for a key', () => ({ key: prefix }), 403, 'KEY_NOT_ALLOWED'],
  ['no key', () => ({ key: undefined }), 400, 'INVALID_REQUEST'],
  ['${filename} in the key', () => ({ key: `${prefix}\${filename}` }), 400, 'INVALID_REQUEST'],
  ['a segment ..', () => ({ key: `${prefix}../a` }), 400, 'INVALID_REQUEST'],
  ['a line break in the type', () => ({ contentType: 'a/b\r\nc: d' }), 400, 'INVALID_REQUEST'],
  ['half a surrogate pair', () => ({ contentType: 'a/\ud83d' }), 400, 'INVALID_REQUEST'],
  ['an empty type', () => ({ contentType: '' }), 400, 'INVALID_REQUEST'],
  ['a negative size', () => ({ maxBytes: -1 }), 400, 'INVALID_REQUEST'],
  ['half a byte', () => ({ maxBytes: 1.5 }), 400, 'INVALID_REQUEST'],
  ['a size in words', () => ({ maxBytes: '5' }), 400, 'INVALID_REQUEST'],
  ['no lifetime', () => ({ expires: 0 }), 400, 'INVALID_REQUEST'],
  ['more than a day', () => ({ expires: 86_401 }), 400, 'INVALID_REQUEST'],
  ['a prefix to choose from', () => ({ keyPrefix: prefix }), 400, 'INVALID_REQUEST'],
  ['an ACL', () => ({ acl: 'public-read' }), 400, 'INVALID_REQUEST'],
])('refuses %s', async (_name, body, status, code) => {
  const answer = await ask({ key: `${prefix}a.txt`, ...body() })
  expect([answer.status, answer.body.error.code]).toEqual([status, code])
})
